import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Problem } from '#host';
import { evidence, evidenceOn, type ControllerId, type Evidence, type Position } from '#ledger';
import { latestGeneration } from '#roles';
import { Ledger, TransparencyLog } from '#store';
import { latestCheckpoint } from './latest-checkpoint.js';
import { knownAt, type Moment } from './moment.js';
import { PersonReader } from './person-reader.js';
import { proven, type ProvenTrailRow } from './proven.js';

/** What was done to one person, or what bears on one complaint of theirs, with its proofs; values and texts for nobody. */
export interface EvidenceAnswer extends Omit<Evidence, 'entries'> {
  readonly asKnown: Position | string;
  readonly entries: readonly Omit<ProvenTrailRow, 'receipt'>[];
  readonly checkpoint: string | null;
  /** The latest checkpoint that witnesses cosigned: entries below its size are vouched for by others than the controller. */
  readonly cosigned: { readonly size: number; readonly at: string } | null;
  readonly receipts: readonly { readonly position: Position; readonly receipt: string | null }[];
}

export class EvidenceOf extends Query<EvidenceAnswer> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly moment: Moment,
    /** Depter's reference of a request or dispute. */
    readonly request: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(EvidenceOf)
export class EvidenceOfHandler implements IQueryHandler<EvidenceOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
  ) {}

  async execute({ controller, subject, moment, request }: EvidenceOf): Promise<EvidenceAnswer> {
    const { record, rulebook, latest } = await this.people.open(controller, subject);
    const at = { asOf: moment.asOf, asKnown: moment.asKnown };
    const shown = request === undefined ? evidence(record, rulebook, at) : evidenceOn(request, record, rulebook, at);
    if (shown === undefined) throw new Problem('not-found');
    const rows = await proven(this.ledger, this.log, controller, shown.entries);
    return {
      asKnown: knownAt(moment, latest),
      ...shown,
      entries: rows.map((row) => {
        const { receipt: _, ...rest } = row;
        return rest;
      }),
      checkpoint: await latestCheckpoint(this.log, controller),
      cosigned: await this.cosigned(controller),
      receipts: rows.map(({ position, receipt }) => ({ position, receipt })),
    };
  }

  private async cosigned(controller: ControllerId): Promise<EvidenceAnswer['cosigned']> {
    const generation = await latestGeneration(this.log, controller);
    const kept = generation === undefined ? undefined : await this.log.cosigned(controller, generation);
    if (kept === undefined) return null;
    return { size: kept.size, at: new Date(kept.cosignedMs ?? 0).toISOString() };
  }
}
