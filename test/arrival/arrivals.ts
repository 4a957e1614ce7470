/** A store in a folder of its own for arrivals, and what it answers about a person, with references told by their order. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controllers, SettableClock } from '#host';
import {
  clocks, controllerId, findings, lineage, linkedSubjects, momentOf, ranked, readAction, type Action, type AsKnown, type Person, type PersonRecord, type Resolvers, type SubjectRef,
} from '#ledger'; // prettier-ignore
import type { Rulebook } from '#packs';
import { openEmbedded, type EmbeddedStore, type Outcome } from '#store';
import { PersonReader } from '../../apps/server/src/subjects/person-reader.js';
import { AS_OF, type Act } from './lives.js';

export const CONTROLLER = controllerId('kz.autosiyliq')!;
/** After every day of every life. */
const NOW = Date.parse('2026-11-01T00:00:00Z');

export class Arrivals {
  readonly recorded = new Map<string, number>();
  readonly #people: PersonReader;

  private constructor(
    private readonly dir: string,
    readonly store: EmbeddedStore,
    private readonly rulebook: Rulebook,
    controllers: Controllers,
  ) {
    this.#people = new PersonReader(store.ledger, store.vault, controllers);
  }

  static async inNewFolder(controllers: Controllers): Promise<Arrivals> {
    const dir = await mkdtemp(join(tmpdir(), 'depter-arrival-'));
    const clock = new SettableClock(NOW);
    const store = await openEmbedded({ dir, clock, rulebookFor: (controller) => controllers.rulebook(controller) });
    return new Arrivals(dir, store, controllers.rulebook(CONTROLLER)!, controllers);
  }

  async dispose(): Promise<void> {
    await this.store.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  size(): Promise<number> {
    return this.store.ledger.size(CONTROLLER);
  }

  /** Records a group. Throws where an action is answered as anything but recorded, or repeated at its own place. */
  async record(acts: readonly Act[]): Promise<void> {
    const outcomes = await this.store.ledger.record(
      CONTROLLER,
      acts.map((act) => this.#read(act)),
    );
    outcomes.forEach((outcome, i) => this.#note(acts[i]!.id, outcome));
  }

  #read(act: Act): Action {
    const read = readAction(act, { controller: CONTROLLER, now: NOW, zone: this.rulebook.zone });
    if (read.ok === undefined) throw new Error(`a life has a bad action: ${JSON.stringify([read.refusal, act])}`);
    return read.ok;
  }

  #note(id: string, outcome: Outcome): void {
    if (outcome.kind !== 'recorded' && outcome.kind !== 'repeated')
      throw new Error(`${id} was answered ${outcome.kind}`);
    const before = this.recorded.get(id);
    // The groups of one moment are answered in any order; what counts is that one place stands for an action.
    if (before !== undefined && before !== outcome.position) {
      throw new Error(`${id} was at ${before} and is at ${outcome.position}`);
    }
    this.recorded.set(id, outcome.position);
  }

  find(person: Person): Promise<SubjectRef | undefined> {
    return this.store.ledger.find(CONTROLLER, ranked(person));
  }

  /** Everything that a person is answered on several days, with texts and values, but for what says how it arrived. */
  async answers(person: Person): Promise<unknown> {
    const subject = await this.find(person);
    const record = subject && (await this.store.ledger.person(CONTROLLER, subject));
    if (record === undefined) return undefined;
    const views: unknown[] = [];
    for (const asOf of AS_OF) {
      const linked = linkedSubjects(record, momentOf(record, this.rulebook, { asOf, asKnown: undefined }));
      const resolvers = await this.#people.resolvers(CONTROLLER, record, linked, 'officer');
      views.push(this.#views(record, asOf, undefined, resolvers));
    }
    return normalised(views);
  }

  /** The same without what only the vault knows, which forgets: as known at a position, whenever it is asked. */
  async known(subject: SubjectRef, asKnown: AsKnown): Promise<unknown> {
    const record = await this.store.ledger.person(CONTROLLER, subject);
    if (record === undefined) throw new Error('a person who was found is not there');
    return normalised(AS_OF.map((asOf) => this.#views(record, asOf, asKnown, {})));
  }

  #views(record: PersonRecord, asOf: string, asKnown: AsKnown, resolvers: Resolvers): unknown {
    const at = { asOf, asKnown };
    const { items } = lineage(record, this.rulebook, at, resolvers);
    return {
      asOf,
      items,
      findings: findings(record, this.rulebook, at, resolvers),
      // An event's id is another in every store; of clocks that are the same but for it, any may stand first.
      clocks: clocks(record, this.rulebook, at).map((row) =>
        REFERENCE.test(row.trigger) ? { ...row, trigger: '' } : row,
      ),
    };
  }
}

const REFERENCE = /^[A-Za-z0-9_-]{22}$/;

/** References are random in every store: each becomes its number in order of appearance. */
export function normalised(value: unknown): unknown {
  const numbers = new Map<string, string>();
  const number = (text: string): string => {
    if (!REFERENCE.test(text)) return text;
    const known = numbers.get(text) ?? `reference ${numbers.size + 1}`;
    numbers.set(text, known);
    return known;
  };
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return number(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, field]) => [key, walk(field)]));
  };
  return walk(value);
}
