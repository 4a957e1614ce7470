/** Keeps one controller's boards: reads its log, marks whom an entry touches, and makes their rows. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { describeFailure, type Controllers } from '#host';
import { today, type ControllerId, type Recorded } from '#ledger';
import type { Rulebook } from '#packs';
import type { Clock, Ledger, Projections } from '#store';
import { BackOff, pause } from '../pause.js';
import type { PartHealth } from '../role-health.js';
import { Courtesy } from '../courtesy.js';
import { standingsOf } from './standings.js';
import { touchedBy } from './touched.js';

/** Another projector moved the boards: it is left alone for so long, in milliseconds. */
const ELSEWHERE_MS = 5_000;
/** How often it is looked whether a day has begun, while nothing comes. */
const LOOK_EVERY_MS = 500;
/** People whose rows are written together. */
const PEOPLE_AT_ONCE = 64;

type State = 'starting' | 'projecting' | 'reevaluating' | 'elsewhere' | 'store-failing' | 'stopped';

export interface ProjectorParts {
  readonly ledger: Ledger;
  readonly projections: Projections;
  readonly controllers: Controllers;
  readonly clock: Clock;
}

/** Entries read so far, and the people whose rows a step made. */
export interface Step {
  readonly read: number;
  readonly made: number;
}

/** Somebody else writes the same boards. */
export class Elsewhere extends Error {
  constructor() {
    super('another process makes the boards');
    this.name = 'Elsewhere';
  }
}

export class LogProjector {
  private readonly stopping = new AbortController();
  private readonly log: Logger;
  private running: Promise<void> | undefined;
  private state: State = 'starting';
  private version = 0;

  constructor(
    private readonly controller: ControllerId,
    private readonly parts: ProjectorParts,
  ) {
    this.log = new Logger(`projector ${controller}`);
  }

  start(): void {
    this.running ??= this.untilStopped();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  /** `lag`: entries of the log that the boards do not show yet. */
  async health(): Promise<PartHealth> {
    const lag = await Promise.all([
      this.parts.ledger.size(this.controller),
      this.parts.projections.progress(this.controller),
    ]).then(
      ([size, { settled }]) => Math.max(0, size - settled),
      () => null,
    );
    const ready = this.state !== 'store-failing' && this.state !== 'stopped';
    return { ready, state: this.state, lag, misconfigured: false };
  }

  /**
   * Brings the boards to the end that the log has now, and returns. Throws StoreFailure, and Elsewhere where another
   * process writes them.
   */
  async catchUp(onStep: (step: Step) => void = () => undefined): Promise<void> {
    for await (const step of this.work('until the end')) onStep(step);
  }

  private async untilStopped(): Promise<void> {
    const { signal } = this.stopping;
    const backOff = new BackOff();
    while (!signal.aborted) {
      try {
        for await (const step of this.work('for ever')) if (step.made > 0) backOff.reset();
      } catch (error) {
        if (error instanceof Elsewhere) {
          this.state = 'elsewhere';
          await pause(ELSEWHERE_MS, signal);
          continue;
        }
        if (this.state !== 'store-failing') this.log.warn(`failed: ${JSON.stringify(describeFailure(error))}`);
        this.state = 'store-failing';
        await backOff.wait(signal);
      }
    }
  }

  /**
   * One step for each yield. Reading is cheap and making rows is dear: what is there is read first, so that a dossier is
   * looked at once for all that came.
   */
  private async *work(how: 'for ever' | 'until the end'): AsyncGenerator<Step> {
    const { signal } = this.stopping;
    const rulebook = this.parts.controllers.rulebook(this.controller);
    if (rulebook === undefined) return;
    const courtesy = new Courtesy(signal);
    const position = await this.begin();
    const end = how === 'for ever' ? Number.POSITIVE_INFINITY : await this.parts.ledger.size(this.controller);
    const stop = new AbortController();
    const log = new Incoming(
      this.parts.ledger.follow(this.controller, position, AbortSignal.any([signal, stop.signal])),
    );
    try {
      let read = position;
      let looked = '';
      while (!signal.aborted) {
        const batch = read >= end ? 'nothing yet' : await log.soon(looked === this.today() ? LOOK_EVERY_MS : 0);
        if (batch === 'ended') return;
        if (batch !== 'nothing yet') {
          read = await this.note(batch);
          looked = '';
          await courtesy.between();
          yield { read, made: 0 };
          continue;
        }
        if (looked === this.today()) {
          if (read >= end) return;
          continue;
        }
        const day = this.today();
        const made = await this.makeRows(day, rulebook, courtesy);
        if (made === 0) looked = day;
        else yield { read, made };
      }
    } finally {
      // Whoever waits for the log to grow is let go.
      stop.abort();
    }
  }

  private today(): string {
    return today(this.parts.clock.now(), this.parts.controllers.rulebook(this.controller)?.zone ?? 'UTC');
  }

  /** The next entry to read. With other packs than those of the rows, everybody is to be looked at again. */
  private async begin(): Promise<number> {
    const { projections, controllers } = this.parts;
    if (!(await this.isOfThisLog())) {
      this.log.warn('the boards are of another log, as after a restore: they are made again');
      await projections.clear();
    }
    const { version, position, rules } = await projections.progress(this.controller);
    this.version = version;
    if (rules !== controllers.fingerprint) {
      this.wrote(await projections.reevaluate(this.controller, version, controllers.fingerprint));
    }
    this.state = 'projecting';
    return position;
  }

  /** Whether the log still has the entry that was read last: one that was restored may be shorter, or go on otherwise. */
  private async isOfThisLog(): Promise<boolean> {
    const { position, last } = await this.parts.projections.progress(this.controller);
    if (position === 0) return true;
    const [entry] = await this.parts.ledger.entries(this.controller, position - 1, 1);
    return entry?.event.id === last;
  }

  /** Gives the next entry to read. */
  private async note(entries: readonly Recorded[]): Promise<number> {
    const { ledger, projections } = this.parts;
    const touched = await touchedBy(entries, ledger, this.controller);
    const { position, event } = entries.at(-1)!;
    const read = { position: position + 1, last: event.id };
    this.wrote(await projections.touch(this.controller, this.version, { ...touched, ...read }));
    return read.position;
  }

  /** How many people's rows were made. */
  private async makeRows(day: string, rulebook: Rulebook, courtesy: Courtesy): Promise<number> {
    const { ledger, projections } = this.parts;
    const stale = await projections.stale(this.controller, day, PEOPLE_AT_ONCE);
    this.state = stale.length > 0 && stale.every(({ why }) => why === 'round') ? 'reevaluating' : 'projecting';
    if (stale.length === 0) return 0;
    const made = await standingsOf(stale, day, { controller: this.controller, ledger, rulebook, courtesy });
    this.wrote(await projections.store(this.controller, this.version, made));
    return made.length;
  }

  private wrote(version: number | undefined): void {
    if (version === undefined) throw new Elsewhere();
    this.version = version;
  }
}

type Came = IteratorResult<readonly Recorded[]> | { readonly failure: unknown };

/** Batches of a log as they come: asked for one at a time, and not waited for by more than one. */
class Incoming {
  readonly #batches: AsyncIterator<readonly Recorded[]>;
  #came: Came | undefined;
  #isAsked = false;
  #wake: () => void = () => undefined;

  constructor(batches: AsyncIterable<readonly Recorded[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** The next batch, waited for so many milliseconds; with none at least others have had their turn. */
  async soon(waitMs: number): Promise<readonly Recorded[] | 'nothing yet' | 'ended'> {
    if (!this.#isAsked) this.#ask();
    if (waitMs === 0) await nextTurn();
    else if (this.#came === undefined) await this.#arrival(waitMs);
    const came = this.#came;
    if (came === undefined) return 'nothing yet';
    if ('failure' in came) throw came.failure;
    if (came.done === true) return 'ended';
    this.#isAsked = false;
    this.#came = undefined;
    return came.value;
  }

  #ask(): void {
    this.#isAsked = true;
    const come = (came: Came): void => {
      this.#came = came;
      this.#wake();
    };
    this.#batches.next().then(come, (failure: unknown) => come({ failure }));
  }

  async #arrival(waitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, waitMs);
    });
    clearTimeout(timer);
    this.#wake = () => undefined;
  }
}
