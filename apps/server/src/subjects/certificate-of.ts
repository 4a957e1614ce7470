import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Problem } from '#host';
import {
  linkedSubjects,
  momentOf,
  reportedDestructions,
  type ControllerId,
  type EventOf,
  type Position,
  type Recorded,
} from '#ledger';
import type { Certificate, ProvenEntry } from '#report';
import { Destructions, Ledger, TransparencyLog } from '#store';
import type { Moment } from './moment.js';
import { PersonReader } from './person-reader.js';
import { entryAt } from './proven.js';

type Destruction = EventOf<'destroyed'> | EventOf<'depersonalised'>;
type Evidence = NonNullable<Destruction['data']['evidence']>;

/** A destruction that Depter carried out or followed, in the list of them. */
export interface DestructionRow {
  readonly event: string;
  readonly position: Position;
  readonly act: Certificate['act'];
  readonly items: readonly string[] | 'all';
  readonly at: string;
  /** Somebody else carried it out and reported it; Depter's own copy followed. */
  readonly reported?: true;
}

/** The destructions of a person that Depter carried out or followed, in order of position. */
export class DestructionsOf extends Query<readonly DestructionRow[]> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly moment: Moment,
  ) {
    super();
  }
}

/** What certifies one of them; of what an emitter reported, as soon as Depter's own copy is gone. */
export class CertificateOf extends Query<Certificate> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly event: string,
    readonly moment: Moment,
  ) {
    super();
  }
}

@QueryHandler(DestructionsOf)
export class DestructionsOfHandler implements IQueryHandler<DestructionsOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly destructions: Destructions,
  ) {}

  async execute({ controller, subject, moment }: DestructionsOf): Promise<readonly DestructionRow[]> {
    const done = await ended(this.people, this.destructions, controller, subject, moment);
    return done.map(({ event, position, evidence }) => ({
      event: event.id,
      position,
      act: event.type,
      items: event.data.items,
      at: event.at,
      ...(evidence === null && { reported: true }),
    }));
  }
}

@QueryHandler(CertificateOf)
export class CertificateOfHandler implements IQueryHandler<CertificateOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly destructions: Destructions,
    private readonly ledger: Ledger,
    private readonly log: TransparencyLog,
  ) {}

  async execute({ controller, subject, event: id, moment }: CertificateOf): Promise<Certificate> {
    const all = await ended(this.people, this.destructions, controller, subject, moment);
    const outcome = all.find(({ event }) => event.id === id);
    if (outcome === undefined) throw new Problem('not-found');
    const { event, evidence } = outcome;
    const intent = evidence && (await this.ledger.event(controller, evidence.intent as Parameters<Ledger['event']>[1]));
    const { verifierKey, prove } = await this.proving(controller);
    if (intent === undefined) throw new Problem('unavailable');
    return {
      controller,
      subject: event.subject!,
      event: event.id,
      act: event.type,
      items: event.data.items,
      method: event.type === 'destroyed' ? event.data.method : null,
      at: event.at,
      recorded: event.recorded,
      evidence,
      intent: intent && (await prove(intent)),
      outcome: await prove(outcome),
      verifierKey,
    };
  }

  /** Of the log's latest generation, under which all receipts are made. */
  private async proving(controller: ControllerId): Promise<{
    readonly verifierKey: string;
    readonly prove: (recorded: Recorded) => Promise<ProvenEntry>;
  }> {
    let verifierKey: string | undefined;
    for (let generation = 1; ; generation++) {
      const next = await this.log.verifierKey(controller, generation);
      if (next === undefined) break;
      verifierKey = next;
    }
    if (verifierKey === undefined) throw new Problem('not-found');
    const prove = async ({ position }: Recorded): Promise<ProvenEntry> => {
      const receipt = await this.log.receipt(controller, position);
      if (receipt === undefined) throw new Problem('unavailable', {}, { 'retry-after': '1' });
      return { position, entry: await entryAt(this.ledger, controller, position), receipt };
    };
    return { verifierKey, prove };
  }
}

/** `evidence` is null of what somebody else reported. */
type Ended = Recorded & { readonly event: Destruction; readonly evidence: Evidence | null };

async function ended(
  people: PersonReader,
  destructions: Destructions,
  controller: ControllerId,
  subject: string,
  moment: Moment,
): Promise<readonly Ended[]> {
  const { record, rulebook } = await people.open(controller, subject);
  const at = momentOf(record, rulebook, moment);
  const linked = linkedSubjects(record, at);
  const carriedOut = record.dossiers
    .filter((dossier) => linked.has(dossier.subject))
    .flatMap(({ events }) => events)
    .flatMap((recorded): Ended[] => {
      const { event, position } = recorded;
      if ((event.type !== 'destroyed' && event.type !== 'depersonalised') || position >= at.before) return [];
      const { evidence } = event.data;
      return evidence === undefined ? [] : [{ ...recorded, event, evidence }];
    });
  const followed: Ended[] = [];
  for (const reported of reportedDestructions(record, at)) {
    const [owed] = await destructions.owed(controller, reported.position, 1);
    if (owed?.event !== reported.event.id) followed.push({ ...reported, evidence: null });
  }
  return [...carriedOut, ...followed].sort((a, b) => a.position - b.position);
}
