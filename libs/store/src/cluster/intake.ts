/**
 * Intake of one server: actions wait in bounded number, are accepted in batches, a call's one after another so that it
 * keeps its order, and are answered when the sequencer has placed them.
 */
import type { Action, OwnAction, Position } from '#ledger';
import { StoreFailure, type Clock, type Outcome, type RecordOptions } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import { idBytes } from '../sealing/mint.js';
import { BATCH_ACTIONS, type Acceptor } from './accept.js';
import type { Acceptance } from './acceptance.js';
import type { ClusterControllers } from './controllers.js';
import type { Placements } from './placements.js';

export interface ClusterLimits {
  /** Actions that may wait in this process, those under way included. */
  readonly queuedActions: number;
  readonly queuedBytes: number;
  /** Accepted events of a controller that may wait for the sequencer, whoever accepted them. */
  readonly pendingEvents: number;
  /** How long a call waits for its place before it is told `accepted`, where it may be. */
  readonly acceptedAfterMs: number;
  /** How long any call waits for its place at all. */
  readonly placedWithinMs: number;
}

export const CLUSTER_LIMITS: ClusterLimits = {
  queuedActions: 10_000,
  queuedBytes: 16 * 1024 * 1024,
  pendingEvents: 100_000,
  acceptedAfterMs: 5000,
  placedWithinMs: 60_000,
};

/** A failure is told until a batch succeeds, but no longer than this. */
const FAILING_MS = 10_000;
/** The events that wait for the sequencer are counted so often at most. */
const COUNT_MS = 1000;
const ACTION_OVERHEAD_BYTES = 512;
/** Batches of a controller under way: one is written while PostgreSQL has others. */
const BATCHES_AT_ONCE = 3;

type Placeable = Extract<Acceptance, { readonly kind: 'new' | 'repeated' }>;

interface Job {
  readonly controller: Controller;
  readonly actions: readonly (Action | OwnAction)[];
  readonly options: RecordOptions;
  readonly sender: Uint8Array | null;
  readonly bytes: number;
  readonly acceptances: Acceptance[];
  readonly positions: (Position | undefined)[];
  /** Actions taken into a batch, and those whose outcome is known but for a receipt. */
  next: number;
  settled: number;
  done: boolean;
  /** A part of it is under way, and more of it waits. */
  busy: boolean;
  timer: NodeJS.Timeout | undefined;
  readonly resolve: (outcomes: Promise<Outcome[]>) => void;
  readonly reject: (failure: unknown) => void;
}

export interface IntakeParts {
  readonly acceptor: Acceptor;
  readonly controllers: ClusterControllers;
  readonly placements: Placements;
  readonly clock: Clock;
  /** Accepted events of a controller without a place, counted up to the bound. */
  readonly countPending: (controller: Controller, most: number) => Promise<number>;
  readonly receipt: (controller: Controller, position: Position) => Promise<string | undefined>;
}

export class ClusterIntake {
  readonly #parts: IntakeParts;
  readonly #limits: ClusterLimits;
  readonly #jobs = new Map<number, Job[]>();
  /** Batches under way, by controller. */
  readonly #working = new Map<number, number>();
  readonly #open = new Set<Job>();
  readonly #counted = new Map<number, { readonly full: boolean; readonly untilMs: number }>();
  #queued = 0;
  #queuedBytes = 0;
  #lastRecorded: number;
  #waiting: (() => void)[] = [];
  #idle: (() => void)[] = [];
  #refusing: StoreFailure | undefined;
  #failing: { readonly failure: StoreFailure; readonly untilMs: number } | undefined;

  constructor(parts: IntakeParts, limits: ClusterLimits, recordedMs: number) {
    this.#parts = parts;
    this.#limits = limits;
    this.#lastRecorded = recordedMs;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Why nothing can be recorded at present, as far as is known. */
  get failure(): StoreFailure | undefined {
    if (this.#refusing !== undefined) return this.#refusing;
    return this.#failing !== undefined && performance.now() < this.#failing.untilMs ? this.#failing.failure : undefined;
  }

  /** Throws what a new call is refused for, if anything. */
  admit(): void {
    if (this.#refusing !== undefined) throw this.#refusing;
  }

  async record(
    controller: Controller,
    actions: readonly (Action | OwnAction)[],
    options: RecordOptions,
  ): Promise<Outcome[]> {
    if (actions.length === 0) return [];
    if (options.expecting !== undefined && actions.length !== 1)
      throw new RangeError('what is decided on a state is recorded by itself');
    const bytes = actions.reduce((sum, action) => sum + bytesOf(action), 0);
    while (!this.#hasRoom(actions.length, bytes)) {
      if (options.wait !== true) throw new StoreFailure('overloaded', 'the queue is full', true);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#queued += actions.length;
    this.#queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      const job: Job = {
        controller, actions, options, bytes, sender: (options.sender && idBytes(options.sender)) ?? null, acceptances: [], positions: [],
        next: 0, settled: 0, done: false, busy: false, timer: undefined, resolve, reject,
      }; // prettier-ignore
      this.#open.add(job);
      const jobs = this.#jobs.get(controller.no);
      if (jobs === undefined) this.#jobs.set(controller.no, [job]);
      else jobs.push(job);
      void this.#work(controller);
    });
  }

  /** From now on calls are refused; those that came before are answered. */
  refuse(): void {
    this.#refusing ??= new StoreFailure('unavailable', 'the store is closing', true);
  }

  /** Resolves when all that was taken is answered, which has a bound. */
  async drain(): Promise<void> {
    this.refuse();
    this.#wake();
    if (this.#queued === 0) return;
    const bound = setTimeout(() => {
      for (const job of this.#open) this.#late(job);
    }, this.#limits.acceptedAfterMs);
    await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearTimeout(bound);
  }

  /** A call larger than the whole queue is taken when nothing waits. */
  #hasRoom(actions: number, bytes: number): boolean {
    if (this.#queued === 0) return true;
    return (
      this.#queued + actions <= this.#limits.queuedActions && this.#queuedBytes + bytes <= this.#limits.queuedBytes
    );
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Accepts the batches of a controller until nothing waits; a call that a batch has a part of waits for its turn. */
  async #work(controller: Controller): Promise<void> {
    const working = this.#working.get(controller.no) ?? 0;
    if (working >= BATCHES_AT_ONCE) return;
    this.#working.set(controller.no, working + 1);
    const jobs = this.#jobs.get(controller.no)!;
    try {
      // Calls of one turn go together.
      await Promise.resolve();
      while (jobs[0] !== undefined && !jobs[0].busy) await this.#acceptNext(controller, jobs);
    } finally {
      this.#working.set(controller.no, this.#working.get(controller.no)! - 1);
    }
  }

  async #acceptNext(controller: Controller, jobs: Job[]): Promise<void> {
    const batch: { readonly job: Job; readonly place: number }[] = [];
    let rest: Job | undefined;
    try {
      const rules = this.#parts.controllers.rulesOf(controller.id);
      if (rules === undefined) throw new StoreFailure('unavailable', 'the controller has no packs', false);
      await this.#requireRoom(controller, jobs);
      for (let job = jobs[0]; job?.busy === false && batch.length < BATCH_ACTIONS; job = jobs[0]) {
        // What was decided on a state is judged by itself, before anything else is added to it.
        const isDecided = job.options.expecting !== undefined;
        if (isDecided && batch.length > 0) break;
        while (job.next < job.actions.length && batch.length < BATCH_ACTIONS) batch.push({ job, place: job.next++ });
        if (job.next === job.actions.length) jobs.shift();
        else rest = job;
        if (isDecided) break;
      }
      if (rest !== undefined) rest.busy = true;
      else if (jobs.length > 0) void this.#work(controller);
      if (batch.length === 0) return;
      const sent = batch.map(({ job, place }) => ({
        action: job.actions[place]!,
        sender: job.sender,
        expecting: job.options.expecting,
      }));
      const { acceptances, floor } = await this.#parts.acceptor.accept(controller, rules, sent, this.#stamp());
      this.#failing = undefined;
      batch.forEach(({ job, place }, i) => this.#accepted(job, place, acceptances[i]!, floor));
    } catch (failure) {
      if (failure instanceof StoreFailure) this.#failing = { failure, untilMs: performance.now() + FAILING_MS };
      // What waits behind would meet the same, later.
      for (const job of new Set([...batch.map(({ job }) => job), ...jobs])) this.#fail(job, failure);
      jobs.length = 0;
    } finally {
      if (rest !== undefined) rest.busy = false;
    }
  }

  /** Never goes back on this server. */
  #stamp(): number {
    this.#lastRecorded = Math.max(this.#lastRecorded, Math.floor(this.#parts.clock.now()));
    return this.#lastRecorded;
  }

  /** While the sequencer places nothing, what is accepted grows: up to a bound. Those who may wait do. */
  async #requireRoom(controller: Controller, jobs: Job[]): Promise<void> {
    while (await this.#isFull(controller)) {
      const failure = new StoreFailure('overloaded', 'too many events wait for their place in the log', true);
      const refused = jobs.filter(({ options, done }) => options.wait !== true && !done);
      for (const job of refused) {
        jobs.splice(jobs.indexOf(job), 1);
        this.#fail(job, failure);
      }
      if (jobs.length === 0) return;
      if (this.#refusing !== undefined) throw this.#refusing;
      await new Promise((resolve) => setTimeout(resolve, COUNT_MS));
    }
  }

  async #isFull(controller: Controller): Promise<boolean> {
    const counted = this.#counted.get(controller.no);
    if (counted !== undefined && performance.now() < counted.untilMs) return counted.full;
    const most = this.#limits.pendingEvents;
    const full = (await this.#parts.countPending(controller, most)) >= most;
    this.#counted.set(controller.no, { full, untilMs: performance.now() + COUNT_MS });
    return full;
  }

  #accepted(job: Job, place: number, acceptance: Acceptance, floor: Position): void {
    job.acceptances[place] = acceptance;
    switch (acceptance.kind) {
      case 'failed':
        if (acceptance.failure instanceof StoreFailure) this.#fail(job, acceptance.failure);
        else this.#settle(job);
        break;
      case 'conflict':
      case 'gone':
        this.#settle(job);
        break;
      case 'new':
      case 'repeated':
        this.#await(job, place, acceptance, floor);
        break;
    }
  }

  #await(job: Job, place: number, acceptance: Placeable, floor: Position): void {
    if (job.done) return;
    if (job.options.pending === 'at once') {
      if (acceptance.position !== null) job.positions[place] = acceptance.position;
      this.#settle(job);
      return;
    }
    job.timer ??= this.#bound(job);
    if (acceptance.position !== null) {
      job.positions[place] = acceptance.position;
      this.#settle(job);
      return;
    }
    const { placements } = this.#parts;
    const { controller } = job;
    // An action is there when all its events are.
    const last = acceptance.last;
    placements.tell(controller, acceptance.seq, floor, (position) => {
      job.positions[place] = position;
      if (last === acceptance.seq) this.#settle(job);
      else placements.tell(controller, last, position, () => this.#settle(job));
    });
  }

  /** What waits for the sequencer too long is told so. */
  #bound(job: Job): NodeJS.Timeout {
    const ms = job.options.pending === true ? this.#limits.acceptedAfterMs : this.#limits.placedWithinMs;
    return setTimeout(() => this.#late(job), ms);
  }

  #late(job: Job): void {
    if (job.options.pending === true && job.acceptances.length === job.actions.length) this.#answer(job);
    else this.#fail(job, new StoreFailure('unavailable', 'what was accepted waits for its place in the log', true));
  }

  #settle(job: Job): void {
    job.settled++;
    if (job.settled === job.actions.length) this.#answer(job);
  }

  #answer(job: Job): void {
    if (job.done) return;
    job.resolve(this.#outcomes(job));
    this.#release(job);
  }

  #outcomes({ controller, acceptances, positions, options }: Job): Promise<Outcome[]> {
    return Promise.all(
      acceptances.map(async (acceptance, i): Promise<Outcome> => {
        if (acceptance.kind === 'failed') return { kind: 'unwritable', failure: acceptance.failure };
        if (acceptance.kind !== 'new' && acceptance.kind !== 'repeated') return { kind: acceptance.kind };
        const { event, subject, entry } = acceptance;
        const position = positions[i];
        if (position === undefined) return { kind: 'accepted', event, subject, entry };
        if (acceptance.kind === 'repeated') return { kind: 'repeated', event, position, subject };
        const receipt = options.receipts === true ? await this.#parts.receipt(controller, position) : undefined;
        return { kind: 'recorded', event, position, subject, entry, ...(receipt !== undefined && { receipt }) };
      }),
    );
  }

  #fail(job: Job, failure: unknown): void {
    if (job.done) return;
    job.reject(failure);
    this.#release(job);
  }

  #release(job: Job): void {
    job.done = true;
    this.#open.delete(job);
    clearTimeout(job.timer);
    this.#queued -= job.actions.length;
    this.#queuedBytes -= job.bytes;
    this.#wake();
    if (this.#queued > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}

function bytesOf(action: Action | OwnAction): number {
  return ACTION_OVERHEAD_BYTES + (action.kind === 'own' ? 0 : action.content.length);
}
