/** Accepts fictitious events as intake does, for suites of the sequencer: events and pending rows in one transaction. */
import { createPrivateKey, hash, randomBytes, sign } from 'node:crypto';
import { controllerId, type ControllerId } from '#ledger';
import { leafHash, noteSigner, parseCheckpoint, parseNote, parseVerifierKey, Tree, type NoteSigner } from '#proof';
import { createLog, migrate, PENDING_CHANNEL, Postgres, PostgresSequencing, Sequencer, type EventLog, type LoggedEntry, type LogName, type SequencerOptions } from '#store'; // prettier-ignore
import { all } from './event-log-contract.js';

export const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
const RECORDED = Date.parse('2026-03-01T10:00:00Z');
/** Of the fictitious installation; whoever signs for a log of a suite has it. */
export const SEED = Buffer.alloc(32, 7);

const PRIVATE_KEY = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED]),
  format: 'der',
  type: 'pkcs8',
});

let events = 0;

/** One log of a suite: its database, and what was accepted into it. */
export class Place {
  readonly postgres: Postgres;
  readonly log: LogName;
  readonly sequencing: PostgresSequencing;
  readonly #no: number;
  /** Ids of what was accepted, in hex. */
  readonly accepted: string[] = [];
  readonly #doubtful: string[] = [];

  private constructor(postgres: Postgres, log: LogName, no: number) {
    this.postgres = postgres;
    this.log = log;
    this.sequencing = new PostgresSequencing(postgres);
    this.#no = no;
  }

  static async make(postgres: Postgres, name: string): Promise<Place> {
    await migrate(postgres);
    const controller: ControllerId = controllerId(name)!;
    const { no, generation } = await createLog(postgres, controller, 'depter.example', SEED, RECORDED);
    return new Place(postgres, { controller, generation }, no);
  }

  async accept(count: number, bytes = 300): Promise<void> {
    const made = Array.from({ length: count }, () => {
      const entry = Buffer.concat([Buffer.from(`event ${++events} `), Buffer.alloc(bytes, events % 251)]);
      return { id: sha256(randomBytes(16)).subarray(0, 16), entry };
    });
    const ids = made.map(({ id }) => Buffer.from(id).toString('hex'));
    this.#doubtful.push(...ids);
    await this.postgres.transaction(async (queries) => {
      await queries.run(
        `WITH e AS (
            INSERT INTO depter.events (controller, id, subject, accessed, recorded, type, entry, leaf)
            SELECT $1, e.id, '', false, $2, 'collected', e.entry, e.leaf
            FROM unnest($3::bytea[], $4::bytea[], $5::bytea[]) AS e (id, entry, leaf) RETURNING seq
          ) INSERT INTO depter.pending (controller, seq) SELECT $1, seq FROM e`,
        [this.#no, RECORDED + events, made.map(({ id }) => id), made.map(({ entry }) => entry), made.map(({ entry }) => leafHash(sha256, entry))], // prettier-ignore
      );
      await queries.rows('SELECT pg_notify($1, $2)', [PENDING_CHANNEL, this.log.controller]);
    });
    this.accepted.push(...ids);
    this.#doubtful.splice(this.#doubtful.indexOf(ids[0]!), count);
  }

  /** Counts what was accepted though its acceptance was never answered, as when the server died in between. */
  async settle(): Promise<void> {
    const rows = await this.postgres.rows('SELECT id FROM depter.events WHERE id = ANY ($1::bytea[])', [
      this.#doubtful.splice(0).map((id) => Buffer.from(id, 'hex')),
    ]);
    this.accepted.push(...rows.map((row) => (row['id'] as Buffer).toString('hex')));
  }

  /** Until all that was accepted has its place. */
  async placed(ms = 20_000): Promise<void> {
    const end = Date.now() + ms;
    for (;;) {
      const [row] = await this.postgres.rows('SELECT count(*) AS n FROM depter.placed WHERE controller = $1', [
        this.#no,
      ]);
      if (row!['n'] === this.accepted.length) return;
      if (Date.now() > end) throw new Error(`${String(row!['n'])} of ${this.accepted.length} events were placed`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /**
   * Compares everything with everything: what was accepted, the event log, the places, the tiles, and the signed head.
   * Gives what is wrong, in words.
   */
  async faults(eventLog: EventLog): Promise<string[]> {
    const faults: string[] = [];
    const logged = await all(eventLog, this.log);
    const ids = logged.map(({ id }) => Buffer.from(id).toString('hex'));
    if (new Set(ids).size !== ids.length) faults.push('an event is twice in the log');
    if (ids.toSorted().join() !== this.accepted.toSorted().join()) faults.push('the log has not what was accepted');
    const places = await this.postgres.rows(
      `SELECT p.position, e.id FROM depter.placed p JOIN depter.events e USING (seq) WHERE p.controller = $1
        ORDER BY p.position`,
      [this.#no],
    );
    const placed = places.map((row) => `${String(row['position'])} ${(row['id'] as Buffer).toString('hex')}`);
    if (placed.join() !== ids.map((id, i) => `${i} ${id}`).join()) faults.push('the places are not those of the log');
    const [pending] = await this.postgres.rows('SELECT count(*) AS n FROM depter.pending WHERE controller = $1', [
      this.#no,
    ]);
    if (pending!['n'] !== 0) faults.push('what has a place is still pending');
    return [...faults, ...(await this.#treeFaults(logged))];
  }

  async head(): Promise<{ readonly size: number; readonly root: string }> {
    const { head } = await this.sequencing.stored(this.log);
    const note = parseNote(head);
    const read = note.ok ? parseCheckpoint(note.value.text) : note;
    if (!read.ok) throw new Error('the head cannot be read');
    return { size: read.value.size, root: Buffer.from(read.value.root).toString('hex') };
  }

  async #treeFaults(logged: readonly LoggedEntry[]): Promise<string[]> {
    const tree = Tree.empty(sha256);
    for (const { entry } of logged) tree.append(leafHash(sha256, entry));
    const faults: string[] = [];
    const { size, root } = await this.head();
    if (size !== logged.length) faults.push(`the head has the size ${size}`);
    if (root !== Buffer.from(tree.root()).toString('hex')) faults.push('the head has another root');
    const tiles = await this.postgres.rows('SELECT level, n, hashes FROM depter.tiles WHERE controller = $1', [
      this.#no,
    ]);
    const made = tree
      .takeFullTiles()
      .map(({ level, index, hashes }) => `${level}/${index} ${Buffer.from(hashes).toString('hex')}`);
    const stored = tiles.map(
      (row) => `${String(row['level'])}/${String(row['n'])} ${(row['hashes'] as Buffer).toString('hex')}`,
    );
    if (made.toSorted().join() !== stored.toSorted().join()) faults.push('the tiles are not those of the tree');
    return faults;
  }
}

/** Signs with the key of the fictitious installation. */
export async function signerOf(verifierKey: string): Promise<NoteSigner> {
  const parsed = parseVerifierKey(sha256, verifierKey);
  if (!parsed.ok) throw new Error('not a verifier key');
  const { name, publicKey } = parsed.value;
  return noteSigner(sha256, { name, publicKey, sign: (text) => sign(null, text, PRIVATE_KEY) });
}

/** As `signerOf`, of all keys of a log. */
export async function signersOf(keys: readonly { readonly verifierKey: string }[]) {
  return Promise.all(keys.map(async ({ verifierKey }) => ({ signer: await signerOf(verifierKey), untilMs: null })));
}

/** A sequencer at work; `stop` ends it in order, `ended` is what it died of, undefined where it did not. */
export interface Working {
  readonly sequencer: Sequencer;
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

export function work(place: Place, eventLog: EventLog, more: Partial<SequencerOptions> = {}): Working {
  const signal = new AbortController();
  const { log, sequencing } = place;
  const sequencer = new Sequencer({ log, eventLog, accepted: sequencing, placement: sequencing, signersOf, ...more });
  const ended = sequencer.run(signal.signal).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return {
    sequencer,
    ended,
    stop: async () => {
      signal.abort();
      await ended;
    },
  };
}
