/**
 * Which names are surely not in the file: most of what is asked for there is new, and asking costs more than making it.
 * A Bloom filter over names that are random by themselves (keyed hashes, references), so that nothing has to be hashed.
 * Its memory is fixed; where it fills up, or a name was erased, it only says "perhaps" more often, and the file is asked.
 */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers';

/** 4 MiB: of a million names one in a thousand is asked for in vain, of five million one in ten. */
const BITS = 2 ** 25;
const PROBES = 4;

export class NameFilter {
  readonly #words = new Uint32Array(BITS / 32);
  #complete = false;

  /** From now on it knows all names of the file. Before that every name may be there. */
  complete(): void {
    this.#complete = true;
  }

  /** A name of 16 bytes. */
  add(name: Buffer): void {
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = name.readUInt32LE(probe * 4) % BITS;
      this.#words[bit >>> 5]! |= 1 << (bit & 31);
    }
  }

  mayHold(name: Buffer): boolean {
    if (!this.#complete) return true;
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = name.readUInt32LE(probe * 4) % BITS;
      if ((this.#words[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}

const both = Buffer.alloc(16);

/** The name of a pair of random names of 16 bytes, for use at once; of an empty one, that of the other. */
export function pairName(one: Uint8Array, other: Uint8Array): Buffer {
  for (let i = 0; i < 16; i++) both[i] = (one[i] ?? 0) ^ (other[i] ?? 0);
  return both;
}

const ROWS_AT_ONCE = 5000;

interface Source {
  readonly sql: string;
  /** What is before every row. */
  readonly start: readonly (number | Uint8Array)[];
  readonly name: (row: readonly Uint8Array[]) => Buffer | undefined;
}

const NOTHING = new Uint8Array(0);
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const pairOf = (row: readonly Uint8Array[]): Buffer => pairName(row.at(-2)!, row.at(-1)!);

/** Each table in the order of its key, so that it can be read in parts. The last columns are the name's. */
const SOURCES: readonly Source[] = [
  {
    sql: 'SELECT subject, hmac FROM dossiers WHERE subject > ? ORDER BY subject LIMIT ?',
    start: [NOTHING],
    name: ([, hmac]) => (hmac === null ? undefined : asBuffer(hmac!)),
  },
  {
    sql: 'SELECT controller, hmac FROM refs WHERE (controller, hmac) > (?, ?) ORDER BY controller, hmac LIMIT ?',
    start: [0, NOTHING],
    name: ([, hmac]) => asBuffer(hmac!),
  },
  {
    sql: `SELECT controller, owner, ref FROM ref_texts WHERE (controller, owner, ref) > (?, ?, ?)
      ORDER BY controller, owner, ref LIMIT ?`,
    start: [0, NOTHING, NOTHING],
    name: pairOf,
  },
  {
    sql: 'SELECT subject, other FROM links WHERE (subject, other) > (?, ?) ORDER BY subject, other LIMIT ?',
    start: [NOTHING, NOTHING],
    name: pairOf,
  },
  {
    sql: 'SELECT client, contact FROM ties WHERE (client, contact) > (?, ?) ORDER BY client, contact LIMIT ?',
    start: [NOTHING, NOTHING],
    name: pairOf,
  },
];

/** Reads the names of the file, in parts between which others have the thread; a small folder's at once. */
export function fillNames(filter: NameFilter, ledger: DatabaseSync): void {
  const parts = partsOf(filter, ledger);
  const go = (): void => {
    // Closed meanwhile: nobody asks any more.
    if (ledger.isOpen && parts.next().done !== true) setImmediate(go).unref();
  };
  go();
}

function* partsOf(filter: NameFilter, ledger: DatabaseSync): Generator<void> {
  for (const { sql, start, name } of SOURCES) {
    const statement = ledger.prepare(sql);
    statement.setReturnArrays(true);
    for (let after = start; ;) {
      const rows = statement.all(...after, ROWS_AT_ONCE) as unknown as Uint8Array[][];
      for (const row of rows) {
        const found = name(row);
        if (found !== undefined) filter.add(found);
      }
      if (rows.length < ROWS_AT_ONCE) break;
      after = rows.at(-1)!.slice(0, start.length);
      yield;
    }
  }
  filter.complete();
}
