/**
 * Accepting: one transaction for a batch of actions, after which they are durable and can only be placed. What is known
 * already is judged and left out; an action that another server accepts at the same moment makes the whole batch begin
 * again, and is then known.
 */
import { leafHash } from '#proof';
import type { Instant } from '#ledger';
import { StoreFailure, type Expectation } from '../ports.js';
import { isReportedDestruction } from '../destruction/reported.js';
import type { Controller, Rules } from '../sealing/controller.js';
import type { ContentDigest } from '../sealing/draft.js';
import { sha256 } from '../sealing/hashing.js';
import type { Made } from '../sealing/known.js';
import { eventName } from '../sealing/naming.js';
import { judgeRepeat } from '../sealing/repeat.js';
import { StoreScribe } from '../sealing/scribe.js';
import { DIGEST_LABEL, TEXT_LABEL } from '../sealing/seal.js';
import { Opener } from '../sealing/whole-key.js';
import { acceptanceOf, contentHashOf, repeatOf, sameBatch, type AcceptedBatch, type Acceptance, type AnyAction, type New } from './acceptance.js'; // prettier-ignore
import { want, Wants } from './drafting.js';
import { isGrown } from './grown.js';
import type { KeyStore } from './key-store.js';
import { lateValues } from './late-values.js';
import { NameCache, type NewNames } from './name-cache.js';
import { Names } from './names.js';
import type { Postgres, Queries, Row } from './postgres.js';
import { PENDING_CHANNEL } from './sequencing-postgres.js';

/** Actions of one transaction. */
export const BATCH_ACTIONS = 1000;
/** A batch that is overtaken so often meets something else than bad luck. */
const TRIES = 8;

/**
 * First key of the advisory locks between those who accept (shared) and those who shred, or correct what may be on its
 * way (alone); the second is the controller's number.
 */
export const ACCEPT_LOCK = 0x616363;

const SQL = {
  share: { name: 'accept-share', text: 'SELECT pg_advisory_xact_lock_shared($1, $2)' },
  alone: { name: 'accept-alone', text: 'SELECT pg_advisory_xact_lock($1, $2)' },
  floor: {
    name: 'accept-floor',
    text: `SELECT g.base + g.size AS size,
        CASE WHEN EXISTS (SELECT FROM depter.destructions d WHERE d.controller = c.no) THEN NULL ELSE c.shreds END AS shreds
      FROM depter.controllers c JOIN depter.generations g ON g.controller = c.no
      WHERE c.no = $1 ORDER BY g.generation DESC LIMIT 1`,
  },
  known: {
    name: 'accept-known',
    text: `SELECT e.id, e.seq, e.subject, e.entry, d.key, d.digest, p.position,
        (SELECT max(l.seq) FROM depter.events l WHERE l.first_seq = e.seq) AS last
      FROM depter.events e LEFT JOIN depter.digests d USING (seq) LEFT JOIN depter.placed p USING (seq)
      WHERE e.controller = $1 AND e.id = ANY ($2::bytea[])`,
  },
  numbers: {
    name: 'accept-numbers',
    text: `SELECT nextval('depter.events_seq_seq') AS seq FROM generate_series(1, $1)`,
  },
  events: {
    name: 'accept-events',
    text: `INSERT INTO depter.events (seq, controller, id, subject, accessed, recorded, type, entry, leaf, first_seq)
      OVERRIDING SYSTEM VALUE
      SELECT e.seq, $1, e.id, e.subject, e.accessed, $2, e.type, e.entry, e.leaf, e.first_seq
      FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::boolean[], $7::text[], $8::bytea[], $9::bytea[], $10::bigint[])
        AS e (seq, id, subject, accessed, type, entry, leaf, first_seq)
      ON CONFLICT (controller, id) DO NOTHING`,
  },
  /** What hangs on the events, and the word to the sequencer, which it hears with the commit. */
  rest: {
    name: 'accept-rest',
    text: `WITH pending AS (
        INSERT INTO depter.pending (controller, seq) SELECT $1, unnest($3::bigint[])
      ), boxes AS (
        INSERT INTO depter.sealed (seq, label, key, box)
        SELECT * FROM unnest($4::bigint[], $5::text[], $6::bytea[], $7::bytea[])
      ), digests AS (
        INSERT INTO depter.digests (seq, key, digest, sender)
        SELECT d.seq, d.key, d.digest, k.no
        FROM unnest($8::bigint[], $9::bytea[], $10::bytea[], $11::bytea[]) AS d (seq, key, digest, sender)
        LEFT JOIN depter.access_keys k ON k.id = d.sender
      )
      SELECT pg_notify('${PENDING_CHANNEL}', $2)`,
  },
  owed: {
    name: 'accept-owed',
    text: `INSERT INTO depter.owed_destructions (controller, seq, event, subject)
      SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::bytea[])`,
  },
  links: {
    name: 'accept-links',
    text: `INSERT INTO depter.links (controller, subject, other)
      SELECT $1, l.subject, l.other FROM unnest($2::bytea[], $3::bytea[]) AS l (subject, other)
      ORDER BY 2, 3 ON CONFLICT DO NOTHING`,
  },
  corrections: {
    name: 'accept-corrections',
    text: `INSERT INTO depter.corrections (controller, target, seq) SELECT $1, * FROM unnest($2::bytea[], $3::bigint[])
      ON CONFLICT DO NOTHING`,
  },
  corrected: {
    name: 'accept-corrected',
    text: 'SELECT DISTINCT target FROM depter.corrections WHERE controller = $1 AND target = ANY ($2::bytea[])',
  },
  erase: {
    name: 'accept-erase',
    text: `WITH corrected AS (
        SELECT seq FROM depter.events WHERE controller = $1 AND id = ANY ($2::bytea[])
        UNION ALL SELECT p.seq FROM depter.events f JOIN depter.events p ON p.first_seq = f.seq
          WHERE f.controller = $1 AND f.id = ANY ($2::bytea[])
      ), digests AS (UPDATE depter.digests SET key = NULL, digest = NULL WHERE seq IN (SELECT seq FROM corrected))
      DELETE FROM depter.sealed WHERE label <> '${TEXT_LABEL}' AND seq IN (SELECT seq FROM corrected)`,
  },
};

/** An action, and the API key that sent it, where one did. */
export interface Sent {
  readonly action: AnyAction;
  readonly sender: Uint8Array | null;
  /** What it was decided on; such an action is a batch by itself. */
  readonly expecting?: Expectation | undefined;
}

/** Another server was faster with one of the actions. */
class Overtaken extends Error {}

export class Acceptor {
  readonly #postgres: Postgres;
  readonly #keys: KeyStore;
  /** By the controller's number. */
  readonly #caches = new Map<number, NameCache>();

  constructor(postgres: Postgres, keys: KeyStore) {
    this.#postgres = postgres;
    this.#keys = keys;
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
    const cache = this.#cacheOf(controller);
    for (let tries = 1; ; tries++) {
      try {
        let batch: Batch | undefined;
        const accepted = await this.#postgres.transaction((queries) => {
          batch = new Batch(controller, rules, queries, this.#keys, recordedMs, cache);
          return batch.accept(sent);
        });
        if (batch?.learnt !== undefined) cache.learn(batch.learnt.shreds, batch.learnt.names);
        return accepted;
      } catch (failure) {
        if (!(failure instanceof Overtaken) && !isDeadlock(failure)) throw failure;
        if (tries >= TRIES) throw new StoreFailure('unavailable', 'a batch was overtaken again and again', true);
      }
    }
  }

  #cacheOf({ no }: Controller): NameCache {
    let cache = this.#caches.get(no);
    if (cache === undefined) {
      cache = new NameCache();
      this.#caches.set(no, cache);
    }
    return cache;
  }
}

/** PostgreSQL ended the transaction for the sake of another: nothing of it is there. */
function isDeadlock(failure: unknown): boolean {
  return failure instanceof StoreFailure && /\((40001|40P01)\)$/.test(failure.message);
}

class Batch {
  readonly #controller: Controller;
  readonly #rules: Rules;
  readonly #queries: Queries;
  readonly #keys: KeyStore;
  readonly #recordedMs: number;
  readonly #recorded: Instant;

  readonly #cache: NameCache;
  /** What is known when the batch is committed. */
  learnt: { readonly shreds: number | null; readonly names: NewNames } | undefined;

  constructor(
    controller: Controller,
    rules: Rules,
    queries: Queries,
    keys: KeyStore,
    recordedMs: number,
    cache: NameCache,
  ) {
    this.#cache = cache;
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
    await this.#queries.rows(alone ? SQL.alone : SQL.share, [ACCEPT_LOCK, no]);
    const [floor] = await this.#queries.rows(SQL.floor, [no]);
    const shreds = (floor?.['shreds'] as number | null | undefined) ?? null;
    this.#cache.at(shreds);
    const names = actions.map((action) => this.#nameOf(action));
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
    const written = await this.#write(fresh, shreds);
    const judged = await this.#judge(actions, names, known);
    const acceptances = names.map((name, i): Acceptance => {
      if (isNew(name, i)) return acceptanceOf(written[i]);
      return judged[i] ?? sameBatch(actions[i]!, written[firsts.get(name!)!]);
    });
    return { acceptances, floor: (floor?.['size'] as number | undefined) ?? 0 };
  }

  /** The id of the first event, in hex; undefined of Depter's own that have none yet: they are never sent twice. */
  #nameOf(action: AnyAction): string | undefined {
    if (action.kind === 'own') return action.event && Buffer.from(action.event, 'base64url').toString('hex');
    return eventName(this.#controller.intakeKey, action.source, action.id, 0).toString('hex');
  }

  async #known(names: readonly (string | undefined)[]): Promise<Map<string, Row>> {
    const ids = [...new Set(names)].flatMap((name) => (name === undefined ? [] : [Buffer.from(name, 'hex')]));
    if (ids.length === 0) return new Map();
    const rows = await this.#queries.rows(SQL.known, [this.#controller.no, ids]);
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
    shreds: number | null,
  ): Promise<(New | { failure: unknown } | undefined)[]> {
    const results: (New | { failure: unknown } | undefined)[] = sent.map(() => undefined);
    const each = (work: (action: AnyAction, i: number) => void) =>
      sent.forEach((one, i) => {
        if (one === undefined || (results[i] !== undefined && 'failure' in results[i])) return;
        try {
          work(one.action, i);
        } catch (failure) {
          results[i] = { failure };
        }
      });
    if (sent.every((one) => one === undefined)) return results;
    const names = new Names(this.#controller, this.#queries, this.#keys, this.#cache);
    const wants = new Wants();
    const isAllTold = (action: AnyAction) =>
      want(action, this.#controller, this.#rules, wants, (identity) => names.subjectOf(identity));
    const unknown = new Set<AnyAction>();
    each((action) => {
      if (!isAllTold(action)) unknown.add(action);
    });
    await names.resolveDossiers(wants);
    each((action) => {
      if (unknown.has(action)) isAllTold(action);
    });
    await names.resolveReferences(wants);
    await names.resolveTies(wants);
    this.learnt = { shreds, names: names.found };
    each((action, i) => {
      const scribe = new StoreScribe<Made>(names, this.#rules, this.#controller, action, this.#recorded);
      results[i] = { ...scribe.draft(this.#recordedMs, false), sender: sent[i]!.sender, seq: 0, last: 0 };
    });
    const drafts = results.filter((result): result is New => result !== undefined && !('failure' in result));
    if (drafts.length > 0) await this.#insert(drafts, names);
    return results;
  }

  async #insert(drafts: readonly New[], names: Names): Promise<void> {
    const { no, id: controller } = this.#controller;
    const count = drafts.reduce((sum, { events }) => sum + events.length, 0);
    const numbers = (await this.#queries.rows(SQL.numbers, [count])).map(({ seq }) => seq as number);
    numbers.sort((a, b) => a - b);
    let next = 0;
    const rows = drafts.flatMap((draft) => {
      draft.seq = numbers[next]!;
      const events = draft.events.map((event) => ({ event, seq: numbers[next++]!, first: draft.seq }));
      draft.last = numbers[next - 1]!;
      return events;
    });
    const inserted = await this.#queries.run(SQL.events, [
      no,
      this.#recordedMs,
      rows.map(({ seq }) => seq),
      rows.map(({ event }) => event.id),
      rows.map(({ event }) => event.subject ?? new Uint8Array(0)),
      rows.map(({ event }) => event.accessed),
      rows.map(({ event }) => event.type),
      rows.map(({ event }) => event.entry),
      rows.map(({ event }) => leafHash(sha256, event.entry)),
      rows.map(({ seq, first }) => (seq === first ? null : first)),
    ]);
    if (inserted !== count) throw new Overtaken();
    const valued = rows.flatMap(({ event, seq, first }) => event.boxes.map((box) => ({ ...box, event, seq, first })));
    const late = await lateValues(this.#queries, no, valued);
    const boxes = valued.filter((box) => !late.has(box));
    for (const { first } of late) drafts.find(({ seq }) => seq === first)!.digest = null;
    const digests = drafts.filter(({ digest, sender }) => digest !== null || sender !== null);
    await this.#queries.rows(SQL.rest, [
      no,
      controller,
      numbers,
      boxes.map(({ seq }) => seq), boxes.map(({ label }) => label), boxes.map(({ key }) => key), boxes.map(({ box }) => box),
      digests.map(({ seq }) => seq), digests.map(({ digest }) => digest?.key ?? null),
      digests.map(({ digest }) => digest?.digest ?? null), digests.map(({ sender }) => sender),
    ]); // prettier-ignore
    const owed = rows.filter(({ event }) => event.subject !== null && isReportedDestruction(event.entry));
    if (owed.length > 0) {
      await this.#queries.run(SQL.owed, [
        no, owed.map(({ seq }) => seq), owed.map(({ event }) => event.id), owed.map(({ event }) => event.subject!),
      ]); // prettier-ignore
    }
    await this.#link(names);
    await this.#correct(drafts, rows);
  }

  async #link({ links }: Names): Promise<void> {
    if (links.size === 0) return;
    const ends = [...links.values()];
    const both = [...ends, ...ends.map(({ subject, other }) => ({ subject: other, other: subject }))];
    await this.#queries.run(SQL.links, [
      this.#controller.no,
      both.map(({ subject }) => subject),
      both.map(({ other }) => other),
    ]);
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
      await this.#queries.run(SQL.corrections, [
        no,
        corrections.map(({ target }) => target),
        corrections.map(({ seq }) => seq),
      ]);
    }
    const valued = drafts.filter(({ events }) =>
      events.some(({ boxes }) => boxes.some(({ label }) => label !== TEXT_LABEL)),
    );
    const firsts = valued.map(({ events }) => events[0]!.id);
    const corrected = firsts.length === 0 ? [] : await this.#queries.rows(SQL.corrected, [no, firsts]);
    const erased = [...corrections.map(({ target }) => target), ...corrected.map(({ target }) => target as Buffer)];
    if (erased.length > 0) await this.#queries.run(SQL.erase, [no, erased]);
  }
}
