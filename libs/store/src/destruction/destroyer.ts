/** Carries out destructions, on any engine: the order of the steps, and what is recorded between them. */
import type { ControllerId, EventId, EventOf, OwnAction, Position, StoredEvent, SubjectRef } from '#ledger';
import {
  Destructions, type DestructionAct, type DestructionOrder, type DestructionOutcome, type Erasure, type Following, type Owed,
} from '../destructions.js'; // prettier-ignore
import { Keys, StoreFailure, type Clock, type Ledger, type Outcome, type TransparencyLog } from '../ports.js';
import type { Controller, RulesOf } from '../sealing/controller.js';
import { idText } from '../sealing/mint.js';
import { eventName } from '../sealing/naming.js';
import { DIGEST_LABEL, TEXT_LABEL } from '../sealing/seal.js';
import type { DestructionJournal } from './journal.js';
import { laterOf } from './late.js';
import { newRun, type Run, type RunErasure, type RunLabel, type Runs } from './run.js';

/** What commands are made of, with their key (`wire.md`, Stored event): for ever. */
const COMMAND_SOURCE = 'urn:depter:command';

/** A run that failed is tried again after so long, as long as the store is open. */
const AGAIN_MS = 10_000;
/** Runs that another process may have left behind are looked for this often. */
const LOOK_MS = 30_000;

export interface DestroyerParts {
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly rulesOf: RulesOf;
  readonly controller: (id: ControllerId) => Promise<Controller | undefined>;
  /** Where what was done is copied to before it is acknowledged. */
  readonly journal?: DestructionJournal | undefined;
}

/** What became of a run, and whom it left out. */
interface Carried {
  readonly outcome: DestructionOutcome;
  readonly leftOut: readonly SubjectRef[];
}

export class Destroyer extends Destructions {
  readonly #parts: DestroyerParts;
  readonly #under = new Map<string, Promise<Carried>>();
  #again: NodeJS.Timeout | undefined;
  #watching: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: DestroyerParts) {
    super();
    this.#parts = parts;
  }

  override async commandId(id: ControllerId, key: string): Promise<EventId> {
    const controller = await this.#controller(id);
    return idText(eventName(controller.intakeKey, COMMAND_SOURCE, key, 0)) as EventId;
  }

  override async destroy(controller: ControllerId, order: DestructionOrder): Promise<DestructionOutcome> {
    await this.#controller(controller);
    const { act } = order;
    const event = act.event;
    if (event !== undefined) {
      const there = await this.#parts.ledger.event(controller, event);
      if (there !== undefined) {
        if (!isSame(act, there.event)) return { kind: 'conflict' };
        return { kind: 'repeated', event, position: there.position, subject: act.subject! };
      }
    }
    const run = newRun({
      id: event,
      act,
      expecting: order.expecting === undefined ? null : [...order.expecting],
      zone: this.#zoneOf(controller),
      facts: [],
      ended: act.data.items === 'all' ? order.dossiers : [],
      erased: await this.#erasures(controller, erasuresOf(order)),
    });
    return this.carry(controller, run);
  }

  override owed(controller: ControllerId, from: Position, limit: number): Promise<readonly Owed[]> {
    return this.#parts.runs.owed(controller, from, limit);
  }

  override alone<T>(controller: ControllerId, work: () => Promise<T>): Promise<T | undefined> {
    return this.#parts.runs.alone(controller, work);
  }

  override async follow(controller: ControllerId, people: readonly Following[]): Promise<readonly SubjectRef[]> {
    const ended = new Set(people.flatMap((one) => one.ended));
    const erased = people.flatMap((one) => one.erased).filter(({ dossier }) => !ended.has(dossier));
    const run = newRun({
      act: null,
      expecting: null,
      zone: this.#zoneOf(controller),
      parts: people.map((one) => ({
        person: one.person,
        expecting: [...one.expecting],
        facts: one.facts,
        ended: one.ended,
        erased: [...new Set(one.erased.map(({ dossier }) => dossier))],
      })),
      facts: people.flatMap(({ facts }) => facts),
      ended: [...ended],
      erased: await this.#erasures(controller, erased),
    });
    return (await this.#carried(controller, run)).leftOut;
  }

  #zoneOf(controller: ControllerId): string {
    return this.#parts.rulesOf(controller)?.zone ?? 'UTC';
  }

  /** Carries out a new run, or the one that is kept under its id. */
  async carry(controller: ControllerId, run: Run): Promise<DestructionOutcome> {
    return (await this.#carried(controller, run)).outcome;
  }

  async #carried(controller: ControllerId, run: Run): Promise<Carried> {
    const under = this.#under.get(run.id);
    if (under === undefined && (await this.#parts.runs.keep(controller, run))) return this.#go(controller, run);
    const kept = await this.#parts.runs.kept(controller, run.id);
    if (kept === undefined) return under ?? this.#carried(controller, run);
    if (run.act !== null && kept.act !== null && !isSame(run.act, { ...kept.act, type: kept.act.name }))
      return { outcome: { kind: 'conflict' }, leftOut: [] };
    return this.#go(controller, kept);
  }

  /** Whether a controller has a log: nothing lies anywhere of one that has none. */
  async knows(controller: ControllerId): Promise<boolean> {
    return (await this.#parts.controller(controller)) !== undefined;
  }

  /** Goes on with all that was begun. What fails is tried again later. */
  async resume(): Promise<void> {
    try {
      for (const { controller, run } of await this.#parts.runs.all()) await this.#go(controller, run);
    } catch (failure) {
      if (!(failure instanceof StoreFailure)) throw failure;
      this.#later();
    }
  }

  /**
   * Looks again and again for runs that another process has begun and not ended: one that is met a second time, half a
   * minute later, has been left behind.
   */
  watch(): void {
    let seen = new Set<string>();
    this.#watching = setInterval(() => {
      void this.#parts.runs.all().then(
        (all) => {
          for (const { controller, run } of all) {
            if (seen.has(run.id)) this.#go(controller, run).catch(() => this.#later());
          }
          seen = new Set(all.map(({ run }) => run.id));
        },
        () => undefined,
      );
    }, LOOK_MS);
    this.#watching.unref();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watching);
    clearTimeout(this.#again);
  }

  #later(): void {
    if (this.#closed || this.#again !== undefined) return;
    this.#again = setTimeout(() => {
      this.#again = undefined;
      void this.resume();
    }, AGAIN_MS);
    this.#again.unref();
  }

  /** One at a time for each run. */
  #go(controller: ControllerId, run: Run): Promise<Carried> {
    const under = this.#under.get(run.id);
    if (under !== undefined) return under;
    const going = this.#steps(controller, run)
      .catch(async (failure: unknown) => {
        // Another process has brought it to its end meanwhile.
        const done = run.act === null ? undefined : await this.#parts.ledger.event(controller, run.id);
        if (done !== undefined && (await this.#parts.runs.kept(controller, run.id)) === undefined) {
          const { position } = done;
          const outcome = { kind: 'repeated', event: run.id, position, subject: run.act!.subject! } as const;
          return { outcome, leftOut: [] };
        }
        this.#later();
        throw failure;
      })
      .finally(() => this.#under.delete(run.id));
    this.#under.set(run.id, going);
    return going;
  }

  async #steps(controller: ControllerId, ordered: Run): Promise<Carried> {
    const { runs } = this.#parts;
    let run = ordered;
    if (!(await this.#intend(controller, run))) {
      await runs.forget(controller, run);
      return { outcome: { kind: 'changed' }, leftOut: [] };
    }
    run = await runs.shred(controller, run);
    run = await runs.sweep(controller, run);
    const outcome = await this.#conclude(controller, run);
    const { journal } = this.#parts;
    if (journal !== undefined) journal.append({ controller, run, checkpoint: await this.#checkpoint(controller) });
    await runs.forget(controller, run);
    return { outcome, leftOut: run.leftOut ?? [] };
  }

  /** Records the intent; false where what it was decided on has grown, and then nothing was done. */
  async #intend(controller: ControllerId, { act, intent, expecting }: Run): Promise<boolean> {
    if (act === null) return true;
    const { subject, by, at, data } = act;
    const { items, request } = data;
    const destroying: OwnAction = {
      kind: 'own', name: 'destroying', event: intent, subject, by, at, data: { items, ...(request !== undefined && { request }) },
    }; // prettier-ignore
    try {
      await this.#record(controller, destroying, expecting === null ? {} : { expecting: new Map(expecting) });
      return true;
    } catch (failure) {
      if (failure instanceof StoreFailure && failure.code === 'changed') return false;
      throw failure;
    }
  }

  async #conclude(controller: ControllerId, run: Run): Promise<DestructionOutcome> {
    const { act, id } = run;
    if (act === null) return { kind: 'recorded', event: id, position: 0, subject: '' as SubjectRef };
    const evidence = await this.#evidence(controller, run);
    const done = { ...act, event: id, data: { ...act.data, evidence } } as OwnAction;
    const { kind, position } = await this.#record(controller, done, {});
    return { kind, event: id, position, subject: act.subject! };
  }

  async #evidence(controller: ControllerId, run: Run): Promise<EventOf<'destroyed'>['data']['evidence']> {
    // Origin, size and root stand in its first three lines (C2SP tlog-checkpoint).
    const [, size, root] = (await this.#checkpoint(controller)).split('\n');
    if (size === undefined || root === undefined)
      throw new StoreFailure('corrupt', 'a log without a checkpoint', false);
    return {
      ...run.counts,
      intent: run.intent,
      keys: [...run.keys],
      root: Buffer.from(root, 'base64').toString('base64url'),
      shredded: new Date(run.shreddedMs).toISOString(),
      size: Number(size),
      swept: new Date(run.sweptMs).toISOString(),
    };
  }

  async #checkpoint(controller: ControllerId): Promise<string> {
    const { generation } = await this.#controller(controller);
    return (await this.#parts.log.checkpoint(controller, generation)) ?? '';
  }

  async #record(
    controller: ControllerId,
    action: OwnAction,
    options: Parameters<Ledger['record']>[2],
  ): Promise<Extract<Outcome, { readonly kind: 'recorded' | 'repeated' }>> {
    const [outcome] = await this.#parts.ledger.record(controller, [action], { ...options, wait: true });
    if (outcome?.kind === 'recorded' || outcome?.kind === 'repeated') return outcome;
    if (outcome?.kind === 'unwritable') throw outcome.failure;
    throw new RangeError(`an event of Depter’s own was ${outcome?.kind}`);
  }

  async #erasures(
    controller: ControllerId,
    erasures: readonly (Erasure & { readonly at: string | null })[],
  ): Promise<Pick<RunErasure, 'dossier' | 'labels'>[]> {
    const zone = this.#zoneOf(controller);
    const byDossier = new Map<SubjectRef, Map<string, RunLabel>>();
    for (const { dossier, item, surviving = [], at } of erasures) {
      const labels = byDossier.get(dossier) ?? new Map<string, RunLabel>();
      byDossier.set(dossier, labels);
      for (const label of await this.#parts.runs.labelsOf(controller, itemLabel(item))) {
        const before = labels.get(label);
        labels.set(
          label,
          before === undefined ? { label, surviving, at } : both(before, { label, surviving, at }, zone),
        );
      }
    }
    return [...byDossier].map(([dossier, labels]) => ({ dossier, labels: [...labels.values()] }));
  }

  async #controller(id: ControllerId): Promise<Controller> {
    const controller = await this.#parts.controller(id);
    if (controller === undefined) throw new StoreFailure('unavailable', 'the controller has no log', false);
    return controller;
  }
}

/** With somebody else, values lie that came of other people too: of those that come later none goes. */
function erasuresOf({ act, dossiers, others = [] }: DestructionOrder): (Erasure & { readonly at: string | null })[] {
  const { at, data } = act;
  const { items } = data;
  const own = items === 'all' ? [] : dossiers.flatMap((dossier) => items.map((item) => ({ dossier, item, at })));
  return [...own, ...others.map((one) => ({ ...one, at: null }))];
}

/** Two destructions of one label: a value stays where both let it. */
function both(a: RunLabel, b: RunLabel, zone: string): RunLabel {
  const at = a.at === null || b.at === null ? (a.at ?? b.at) : laterOf(a.at, b.at, zone);
  if (a.surviving === b.surviving) return { ...a, at };
  const others = new Set(b.surviving);
  return { label: a.label, surviving: a.surviving.filter((event) => others.has(event)), at };
}

function itemLabel(item: string): string {
  if (item === '' || item === TEXT_LABEL || item === DIGEST_LABEL) throw new RangeError('not an item');
  return item;
}

/** Whether an event says what is ordered: not when, which a second order cannot know. */
function isSame(act: DestructionAct, { type, subject, data }: Pick<StoredEvent, 'type' | 'subject' | 'data'>): boolean {
  const { evidence: _, ...words } = data as DestructionAct['data'];
  return type === act.name && subject === act.subject && wordsOf(words) === wordsOf(act.data);
}

function wordsOf(data: object): string {
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Shredding by itself: a run that records nothing. */
export class ShreddingKeys extends Keys {
  readonly #runs: Runs;
  readonly #destroyer: Destroyer;

  constructor(runs: Runs, destroyer: Destroyer) {
    super();
    this.#runs = runs;
    this.#destroyer = destroyer;
  }

  override async shredDossier(controller: ControllerId, subject: SubjectRef): Promise<void> {
    await this.#carry(controller, { ended: [subject], erased: [] });
  }

  override async shredItem(controller: ControllerId, subject: SubjectRef, item: string): Promise<void> {
    const labels = await this.#runs.labelsOf(controller, itemLabel(item));
    const erased = [{ dossier: subject, labels: labels.map((label) => ({ label, surviving: [], at: null })) }];
    await this.#carry(controller, { ended: [], erased });
  }

  async #carry(controller: ControllerId, order: Pick<Parameters<typeof newRun>[0], 'ended' | 'erased'>): Promise<void> {
    if (!(await this.#destroyer.knows(controller))) return;
    await this.#destroyer.carry(controller, newRun({ ...order, act: null, expecting: null, zone: 'UTC', facts: [] }));
  }
}
