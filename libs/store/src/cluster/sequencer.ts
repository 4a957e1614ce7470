/**
 * The sequencer of one log: takes what was accepted, appends it to the event log, grows and signs the tree, and stores the
 * places. Any number may run, of any age: the event log takes a group only at the size of the tree that its sender holds,
 * so one that was overtaken finds out, and steps down. Whoever takes the lead first reads from the log what the one before
 * did not come to store.
 */
import { leafHash, Tree, TreeFailure } from '#proof';
import { StoreFailure, type LogKey } from '../ports.js';
import { sha256 } from '../sealing/hashing.js';
import { GrowingLog, type TimedSigner } from '../tree/growing-log.js';
import { rootOfHead } from '../tree/head.js';
import { BackOff } from './back-off.js';
import { groupBytesMax, groupEntriesMax, type EventLog, type LogName } from './event-log.js';
import { checkLastEntries } from './startup-check.js';
import type { Accepted, AcceptedEvent, Placement, StoredTree } from './sequencing.js';

export interface SequencerOptions {
  readonly log: LogName;
  readonly eventLog: EventLog;
  readonly accepted: Accepted;
  readonly placement: Placement;
  /** Who signs by these keys. */
  readonly signersOf: (keys: readonly LogKey[]) => Promise<readonly TimedSigner[]>;
  readonly hooks?: SequencerHooks;
}

/** Moments at which a test ends or stops a sequencer. */
export interface SequencerHooks {
  /** A group was taken, and is not in the log. */
  readonly beforeAppend?: () => Promise<void>;
  /** The group is in the log, and its places are not stored. */
  readonly beforePlacement?: () => Promise<void>;
  readonly afterPlacement?: () => Promise<void>;
}

export type SequencerState =
  /** Another leads, or the lead is being taken. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'leading'; readonly size: number }
  /** Tries again soon. */
  | { readonly kind: 'failing'; readonly failure: StoreFailure }
  | { readonly kind: 'ended' };

/** How long to wait for a notice of new events before looking for them. */
const LOOK_MS = 500;

export class Sequencer {
  readonly #options: SequencerOptions;
  #state: SequencerState = { kind: 'ended' };
  #checked: Promise<void> | undefined;

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  get state(): SequencerState {
    return this.#state;
  }

  /**
   * Tries the stored tree and the last entries, once; after what may pass it can be asked again. Throws StoreFailure
   * `corrupt`, naming the place.
   */
  check(): Promise<void> {
    this.#checked ??= this.#check().catch((failure: unknown) => {
      if (failure instanceof StoreFailure && failure.retryable) this.#checked = undefined;
      throw failure;
    });
    return this.#checked;
  }

  async #check(): Promise<void> {
    const { log, eventLog, placement } = this.#options;
    const stored = await placement.stored(log);
    resumed(log, stored);
    await checkLastEntries(log, stored.size, placement, eventLog);
  }

  /**
   * Works until the signal. What may pass is waited out, whatever it is; throws StoreFailure `corrupt`, and what else does
   * not pass by waiting: then somebody has to look.
   */
  async run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff();
    try {
      while (!signal.aborted) {
        try {
          this.#state = { kind: 'waiting' };
          await this.#leadOnce(signal, backOff);
        } catch (failure) {
          if (!(failure instanceof StoreFailure) || !failure.retryable) throw failure;
          this.#state = { kind: 'failing', failure };
        }
        await backOff.pause(signal);
      }
    } finally {
      this.#state = { kind: 'ended' };
    }
  }

  /**
   * Places what the event log has beyond the tree, as far as it was accepted; for whoever keeps others from sequencing.
   * Gives how many entries have a place then. Throws StoreFailure.
   */
  async placeLogged(signal: AbortSignal): Promise<number> {
    await this.check();
    const growing = await this.#open();
    await this.#catchUp(growing, signal);
    return growing.size;
  }

  /** From taking the lead to losing it. */
  async #leadOnce(signal: AbortSignal, backOff: BackOff): Promise<void> {
    const { log, placement, accepted } = this.#options;
    const lead = await placement.lead(log, signal);
    if (lead === undefined) return;
    const until = AbortSignal.any([signal, lead.lost]);
    const news = accepted.listen(log);
    try {
      await this.check();
      const growing = await this.#open();
      const caught = await this.#catchUp(growing, until);
      if (caught === 'unknown') throw corrupt(log, `entry ${growing.size} of the event log was never accepted`);
      if (caught === 'overtaken') return;
      while (!until.aborted) {
        this.#state = { kind: 'leading', size: growing.size };
        const group = withinBounds(await accepted.pending(log, groupEntriesMax));
        if (group.length === 0) await news.wait(LOOK_MS, until);
        else if (!until.aborted && !(await this.#sequence(growing, group))) return;
        backOff.reset();
      }
    } finally {
      news.close();
      await lead.release();
    }
  }

  /** Takes the stored tree up again, and makes sure that it is a tree of this log. */
  async #open(): Promise<GrowingLog> {
    const { log, eventLog, placement, signersOf } = this.#options;
    const stored = await placement.stored(log);
    const tree = resumed(log, stored);
    if (stored.lastLeaf !== undefined) {
      const [last] = await eventLog.read(log, stored.size - 1, 1);
      // The log is older than the tree, or another's: what would be appended to it could never be proved.
      if (last === undefined || !same(leafHash(sha256, last.entry), stored.lastLeaf)) {
        throw corrupt(log, `the event log has another entry ${stored.size - 1} than the tree`);
      }
    }
    const signers = await signersOf(stored.keys);
    return new GrowingLog(stored.origin, tree, signers, stored.head);
  }

  /** Places what is in the log already, up to the first entry that was never accepted. */
  async #catchUp(growing: GrowingLog, until: AbortSignal): Promise<'all' | 'unknown' | 'overtaken'> {
    const { log, eventLog, accepted } = this.#options;
    while (!until.aborted) {
      const entries = await eventLog.read(log, growing.size, groupEntriesMax);
      if (entries.length === 0) return 'all';
      const events = await accepted.find(
        log,
        entries.map(({ id }) => id),
      );
      const known: AcceptedEvent[] = [];
      for (const [i, { entry }] of entries.entries()) {
        const event = events[i];
        if (event === undefined || !same(leafHash(sha256, entry), event.leaf)) break;
        known.push(event);
      }
      if (known.length > 0 && !(await this.#place(growing, known))) return 'overtaken';
      if (known.length < entries.length) return 'unknown';
    }
    return 'overtaken';
  }

  /** One group through the log; false where this sequencer was overtaken, and what it holds of the tree is old. */
  async #sequence(growing: GrowingLog, group: readonly AcceptedEvent[]): Promise<boolean> {
    const { log, eventLog, hooks } = this.#options;
    await hooks?.beforeAppend?.();
    const answer = await eventLog.append(log, growing.size, group);
    if (answer.kind === 'wrong-size') return false;
    await hooks?.beforePlacement?.();
    const placed = await this.#place(growing, group);
    if (placed) await hooks?.afterPlacement?.();
    return placed;
  }

  async #place(growing: GrowingLog, events: readonly AcceptedEvent[]): Promise<boolean> {
    const { log, placement } = this.#options;
    const from = growing.size;
    growing.begin();
    try {
      for (const { leaf } of events) growing.append(leaf);
      // Who signs is told by when the last of them was recorded: the time of this process says nothing of the log.
      const growth = growing.grow(events.reduce((most, { recorded }) => Math.max(most, recorded), 0));
      const placed = (await placement.place(log, { from, events, growth, keys: growing.keys })) === 'placed';
      if (!placed) growing.undo();
      return placed;
    } catch (failure) {
      growing.undo();
      throw failure;
    }
  }
}

/** As many of the first events as a group may hold; one fits always, since an entry has at most 16 KiB. */
function withinBounds(events: readonly AcceptedEvent[]): readonly AcceptedEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ entry }) => (bytes += entry.length) > groupBytesMax);
  return end === -1 ? events : events.slice(0, end);
}

function resumed(log: LogName, { size, edge, partialTiles, head, origin, keys }: StoredTree): Tree {
  const [verifierKey = '', ...laterKeys] = keys.map((key) => key.verifierKey);
  const signed = rootOfHead(head, { origin, verifierKey, laterKeys }, size);
  if ('fault' in signed) throw corrupt(log, signed.fault);
  try {
    const tree = Tree.resume(sha256, { size, hashes: edge }, partialTiles);
    if (!same(signed.root, tree.root())) throw corrupt(log, 'root of the head');
    return tree;
  } catch (failure) {
    if (failure instanceof TreeFailure) throw corrupt(log, failure.code);
    throw failure;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function corrupt({ controller, generation }: LogName, place: string): StoreFailure {
  return new StoreFailure('corrupt', `the store is damaged: log ${controller}/${generation}, ${place}`, false);
}
