import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { evidence, type ControllerId, type Evidence, type Position } from '#ledger';
import { TransparencyLog } from '#store';
import { latestCheckpoint } from './latest-checkpoint.js';
import { knownAt, type Moment } from './moment.js';
import { PersonReader } from './person-reader.js';
import { proven, type ProvenTrailRow } from './proven.js';

/** What was done to one person and which duties ran, with its proofs; values and texts for nobody. */
export interface EvidenceAnswer extends Omit<Evidence, 'entries'> {
  readonly asKnown: Position | string;
  readonly entries: readonly Omit<ProvenTrailRow, 'receipt'>[];
  readonly checkpoint: string | null;
  readonly receipts: readonly { readonly position: Position; readonly receipt: string | null }[];
}

export class EvidenceOf extends Query<EvidenceAnswer> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly moment: Moment,
  ) {
    super();
  }
}

@QueryHandler(EvidenceOf)
export class EvidenceOfHandler implements IQueryHandler<EvidenceOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly log: TransparencyLog,
  ) {}

  async execute({ controller, subject, moment }: EvidenceOf): Promise<EvidenceAnswer> {
    const { record, rulebook, latest } = await this.people.open(controller, subject);
    const shown = evidence(record, rulebook, { asOf: moment.asOf, asKnown: moment.asKnown });
    const rows = await proven(this.log, controller, record, shown.entries);
    return {
      asKnown: knownAt(moment, latest),
      ...shown,
      entries: rows.map((row) => {
        const { receipt: _, ...rest } = row;
        return rest;
      }),
      checkpoint: await latestCheckpoint(this.log, controller),
      receipts: rows.map(({ position, receipt }) => ({ position, receipt })),
    };
  }
}
