/**
 * Intake: actions become events on the main thread, in slices short enough that other requests go on, and go to the
 * writer in groups. A group leaves when the writer is free or the group is full; while one is committed the next is
 * prepared. What waits is bounded, in actions and in bytes.
 */
import { setImmediate, setTimeout } from 'node:timers';
import type { Action, Instant, OwnAction } from '#ledger';
import { StoreFailure, type Clock, type Outcome, type RecordOptions } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import type { Attachment } from './attachment.js';
import type { Controllers } from './controllers.js';
import { BusyFailure } from './failure.js';
import { GroupWriter, type Answer } from './group-frame.js';
import { bytesOf, rulesForOwn, expectedOf, type Drafted, type Job, type Sent } from './job.js';
import type { Known } from './known.js';
import type { Repeats } from './repeats.js';
import type { Draft } from '../sealing/draft.js';
import { idBytes } from '../sealing/mint.js';
import { StoreScribe } from '../sealing/scribe.js';
import { unsealed } from './unsealed.js';
import type { WriterThread } from './writer-thread.js';

export interface IntakeLimits {
  /** Actions that may wait, those under way included. */
  readonly queuedActions: number;
  readonly queuedBytes: number;
}

const GROUP_EVENTS = 1000;
const GROUP_BYTES = 512 * 1024;
/** Room for the event that makes a group full, and what it brings. */
const GROUP_MEMORY = GROUP_BYTES + 128 * 1024;
const SMALL_ACTIONS = 16;
const SMALL_MEMORY = 8192;
/** An idle writer gets a group of this many events though more are waiting to be prepared. */
const EARLY_EVENTS = 800;
/** Groups with the writer: one that is committed and one that waits for it. */
const DEPTH = 2;
const SLICE_MS = 10;
/** An action that needs a key while the keys are written is tried again after so long, and not for ever. */
const LATER_MS = 5;
const BUSY_MS = 30_000;
/** A failure is told until a group succeeds, but no longer than this: whoever waits until it is over must come to try. */
const FAILING_MS = 10_000;
export class Intake {
  readonly #thread: WriterThread;
  readonly #controllers: Controllers;
  readonly #known: Known;
  readonly #repeats: Repeats;
  readonly #clock: Clock;
  readonly #limits: IntakeLimits;
  readonly #grown: (controller: Controller) => void;

  #jobs: Job[] = [];
  #group: GroupWriter | undefined;
  #filling: Sent | undefined;
  readonly #sent: Sent[] = [];
  /** Memory of groups that were acknowledged. */
  readonly #spare: ArrayBuffer[] = [];
  #serial = 0;
  #epoch = 0;
  #queued = 0;
  #queuedBytes = 0;
  #scheduled = false;
  /** Since when the keys are being written, by the clock of the process, while that holds something up. */
  #busySince: number | undefined;
  #paused = 0;
  /** The latest moment that was stamped on an event, in ms and written out: it never goes back. */
  #lastRecorded: number;
  #recorded: Instant;
  #waiting: (() => void)[] = [];
  #idle: (() => void)[] = [];
  #refusing: StoreFailure | undefined;
  #ended: StoreFailure | undefined;
  #failing: { readonly failure: StoreFailure; readonly untilMs: number } | undefined;

  constructor(
    parts: { thread: WriterThread; controllers: Controllers; known: Known; repeats: Repeats; clock: Clock },
    limits: IntakeLimits,
    recordedMs: number,
    grown: (controller: Controller) => void,
  ) {
    this.#thread = parts.thread;
    this.#controllers = parts.controllers;
    this.#known = parts.known;
    this.#repeats = parts.repeats;
    this.#clock = parts.clock;
    this.#limits = limits;
    this.#lastRecorded = recordedMs;
    this.#recorded = new Date(recordedMs).toISOString();
    this.#grown = grown;
    this.#thread.events = {
      acknowledged: (serial, answers, spare) => this.#acknowledged(serial, answers, spare),
      failed: (serial, failure) => this.#failed(serial, failure),
      lost: (failure) => this.#lost(failure),
    };
  }

  /** Actions that wait or are under way. */
  get queued(): number {
    return this.#queued;
  }

  /** Why nothing can be recorded at present, as far as is known. */
  get failure(): StoreFailure | undefined {
    if (this.#ended !== undefined) return this.#ended;
    return this.#failing !== undefined && performance.now() < this.#failing.untilMs ? this.#failing.failure : undefined;
  }

  async record(
    controller: Controller,
    actions: readonly (Action | OwnAction)[],
    { receipts = false, wait = false, sender, expecting }: RecordOptions,
  ): Promise<Outcome[]> {
    if (actions.length === 0) return [];
    const expected = expectedOf(expecting, actions.length);
    const rules = this.#controllers.rulesOf(controller.id) ?? rulesForOwn(actions);
    if (rules === undefined) throw new StoreFailure('unavailable', 'the controller has no packs', false);
    const bytes = actions.reduce((sum, action) => sum + bytesOf(action), 0);
    while (!this.#hasRoom(actions.length, bytes)) {
      if (!wait) throw new StoreFailure('overloaded', 'the queue is full', true);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#ended !== undefined) throw this.#ended;
    this.#queued += actions.length;
    this.#queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      const outcomes: Outcome[] = [];
      this.#jobs.push({
        controller,
        rules,
        actions: [...actions],
        receipts,
        sender: sender === undefined ? null : (idBytes(sender) ?? null),
        expecting: expected,
        bytes,
        outcomes,
        next: 0,
        answered: 0,
        failed: false,
        resolve,
        reject,
      });
      this.#schedule();
    });
  }

  /**
   * Does something between groups: what was prepared before goes first, and nothing is prepared until it is done, since
   * it changes what intake knows. It must be done by the writer, after all that was sent: what is forgotten while it is on
   * its way would be made a second time.
   */
  async exclusively<T>(errand: () => Promise<T>): Promise<T> {
    this.#paused++;
    try {
      this.#send();
      return await errand();
    } finally {
      this.#known.forget();
      this.#paused--;
      this.#schedule();
    }
  }

  /** Lets go of what it knows of the folder, where nothing waits or is under way: it is read again when it is needed. */
  rest(): void {
    if (this.#queued === 0 && this.#sent.length === 0 && this.#group === undefined) this.#known.forget();
  }

  /** From now on calls are refused; those that came before are still taken, though they wait for their controller. */
  refuse(): void {
    this.#refusing ??= new StoreFailure('unavailable', 'the store is closing', true);
  }

  /** Throws what a new call is refused for, if anything. */
  admit(): void {
    const refusing = this.#ended ?? this.#refusing;
    if (refusing !== undefined) throw refusing;
  }

  /** Takes nothing more, and resolves when all that was taken is answered. */
  async drain(): Promise<void> {
    this.refuse();
    this.#ended ??= this.#refusing;
    this.#wake();
    if (this.#queued > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** A call larger than the whole queue is taken when nothing waits. */
  #hasRoom(actions: number, bytes: number): boolean {
    if (this.#ended !== undefined || this.#queued === 0) return true;
    return (
      this.#queued + actions <= this.#limits.queuedActions && this.#queuedBytes + bytes <= this.#limits.queuedBytes
    );
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused > 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#slice();
    });
  }

  /** Prepares for at most 10 ms, then lets others have the thread. */
  #slice(): void {
    if (this.#paused > 0) return;
    const end = performance.now() + SLICE_MS;
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      if (this.#isFull()) {
        // The writer's answer schedules the next slice.
        if (this.#sent.length >= DEPTH) return;
        this.#send();
      }
      if (!this.#prepare(job)) return this.#later();
      if (job.failed || job.next === job.actions.length) this.#jobs.shift();
      if (performance.now() >= end) break;
    }
    const early = this.#jobs.length === 0 || (this.#group?.events ?? 0) >= EARLY_EVENTS;
    if (this.#sent.length === 0 && early) this.#send();
    if (this.#jobs.length > 0) this.#schedule();
  }

  #isFull(): boolean {
    return this.#group !== undefined && (this.#group.events >= GROUP_EVENTS || this.#group.bytes >= GROUP_BYTES);
  }

  /** False where the action must wait for a commit of the keys. */
  #prepare(job: Job): boolean {
    const place = job.next++;
    const now = Math.floor(this.#clock.now());
    if (now > this.#lastRecorded) {
      this.#lastRecorded = now;
      this.#recorded = new Date(now).toISOString();
    }
    const scribe = new StoreScribe(
      this.#known,
      job.rules,
      job.controller,
      job.actions[place]!,
      this.#recorded,
      unsealed,
    );
    let draft: Draft<Attachment>;
    try {
      draft = scribe.draft(this.#lastRecorded, job.receipts);
    } catch (failure) {
      scribe.abandon();
      if (failure instanceof BusyFailure && this.#mayWait()) {
        job.next = place;
        return false;
      }
      if (failure instanceof StoreFailure) this.#fail(job, failure);
      else this.#answer(job, place, { kind: 'unwritable', failure });
      return true;
    }
    this.#busySince = undefined;
    job.actions[place] = undefined;
    this.#fill(draft, job, place);
    return true;
  }

  /** Whether the keys have not been busy for so long that something must be wrong. */
  #mayWait(): boolean {
    const now = performance.now();
    this.#busySince ??= now;
    return now - this.#busySince < BUSY_MS;
  }

  /** What is prepared goes, and the rest waits a moment, in which others have the thread. */
  #later(): void {
    if (this.#sent.length < DEPTH) this.#send();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      this.#slice();
    }, LATER_MS);
  }

  #fill(draft: Draft<Attachment>, job: Job, place: number): void {
    if (this.#group === undefined || this.#filling === undefined) {
      this.#serial++;
      // Alone it is small; with many behind it, it will be full.
      const large = job.actions.length > SMALL_ACTIONS || this.#jobs.length > SMALL_ACTIONS;
      this.#group = new GroupWriter(this.#serial, large ? (this.#spare.pop() ?? GROUP_MEMORY) : SMALL_MEMORY);
      this.#filling = { serial: this.#serial, drafts: [] };
    }
    this.#group.add(draft, job.sender, job.expecting);
    const { attachments, firstId, subject, receipt, events } = draft;
    const entry = receipt ? draft.entry : undefined;
    this.#filling.drafts.push({ job, place, attachments, firstId, subject, entry, events: events.length });
  }

  #send(): void {
    if (this.#group === undefined || this.#filling === undefined) return;
    this.#sent.push(this.#filling);
    this.#thread.send(this.#serial, this.#epoch, this.#group.take());
    this.#group = undefined;
    this.#filling = undefined;
  }

  #acknowledged(serial: number, answers: Answer[], spare: ArrayBuffer): void {
    if (spare.byteLength >= GROUP_BYTES && this.#spare.length < DEPTH) this.#spare.push(spare);
    const sent = this.#sent.shift();
    // After a failure what was under way is answered already.
    if (sent === undefined || sent.serial !== serial) throw new RangeError('the writer answered out of order');
    const grown = new Set<Controller>();
    for (const [i, draft] of sent.drafts.entries()) {
      const answer = answers[i]!;
      const { job } = draft;
      for (const attachment of draft.attachments) {
        attachment.flights--;
        if (answer.kind !== 'recorded') continue;
        attachment.committed = true;
        attachment.bytes = NOTHING;
      }
      if (answer.kind === 'recorded') {
        job.controller.size = Math.max(job.controller.size, answer.position + draft.events);
        grown.add(job.controller);
      }
      this.#settle(draft, answer);
    }
    if (grown.size > 0) this.#failing = undefined;
    for (const controller of grown) this.#grown(controller);
    if (this.#sent.length === 0 && this.#jobs.length === 0 && this.#paused === 0) this.#send();
    this.#schedule();
  }

  #settle(draft: Drafted, answer: Answer): void {
    const { job, place } = draft;
    if (job.failed) return;
    try {
      this.#answer(job, place, this.#repeats.outcome(job.controller, draft, answer));
    } catch (failure) {
      this.#fail(job, failure);
    }
  }

  #answer(job: Job, place: number, outcome: Outcome): void {
    job.outcomes[place] = outcome;
    if (++job.answered < job.actions.length) return;
    job.resolve(job.outcomes);
    this.#release(job);
  }

  /** A group that was not recorded takes with it all that was prepared after it; what intake knew may be wrong now. */
  #failed(serial: number, failure: StoreFailure): void {
    if (this.#sent[0]?.serial !== serial) return;
    this.#epoch++;
    this.#failing = { failure, untilMs: performance.now() + FAILING_MS };
    this.#known.forget();
    this.#failAll(failure);
  }

  #lost(failure: StoreFailure): void {
    this.#ended ??= failure;
    this.#failAll(failure);
  }

  #failAll(failure: StoreFailure): void {
    const jobs = new Set(this.#jobs);
    for (const { drafts } of this.#sent) for (const { job } of drafts) jobs.add(job);
    for (const { job } of this.#filling?.drafts ?? []) jobs.add(job);
    this.#jobs = [];
    this.#sent.length = 0;
    this.#group = undefined;
    this.#filling = undefined;
    for (const job of jobs) this.#fail(job, failure);
  }

  #fail(job: Job, failure: unknown): void {
    if (job.failed) return;
    job.failed = true;
    job.reject(failure);
    this.#release(job);
  }

  #release(job: Job): void {
    this.#queued -= job.actions.length;
    this.#queuedBytes -= job.bytes;
    this.#wake();
    if (this.#queued > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}

const NOTHING = new Uint8Array(0);
