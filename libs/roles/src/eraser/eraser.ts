import { createHash } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Controllers, describeFailure } from '#host';
import {
  erasing,
  today,
  type ControllerId,
  type Erasing,
  type EventId,
  type PersonRecord,
  type SubjectRef,
} from '#ledger';
import { Clock, Destructions, Ledger, StoreFailure, type Expectation, type Following, type Owed } from '#store';
import { Courtesy } from '../courtesy.js';

/** Recorded destructions that are read together: whoever has many of them is judged once. */
const OWED_AT_ONCE = 20_000;
/** People whose destructions are followed in one run. */
const PEOPLE_AT_ONCE = 200;
/** Whether the day has changed, or something failed, is looked at this often. */
const LOOK_MS = 1000;
/** What failed is tried again after so long. */
const AGAIN_MS = 30_000;
/** What another process has recorded, nobody tells: all that is owed is read again so often, and judging it rests as below. */
const AGAIN_ALL_MS = 60_000;
/** Where another process is at it, its turn is waited for by looks so far apart, and no longer than the second of these. */
const OTHERS_MS = 5000;
const OTHERS_MAX_MS = 600_000;
/** Those who have grown while they were judged are judged again at once so often; then they rest. */
const TRIES_AT_ONCE = 3;
/** Whether what was accepted has its place is looked at this often. */
const PLACED_MS = 500;
/**
 * A stream reports destructions and touches the same people again and again; for each run intake stands still a moment, and
 * whole histories are folded. After a run whoever nobody waits for rests so many times as long as it took, and so long at
 * least: what comes meanwhile is followed together.
 */
const REST_TIMES = 20;
const REST_MS = 1000;
/**
 * While a flood lasts nothing is followed that nobody waits for, so that everybody whom it names is judged once, when it has
 * ended: when nothing was reported for the first of these times. Whatever goes on for ever is followed after the second: a
 * million actions are in by then, and so is whoever stands in many of them.
 */
const QUIET_MS = 2000;
const FLOOD_MS = 300_000;

type OwedBySubject = ReadonlyMap<SubjectRef, readonly EventId[]>;

interface Unplaced {
  readonly event: EventId;
  readonly subjects: readonly SubjectRef[];
}

/** What is known of one controller's owed destructions. */
interface Book {
  /** Positions below it were judged. */
  next: number;
  /** Facts whose items something keeps, by subject. */
  readonly waiting: Map<SubjectRef, EventId[]>;
  /** A digest of what of them was followed already where the rest waits, by subject. */
  readonly begun: Map<SubjectRef, string>;
  /** The day on which what waits was last judged. */
  day: string;
  /** Subjects of whom something was recorded since. */
  readonly touched: Set<SubjectRef>;
  /** Until when nothing is followed that nobody waits for. */
  calmUntil: number;
  /** Somebody waits for the next run. */
  urgent: boolean;
  running: Promise<void> | undefined;
  /** Since when a run is asked for, and when it was last. */
  askedAt: number | undefined;
  stirredAt: number;
  /** Events that were accepted and are not known to have their places, in order, each with whom its call touched. */
  readonly unplaced: Unplaced[];
  isPlacing: boolean;
  failedAt: number | undefined;
  /** Since when it is left to another process, which may have stopped. */
  leftSince: number | undefined;
  /** When all that is owed is read from the start again. */
  againAt: number;
}

/**
 * The role that follows recorded destructions with Depter's own copy (`design.md`, Record): at once where nothing keeps
 * the items, else on the day after the last that keeps them. What is owed lies in the store: nothing is lost with the
 * process.
 */
@Injectable()
export class Eraser implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly books = new Map<ControllerId, Book>();
  private timer: NodeJS.Timeout | undefined;
  private told: ((done: number, people: number) => void) | undefined;
  private readonly stopping = new AbortController();
  private readonly courtesy = new Courtesy(this.stopping.signal);

  constructor(
    private readonly ledger: Ledger,
    private readonly destructions: Destructions,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    for (const controller of this.controllers.all()) void this.settle(controller);
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** What rests is owed still, and the next start follows it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.timer);
    for (const { running } of this.books.values()) await running;
  }

  /** Follows all that was asked for and rests, as far as the store lets; `told` hears how many people have been judged. */
  async finish(told?: (done: number, people: number) => void): Promise<void> {
    this.told = told;
    for (const [controller, book] of this.books)
      if (book.askedAt !== undefined || book.running !== undefined) await this.settle(controller);
  }

  /** Whether a destruction of one of these waits: what was recorded of them may have set it free. */
  waitsFor(controller: ControllerId, subjects: Iterable<SubjectRef>): boolean {
    const book = this.bookOf(controller);
    if (book.waiting.size === 0) return false;
    let any = false;
    for (const subject of subjects) {
      if (!book.waiting.has(subject)) continue;
      book.touched.add(subject);
      any = true;
    }
    return any;
  }

  /**
   * Follows what is owed; resolves when that is done. Where nobody waits for it, it comes after a rest, and resolves at
   * once then; of an eraser that was not started, as a bulk feed has one, with `finish`. A failure of the store is met
   * again later, and never thrown.
   */
  settle(controller: ControllerId, isWaitedFor = true): Promise<void> {
    const book = this.bookOf(controller);
    book.stirredAt = performance.now();
    book.askedAt ??= book.stirredAt;
    book.urgent ||= isWaitedFor;
    return this.start(controller, book);
  }

  /** Where it is the turn of what was asked for. */
  private start(controller: ControllerId, book: Book): Promise<void> {
    if (book.running === undefined && !this.isTurn(book)) return Promise.resolve();
    book.running ??= this.run(controller, book).finally(() => (book.running = undefined));
    return book.running;
  }

  /** As `settle`, when an event that was only accepted so far has its place: no fold knows it before. */
  settleWhenPlaced(controller: ControllerId, event: EventId, subjects: readonly SubjectRef[]): void {
    const book = this.bookOf(controller);
    book.unplaced.push({ event, subjects });
    if (!book.isPlacing) void this.untilPlaced(controller, book);
  }

  private async untilPlaced(controller: ControllerId, book: Book): Promise<void> {
    book.isPlacing = true;
    for (let next = book.unplaced[0]; next !== undefined && !this.stopping.signal.aborted; next = book.unplaced[0]) {
      const placed = await this.ledger.event(controller, next.event).catch(() => undefined);
      if (placed === undefined) {
        await sleep(PLACED_MS, undefined, { ref: false });
        continue;
      }
      book.unplaced.shift();
      this.waitsFor(controller, next.subjects);
      void this.settle(controller, false);
    }
    book.isPlacing = false;
  }

  private look(): void {
    for (const [controller, book] of this.books) {
      const failed = book.failedAt !== undefined && performance.now() > book.failedAt + AGAIN_MS;
      const newDay = book.waiting.size > 0 && book.day !== this.today(controller);
      const again = performance.now() > book.againAt;
      if (failed || newDay || again) book.askedAt ??= performance.now();
      void this.start(controller, book);
    }
  }

  private async run(controller: ControllerId, book: Book): Promise<void> {
    for (let tries = 1; this.isTurn(book); tries++) {
      book.askedAt = undefined;
      const all = () => this.followAll(controller, book, tries);
      try {
        const isFollowed = this.isOurs(book) ? await all() : await this.destructions.alone(controller, all);
        if (isFollowed) continue;
        const now = performance.now();
        book.askedAt ??= now;
        book.leftSince ??= now;
        book.calmUntil = now + OTHERS_MS;
      } catch (failure) {
        if (!(failure instanceof StoreFailure)) throw failure;
        // What was being judged is owed as before, and found there.
        book.next = 0;
        book.begun.clear();
        book.failedAt = performance.now();
        LOG.warn(`recorded destructions wait: ${JSON.stringify(describeFailure(failure))}`);
      }
    }
  }

  /** Whoever waits here does not wait for another process, nor does anybody for one that has stopped. */
  private isOurs({ urgent, leftSince }: Book): boolean {
    return urgent || (leftSince !== undefined && performance.now() > leftSince + OTHERS_MAX_MS);
  }

  /** All that is owed and was not judged yet. */
  private async followAll(controller: ControllerId, book: Book, tries: number): Promise<true> {
    book.urgent = false;
    book.leftSince = undefined;
    const begun = performance.now();
    if (begun > book.againAt) book.next = 0;
    const isAll = book.next === 0;
    let grown = await this.waiting(controller, book);
    for (let page = await this.page(controller, book); page.length > 0; page = await this.page(controller, book)) {
      grown = (await this.follow(controller, book, bySubject(page))) || grown;
      book.next = page.at(-1)!.position + 1;
    }
    book.failedAt = undefined;
    // Those who go on growing are looked at again after a rest.
    if (grown) book.askedAt = performance.now();
    if (grown && tries < TRIES_AT_ONCE) book.urgent = true;
    const ended = performance.now();
    book.calmUntil = ended + Math.max(REST_MS, REST_TIMES * (ended - begun));
    if (isAll) book.againAt = ended + Math.max(AGAIN_ALL_MS, REST_TIMES * (ended - begun));
    return true;
  }

  private page(controller: ControllerId, { next }: Book): Promise<readonly Owed[]> {
    return this.destructions.owed(controller, next, OWED_AT_ONCE);
  }

  /**
   * Judges again what waited: on a new day all of it, else that of people of whom something was recorded. Whether any has
   * grown meanwhile.
   */
  private async waiting(controller: ControllerId, book: Book): Promise<boolean> {
    const day = this.today(controller);
    const subjects = book.day === day ? [...book.touched] : [...book.waiting.keys()];
    book.day = day;
    book.touched.clear();
    return this.follow(
      controller,
      book,
      new Map(subjects.map((subject) => [subject, book.waiting.get(subject) ?? []])),
    );
  }

  /**
   * Whether somebody has grown while they were judged: they are touched, and judged again. The next ones are judged while
   * those before them are followed, which the store's writer does: of an ended dossier's links and ties they may still be
   * judged, and what they name of it has no key any more. Nothing goes on when this has ended, however it ends.
   */
  private async follow(controller: ControllerId, book: Book, owed: OwedBySubject): Promise<boolean> {
    const all = [...owed].filter(([, events]) => events.length > 0);
    let grown = false;
    let under = Promise.resolve(false);
    try {
      for (let at = 0; at < all.length; at += PEOPLE_AT_ONCE) {
        this.told?.(at, all.length);
        const some = new Map(all.slice(at, at + PEOPLE_AT_ONCE));
        const people = await this.judged(controller, book, some);
        grown = (await under) || grown;
        under = this.followSome(controller, book, some, people);
        // A failure is met when those who come next were judged.
        under.catch(() => undefined);
      }
      return (await under) || grown;
    } finally {
      await under.catch(() => undefined);
    }
  }

  /** Whom there is something to follow for; what cannot go yet waits. */
  private async judged(controller: ControllerId, book: Book, owed: OwedBySubject): Promise<readonly Following[]> {
    const people: Following[] = [];
    for (const [subject, events] of owed) {
      // A bulk feed that is at its end serves nobody else.
      await (this.timer === undefined ? nextTurn() : this.courtesy.between());
      const one = await this.judgedOne(controller, book, subject, events);
      if (one !== undefined) people.push(one);
    }
    return people;
  }

  /** The record, which may be huge, is let go with this call: the next is read without it. */
  private async judgedOne(controller: ControllerId, book: Book, subject: SubjectRef, events: readonly EventId[]) {
    const rulebook = this.controllers.rulebook(controller);
    const record = rulebook && (await this.ledger.person(controller, subject));
    if (rulebook === undefined || record === undefined) return undefined;
    const one = erasing(record, rulebook, new Set(events), this.today(controller));
    const done = new Set(one.facts);
    const others = (book.waiting.get(subject) ?? []).filter((event) => !events.includes(event));
    const left = [...others, ...events.filter((event) => !done.has(event))];
    if (left.length > 0) book.waiting.set(subject, left);
    else book.waiting.delete(subject);
    return isNews(book, subject, one) ? following(record, one) : undefined;
  }

  private async followSome(
    controller: ControllerId,
    book: Book,
    owed: OwedBySubject,
    people: readonly Following[],
  ): Promise<boolean> {
    if (people.length === 0) return false;
    const grown = await this.destructions.follow(controller, people);
    for (const subject of grown) {
      book.begun.delete(subject);
      book.waiting.set(subject, [...new Set([...(book.waiting.get(subject) ?? []), ...owed.get(subject)!])]);
      book.touched.add(subject);
    }
    return grown.length > 0;
  }

  /** Whether a run is asked for, and by somebody who waits, or after a rest and no longer in a flood. */
  private isTurn({ askedAt, stirredAt, urgent, calmUntil }: Book): boolean {
    if (askedAt === undefined) return false;
    if (urgent) return true;
    const now = performance.now();
    return this.timer !== undefined && now >= calmUntil && (now >= stirredAt + QUIET_MS || now >= askedAt + FLOOD_MS);
  }

  private bookOf(controller: ControllerId): Book {
    let book = this.books.get(controller);
    if (book === undefined) {
      const day = this.today(controller);
      book = { next: 0, waiting: new Map(), begun: new Map(), day, touched: new Set(), calmUntil: 0, urgent: false, running: undefined, askedAt: undefined, stirredAt: 0, unplaced: [], isPlacing: false, failedAt: undefined, leftSince: undefined, againAt: 0 }; // prettier-ignore
      this.books.set(controller, book);
    }
    return book;
  }

  private today(controller: ControllerId): string {
    return today(this.clock.now(), this.controllers.rulebook(controller)?.zone ?? 'UTC');
  }
}

function bySubject(owed: readonly Owed[]): OwedBySubject {
  const found = new Map<SubjectRef, EventId[]>();
  for (const { subject, event } of owed) {
    const events = found.get(subject);
    if (events === undefined) found.set(subject, [event]);
    else events.push(event);
  }
  return found;
}

/** Whether there is anything to follow that was not followed when the rest of it was last judged. */
function isNews({ begun }: Book, subject: SubjectRef, { facts, ended, erased }: Erasing): boolean {
  if (facts.length + ended.length > 0) {
    begun.delete(subject);
    return true;
  }
  if (erased.length === 0) return false;
  const part = digestOf(erased);
  if (begun.get(subject) === part) return false;
  begun.set(subject, part);
  return true;
}

/** Tells one list from another: of somebody who has had much destroyed it is long, and it may wait for years. */
function digestOf(erased: Erasing['erased']): string {
  const hash = createHash('sha256');
  for (const one of erased) hash.update(JSON.stringify(one));
  return hash.digest('base64url');
}

function following(record: PersonRecord, { facts, ended, erased }: Erasing): Following {
  const own = new Set(record.dossiers.map(({ subject }) => subject));
  return {
    person: record.subject,
    expecting: readOf(record),
    facts,
    ended,
    // With somebody else, values lie that came of other clients too: of those that come later none is taken for this one's.
    erased: erased.map((one) => (own.has(one.dossier) ? one : { ...one, at: null })),
  };
}

/** How many events each dossier had of which anything was decided. */
function readOf({ dossiers, contacts }: PersonRecord): Expectation {
  const all = [...dossiers, ...contacts.flatMap(({ record }) => record.dossiers)];
  return new Map(all.map(({ subject, events }) => [subject, events.length]));
}

const LOG = new Logger('eraser');
