/**
 * Accepting: one transaction for a batch of actions, after which they are durable and can only be placed. What is known
 * already is judged and left out; an action that another server accepts at the same moment makes the whole batch begin
 * again, and is then known.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { leafHash } from '#proof';
import type { Instant } from '#ledger';
import { StoreFailure, type Expectation } from '../ports.js';
import { isReportedDestruction, joining } from '../destruction/reported.js';
import { joined, type Joining } from './joins.js';
import type { Controller, Rules } from '../sealing/controller.js';
import type { ContentDigest } from '../sealing/draft.js';
import { sha256 } from '../sealing/hashing.js';
import type { Made } from '../sealing/known.js';
import { eventName } from '../sealing/naming.js';
import { judgeRepeat } from '../sealing/repeat.js';
import { StoreScribe } from '../sealing/scribe.js';
import { idText } from '../sealing/mint.js';
import { DIGEST_LABEL, sealBox, TEXT_LABEL } from '../sealing/seal.js';
import { Opener } from '../sealing/whole-key.js';
import { acceptanceOf, contentHashOf, repeatOf, sameBatch, type AcceptedBatch, type Acceptance, type AnyAction, type New } from './acceptance.js'; // prettier-ignore
import { ACCEPT, SAME_EVENT } from './accept-statements.js';
import { BatchLine, Overtaken, type Passage } from './batch-line.js';
import { want, Wants } from './drafting.js';
import { isGrown } from './grown.js';
import type { KeyStore } from './key-store.js';
import { lateValues } from './late-values.js';
import { NameCache, refresh } from './name-cache.js';
import { Names } from './names.js';
import { StatementRefused } from './postgres-failure.js';
import type { Postgres, Queries, Row } from './postgres.js';
import type { RecentlyAccepted } from './recently-accepted.js';
import type { AcceptedEvent } from './sequencing.js';

/** Actions of one transaction. */
export const BATCH_ACTIONS = 1000;
/** Preparing gives the loop away after so long: other requests go on, and PostgreSQL gets the next statement of the batch before. */
const SLICE_MS = 10;
/** A batch that is overtaken so often meets something else than bad luck. */
const TRIES = 8;

/**
 * First key of the advisory locks between those who accept (shared) and those who shred, or correct what may be on its
 * way (alone); the second is the controller's number.
 */
export const ACCEPT_LOCK = 0x616363;

/** An action, and the API key that sent it, where one did. */
export interface Sent {
  readonly action: AnyAction;
  readonly sender: Uint8Array | null;
  /** What it was decided on; such an action is a batch by itself. */
  readonly expecting?: Expectation | undefined;
}

export class Acceptor {
  readonly #postgres: Postgres;
  readonly #keys: KeyStore;
  readonly #recent: RecentlyAccepted;
  /** By the controller's number. */
  readonly #lines = new Map<number, BatchLine>();

  constructor(postgres: Postgres, keys: KeyStore, recent: RecentlyAccepted) {
    this.#postgres = postgres;
    this.#keys = keys;
    this.#recent = recent;
  }

  /**
   * Accepts a batch, all of it or nothing. `recordedMs` is stamped on every event. Throws StoreFailure; where that is
   * `unavailable` the batch may nevertheless have been accepted, and to send it again is harmless.
   */
  async accept(
    controller: Controller,
    rules: Rules,
    sent: readonly Sent[],
    recordedMs: number,
  ): Promise<AcceptedBatch> {
    const line = this.#lineOf(controller);
    for (let tries = 1; ; tries++) {
      let batch: Batch | undefined;
      let isCommitted = false;
      try {
        const accepted = await this.#postgres.transaction((queries) => {
          batch = new Batch(controller, rules, queries, this.#keys, recordedMs, line);
          return batch.accept(sent);
        });
        isCommitted = true;
        this.#recent.add(controller.no, batch?.events ?? []);
        return accepted;
      } catch (failure) {
        if (!isOvertaken(failure)) throw failure;
        if (tries >= TRIES) throw new StoreFailure('unavailable', 'a batch was overtaken again and again', true);
      } finally {
        batch?.passage?.end(isCommitted);
      }
    }
  }

  #lineOf({ no }: Controller): BatchLine {
    let line = this.#lines.get(no);
    if (line === undefined) {
      line = new BatchLine(new NameCache());
      this.#lines.set(no, line);
    }
    return line;
  }
}

/** Another was faster, or PostgreSQL ended the transaction for the sake of another: nothing of it is there. */
function isOvertaken(failure: unknown): boolean {
  if (failure instanceof StatementRefused) return failure.constraint === SAME_EVENT;
  if (failure instanceof StoreFailure) return /\((40001|40P01)\)$/.test(failure.message);
  return failure instanceof Overtaken;
}

/** Does something with each action that is new and can be written so far, in slices. */
type Each = (work: (action: AnyAction, i: number) => void) => Promise<void>;

class Batch {
  readonly #controller: Controller;
  readonly #rules: Rules;
  readonly #queries: Queries;
  readonly #keys: KeyStore;
  readonly #recordedMs: number;
  readonly #recorded: Instant;

  readonly #line: BatchLine;
  /** Where it stands among the batches of this process, once it has anything to write. */
  passage: Passage | undefined;
  /** What is accepted when the batch is committed. */
  events: readonly AcceptedEvent[] = [];

  constructor(
    controller: Controller,
    rules: Rules,
    queries: Queries,
    keys: KeyStore,
    recordedMs: number,
    line: BatchLine,
  ) {
    this.#line = line;
    this.#controller = controller;
    this.#rules = rules;
    this.#queries = queries;
    this.#keys = keys;
    this.#recordedMs = recordedMs;
    this.#recorded = new Date(recordedMs).toISOString();
  }

  async accept(sent: readonly Sent[]): Promise<AcceptedBatch> {
    const actions = sent.map(({ action }) => action);
    const { no } = this.#controller;
    const expecting = sent[0]?.expecting;
    // Whoever counts what is there must not overlook what another server is just accepting.
    const alone = expecting !== undefined || actions.some(({ name }) => name === 'corrected');
    await this.#queries.rows(alone ? ACCEPT.alone : ACCEPT.share, [ACCEPT_LOCK, no]);
    const [floor] = await this.#queries.rows(ACCEPT.floor, [no]);
    const told = await refresh(this.#line.cache, this.#queries, no, (floor?.['told'] as number | undefined) ?? 0);
    const ids = actions.map((action) => this.#idOf(action));
    const names = ids.map((id) => id?.toString('hex'));
    const known = await this.#known(names);
    if (expecting !== undefined && !known.has(names[0] ?? '') && (await isGrown(this.#queries, no, expecting))) {
      const failure = new StoreFailure('changed', 'a dossier has grown since it was read', false);
      return { acceptances: [{ kind: 'failed', failure }], floor: 0 };
    }
    const firsts = new Map<string, number>();
    names.forEach((name, i) => {
      if (name !== undefined && !known.has(name) && !firsts.has(name)) firsts.set(name, i);
    });
    const isNew = (name: string | undefined, i: number) => name === undefined || firsts.get(name) === i;
    const fresh = sent.map((one, i) => (isNew(names[i], i) ? one : undefined));
    const written = await this.#write(fresh, ids, told);
    const judged = await this.#judge(actions, names, known);
    const acceptances = names.map((name, i): Acceptance => {
      if (isNew(name, i)) return acceptanceOf(written[i]);
      return judged[i] ?? sameBatch(actions[i]!, written[firsts.get(name!)!]);
    });
    return { acceptances, floor: (floor?.['size'] as number | undefined) ?? 0 };
  }

  /** The id of the first event; undefined of Depter's own that have none yet: they are never sent twice. */
  #idOf(action: AnyAction): Buffer | undefined {
    if (action.kind === 'own') return action.event && Buffer.from(action.event, 'base64url');
    return eventName(this.#controller.intakeKey, action.source, action.id, 0);
  }

  async #known(names: readonly (string | undefined)[]): Promise<Map<string, Row>> {
    const ids = [...new Set(names)].flatMap((name) => (name === undefined ? [] : [Buffer.from(name, 'hex')]));
    if (ids.length === 0) return new Map();
    const rows = await this.#queries.rows(ACCEPT.known, [this.#controller.no, ids]);
    return new Map(rows.map((row) => [(row['id'] as Buffer).toString('hex'), row]));
  }

  /** Judges the actions that were there before; undefined for all others. */
  async #judge(
    actions: readonly AnyAction[],
    names: readonly (string | undefined)[],
    known: ReadonlyMap<string, Row>,
  ): Promise<(Acceptance | undefined)[]> {
    if (known.size === 0) return [];
    const rows = [...known.values()];
    const dossiers = await this.#keys.whole(
      this.#controller.id,
      rows.filter(({ digest }) => digest === null).map(({ subject }) => subject as Buffer),
    );
    const keys = await this.#keys.byId(
      this.#controller.id,
      rows.filter(({ digest }) => digest !== null).map(({ key }) => key as Buffer),
      DIGEST_LABEL,
    );
    return actions.map((action, i) => {
      const row = names[i] === undefined ? undefined : known.get(names[i]);
      if (row === undefined) return undefined;
      if (action.kind === 'own') return repeatOf(row);
      const subject = row['subject'] as Buffer;
      const digest: ContentDigest | null =
        row['digest'] === null ? null : { key: row['key'] as Buffer, digest: row['digest'] as Buffer };
      const judged = judgeRepeat({ digest: null, contentHash: contentHashOf(action) }, digest, {
        alive: () => dossiers.has(subject.toString('hex')),
        opener: () => new Opener(this.#controller.id, subject.length === 0 ? null : subject, keys),
      });
      return judged === 'repeated' ? repeatOf(row) : { kind: judged };
    });
  }

  /** Writes and inserts the actions that are new; a failure stands in the place of one that cannot be written. */
  async #write(
    sent: readonly (Sent | undefined)[],
    ids: readonly (Buffer | undefined)[],
    told: number,
  ): Promise<(New | { failure: unknown } | undefined)[]> {
    const results: (New | { failure: unknown } | undefined)[] = sent.map(() => undefined);
    const each: Each = async (work) => {
      let sliceEnd = performance.now() + SLICE_MS;
      for (const [i, one] of sent.entries()) {
        if (one === undefined || (results[i] !== undefined && 'failure' in results[i])) continue;
        try {
          work(one.action, i);
        } catch (failure) {
          results[i] = { failure };
        }
        if (performance.now() < sliceEnd) continue;
        await nextTurn();
        sliceEnd = performance.now() + SLICE_MS;
      }
    };
    if (sent.every((one) => one === undefined)) return results;
    const passage = (this.passage = this.#line.enter(told));
    const names = await passage.name((known) => this.#resolve(new Names(this.#controller, this.#queries, this.#keys, known, passage.names), each, ids)); // prettier-ignore
    await each((action, i) => {
      const scribe = new StoreScribe<Made>(
        names,
        this.#rules,
        this.#controller,
        action,
        this.#recorded,
        sealBox,
        ids[i],
      );
      results[i] = { ...scribe.draft(this.#recordedMs, false), sender: sent[i]!.sender, seq: 0, last: 0 };
    });
    const drafts = results.filter((result): result is New => result !== undefined && !('failure' in result));
    await passage.write(() => (drafts.length > 0 ? this.#insert(drafts, names) : Promise.resolve()));
    await names.keysAdded;
    return results;
  }

  /** Finds or makes all that the actions name. */
  async #resolve(names: Names, each: Each, ids: readonly (Buffer | undefined)[]): Promise<Names> {
    const wants = new Wants();
    const subjectOf = (identity: string) => names.subjectOf(identity);
    const isAllTold = (action: AnyAction, i: number) =>
      want(action, this.#controller, this.#rules, wants, subjectOf, ids[i]);
    const unknown = new Set<AnyAction>();
    await each((action, i) => {
      if (!isAllTold(action, i)) unknown.add(action);
    });
    await names.resolveDossiers(wants);
    await each((action, i) => {
      if (unknown.has(action)) isAllTold(action, i);
    });
    await names.resolveReferences(wants);
    await names.resolveTies(wants);
    return names;
  }

  async #insert(drafts: readonly New[], names: Names): Promise<void> {
    const { no, id: controller } = this.#controller;
    const count = drafts.reduce((sum, { events }) => sum + events.length, 0);
    const [taken] = await this.#queries.rows(ACCEPT.numbers, [count]);
    const numbers = (taken!['seqs'] as string).split(',').map(Number);
    numbers.sort((a, b) => a - b);
    let next = 0;
    const rows = drafts.flatMap((draft) => {
      draft.seq = numbers[next]!;
      const events = draft.events.map((event) => ({ event, seq: numbers[next++]!, first: draft.seq }));
      draft.last = numbers[next - 1]!;
      return events;
    });
    const leaves = rows.map(({ event }) => leafHash(sha256, event.entry));
    await this.#queries.run(ACCEPT.events, [
      no,
      this.#recordedMs,
      rows.map(({ seq }) => seq),
      rows.map(({ event }) => event.id),
      rows.map(({ event }) => event.subject ?? new Uint8Array(0)),
      rows.map(({ event }) => event.accessed),
      rows.map(({ event }) => event.type),
      rows.map(({ event }) => event.entry),
      leaves,
      rows.map(({ seq, first }) => (seq === first ? null : first)),
    ]);
    this.events = rows.map(({ event, seq }, i) => ({
      seq,
      id: event.id,
      subject: event.subject === null ? null : idText(event.subject),
      type: event.type,
      recorded: this.#recordedMs,
      entry: event.entry,
      leaf: leaves[i]!,
    }));
    const valued = rows.flatMap(({ event, seq, first }) => event.boxes.map((box) => ({ ...box, event, seq, first })));
    const late = await lateValues(this.#queries, no, valued);
    const boxes = valued.filter((box) => !late.has(box));
    for (const { first } of late) drafts.find(({ seq }) => seq === first)!.digest = null;
    const digests = drafts.filter(({ digest, sender }) => digest !== null || sender !== null);
    await this.#queries.rows(ACCEPT.rest, [
      no,
      controller,
      numbers,
      boxes.map(({ seq }) => seq), boxes.map(({ label }) => label), boxes.map(({ key }) => key), boxes.map(({ box }) => box),
      digests.map(({ seq }) => seq), digests.map(({ digest }) => digest?.key ?? null),
      digests.map(({ digest }) => digest?.digest ?? null), digests.map(({ sender }) => sender),
    ]); // prettier-ignore
    const linked = await this.#link(names);
    await this.#correct(drafts, rows);
    const reported = rows.flatMap(({ event, seq }): Joining[] =>
      event.subject !== null && isReportedDestruction(event.entry)
        ? [{ seq, event: event.id, subject: event.subject }]
        : [],
    );
    const owed = [...reported, ...(await joined(this.#queries, no, rows, linked))];
    if (owed.length > 0) {
      await this.#queries.run(ACCEPT.owed, [
        no, owed.map(({ seq }) => seq), owed.map(({ event }) => event), owed.map(({ subject }) => subject),
      ]); // prettier-ignore
    }
  }

  /** The dossiers that got a link that was not there, in hex. */
  async #link({ links }: Names): Promise<ReadonlySet<string>> {
    if (links.size === 0) return new Set();
    const ends = [...links.values()];
    const both = [...ends, ...ends.map(({ subject, other }) => ({ subject: other, other: subject }))];
    const made = await this.#queries.rows(ACCEPT.links, [
      this.#controller.no,
      both.map(({ subject }) => subject),
      both.map(({ other }) => other),
    ]);
    return new Set(made.map(({ subject }) => (subject as Buffer).toString('hex')));
  }

  /** The values of an event that is corrected are erased, and its action's digest, whichever of the two came first; its notes stay. */
  async #correct(
    drafts: readonly New[],
    rows: readonly { readonly event: New['events'][number]; readonly seq: number }[],
  ): Promise<void> {
    const { no } = this.#controller;
    const corrections = rows.flatMap(({ event, seq }) =>
      event.corrects === null ? [] : [{ target: event.corrects, seq }],
    );
    if (corrections.length > 0) {
      await this.#queries.run(ACCEPT.corrections, [
        no,
        corrections.map(({ target }) => target),
        corrections.map(({ seq }) => seq),
      ]);
    }
    const touched = drafts.filter(({ events }) =>
      events.some(
        ({ entry, boxes }) => joining(entry) !== undefined || boxes.some(({ label }) => label !== TEXT_LABEL),
      ),
    );
    const firsts = touched.map(({ events }) => events[0]!.id);
    const corrected = firsts.length === 0 ? [] : await this.#queries.rows(ACCEPT.corrected, [no, firsts]);
    const erased = [...corrections.map(({ target }) => target), ...corrected.map(({ target }) => target as Buffer)];
    if (erased.length === 0) return;
    await this.#queries.run(ACCEPT.erase, [no, erased]);
    await this.#queries.run(ACCEPT.correctedLinks, [no, erased]);
  }
}
