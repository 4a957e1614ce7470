/** The laws of the event log, for every adapter. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { hash, randomBytes } from 'node:crypto';
import { controllerId } from '#ledger';
import { leafHash, Tree } from '#proof';
import { groupBytesMax, groupEntriesMax, type EventLog, type LoggedEntry, type LogName, type NewEntry } from '#store';

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
/** Of the first 1,500 fictitious entries: each adapter must come to this one. */
const ROOT_OF_1500 = '13e7a01b72ec6701469fab7b96965df80957488bc6bd4d04fc9012c06a7ad7cf';
let logs = 0;

/** A log that no test has touched, also on a server that was used before. */
export function newLog(generation = 1): LogName {
  return {
    controller: controllerId(`kg.t${Date.now().toString(36)}.${process.pid.toString(36)}.${++logs}`)!,
    generation,
  };
}

/** The n-th entry of a fictitious log: the same bytes each time it is made, of various lengths, not all of them text. */
export function entry(n: number, bytes = 100 + (n % 400)): NewEntry {
  const seed = sha256(Buffer.from(`entry ${n}`));
  const content = Buffer.alloc(bytes, seed);
  return {
    id: sha256(Buffer.from(`id ${n}`)).subarray(0, 16),
    subject: n % 5 === 0 ? null : Buffer.from(seed.subarray(0, 16)).toString('base64url'),
    type: n % 2 === 0 ? 'collected' : 'not-destroyed',
    entry: content,
  };
}

export const entriesOf = (from: number, to: number): NewEntry[] =>
  Array.from({ length: to - from }, (_, i) => entry(from + i));

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What is read, as it can be compared. */
export const plain = (read: readonly LoggedEntry[]) =>
  read.map(
    ({ index, id, entry: bytes }) => `${index} ${hexOf(id)} ${bytes.length} ${hexOf(sha256(bytes).subarray(0, 8))}`,
  );

export const expected = (group: readonly NewEntry[], from: number) =>
  plain(group.map(({ id, entry: bytes }, i) => ({ index: from + i, id, entry: bytes })));

/** Everything of a log, by readings. */
export async function all(log: EventLog, name: LogName): Promise<LoggedEntry[]> {
  const read: LoggedEntry[] = [];
  for (;;) {
    const part = await log.read(name, read.length, groupEntriesMax);
    read.push(...part);
    if (part.length < groupEntriesMax) return read;
  }
}

export function rootOf(read: readonly LoggedEntry[]): string {
  const tree = Tree.empty(sha256);
  for (const { entry: bytes } of read) tree.append(leafHash(sha256, bytes));
  return hexOf(tree.root());
}

/** Follows until it has seen `count` entries. */
export async function followed(log: EventLog, name: LogName, from: number, count: number): Promise<LoggedEntry[]> {
  const signal = new AbortController();
  const seen: LoggedEntry[] = [];
  for await (const batch of log.follow(name, from, signal.signal)) {
    seen.push(...batch);
    if (seen.length >= count) signal.abort();
  }
  return seen;
}

export function eventLogContract(open: () => Promise<EventLog>): void {
  let log: EventLog;
  let name: LogName;

  beforeAll(async () => {
    log = await open();
  });
  afterAll(() => log.close());
  beforeEach(() => {
    name = newLog();
  });

  test('a log that nobody appended to is empty', async () => {
    expect(await log.size(name)).toBe(0);
    expect(await log.read(name, 0, 10)).toEqual([]);
    expect(await log.read(name, 7, 10)).toEqual([]);
  });

  test('bytes come back as they went in', async () => {
    const awkward = [
      Buffer.from('{"a" : 1.0,\n"b":"\\u0436"}'),
      Buffer.from([0, 255, 10, 13, 0]),
      randomBytes(16 * 1024),
      Buffer.from('{"v":1}'),
      Buffer.from(' '),
    ].map((bytes, i) => ({ ...entry(i), entry: bytes }));
    expect(await log.append(name, 0, awkward)).toEqual({ kind: 'appended', size: 5 });
    expect(plain(await log.read(name, 0, 10))).toEqual(expected(awkward, 0));
  });

  test('groups follow each other, at exactly the expected size', async () => {
    expect(await log.append(name, 0, entriesOf(0, 3))).toEqual({ kind: 'appended', size: 3 });
    expect(await log.append(name, 3, entriesOf(3, 4))).toEqual({ kind: 'appended', size: 4 });
    for (const wrong of [0, 1, 3, 5, 1000]) {
      expect(await log.append(name, wrong, entriesOf(50, 52))).toEqual({ kind: 'wrong-size', size: 4 });
    }
    expect(await log.append(name, 4, entriesOf(4, 9))).toEqual({ kind: 'appended', size: 9 });
    expect(plain(await log.read(name, 0, 100))).toEqual(expected(entriesOf(0, 9), 0));
    expect(plain(await log.read(name, 2, 3))).toEqual(expected(entriesOf(2, 5), 2));
    expect(await log.size(name)).toBe(9);
  });

  test('nothing of a group that expects a log where there is none', async () => {
    expect(await log.append(name, 4, entriesOf(0, 2))).toEqual({ kind: 'wrong-size', size: 0 });
    expect(await log.size(name)).toBe(0);
  });

  test('the same group again is answered as the first time, also when others came after it', async () => {
    await log.append(name, 0, entriesOf(0, 4));
    expect(await log.append(name, 0, entriesOf(0, 4))).toEqual({ kind: 'appended', size: 4 });
    expect(await log.append(name, 4, entriesOf(4, 6))).toEqual({ kind: 'appended', size: 6 });
    expect(await log.append(name, 0, entriesOf(0, 4))).toEqual({ kind: 'appended', size: 4 });
    expect(await log.append(name, 4, entriesOf(4, 6))).toEqual({ kind: 'appended', size: 6 });
    expect(await log.size(name)).toBe(6);
  });

  test('a group that is partly there, or there in another order, is refused whole', async () => {
    await log.append(name, 0, entriesOf(0, 4));
    for (const group of [entriesOf(0, 5), entriesOf(1, 4), entriesOf(0, 4).reverse(), [entry(0), entry(9)]]) {
      expect(await log.append(name, 0, group)).toEqual({ kind: 'wrong-size', size: 4 });
    }
    expect(plain(await all(log, name))).toEqual(expected(entriesOf(0, 4), 0));
  });

  test('of writers that race for one size exactly one gets it', async () => {
    const rounds = 5;
    const writers = 4;
    for (let round = 0; round < rounds; round++) {
      const answers = await Promise.all(
        Array.from({ length: writers }, (_, w) => {
          const from = (round * writers + w) * 10;
          return log.append(name, round * 10, entriesOf(from, from + 10));
        }),
      );
      expect(answers.filter(({ kind }) => kind === 'appended')).toEqual([{ kind: 'appended', size: round * 10 + 10 }]);
      for (const answer of answers) expect(answer.size).toBe(round * 10 + 10);
    }
    const there = await all(log, name);
    expect(there.map(({ index }) => index)).toEqual(Array.from({ length: rounds * 10 }, (_, i) => i));
  });

  test('logs do not touch each other: controllers, and generations of one', async () => {
    const other = newLog();
    const next = { ...name, generation: 2 };
    await log.append(name, 0, entriesOf(0, 3));
    expect(await log.append(other, 0, entriesOf(0, 2))).toEqual({ kind: 'appended', size: 2 });
    expect(await log.append(next, 0, entriesOf(7, 8))).toEqual({ kind: 'appended', size: 1 });
    expect(await log.size(name)).toBe(3);
    expect(plain(await all(log, next))).toEqual(expected(entriesOf(7, 8), 0));
  });

  test('the largest groups: a thousand entries, and as many bytes as a group may have', async () => {
    const many = entriesOf(0, groupEntriesMax);
    expect(await log.append(name, 0, many)).toEqual({ kind: 'appended', size: groupEntriesMax });
    const large = Array.from({ length: groupEntriesMax }, (_, n) => ({
      ...entry(5000 + n, Math.floor(groupBytesMax / groupEntriesMax)),
      subject: 'S'.repeat(22),
      type: 'a'.repeat(32),
    }));
    expect(await log.append(name, groupEntriesMax, large)).toEqual({ kind: 'appended', size: 2 * groupEntriesMax });
    const whole = [...many, ...large];
    expect(plain(await all(log, name))).toEqual(expected(whole, 0));
  });

  test('what breaks the bounds is refused before anything is sent', async () => {
    const good = entry(0);
    const groups: NewEntry[][] = [
      [],
      entriesOf(0, groupEntriesMax + 1),
      [{ ...good, entry: Buffer.alloc(groupBytesMax + 1, 1) }],
      [{ ...good, entry: Buffer.alloc(0) }],
      [{ ...good, id: Buffer.alloc(15, 1) }],
      [{ ...good, id: Buffer.alloc(16) }],
      [{ ...good, type: '' }],
      [{ ...good, type: '$streamDeleted' }],
      [{ ...good, type: 'a'.repeat(33) }],
    ];
    for (const group of groups) await expect(log.append(name, 0, group)).rejects.toThrow(RangeError);
    for (const size of [-1, 0.5, NaN, 2 ** 53])
      await expect(log.append(name, size, [good])).rejects.toThrow(RangeError);
    for (const [from, limit] of [
      [-1, 1],
      [0.5, 1],
      [0, 0],
      [0, groupEntriesMax + 1],
    ] as const)
      // prettier-ignore
      await expect(log.read(name, from, limit)).rejects.toThrow(RangeError);
    await expect(followed(log, name, -1, 1)).rejects.toThrow(RangeError);
    expect(await log.size(name)).toBe(0);
  });

  test('a follower sees what is there and what comes, from any index, none missing and none twice', async () => {
    await log.append(name, 0, entriesOf(0, 500));
    const fromStart = followed(log, name, 0, 2000);
    const fromMiddle = followed(log, name, 250, 1750);
    const fromBeyond = followed(log, name, 1500, 500);
    for (let size = 500; size < 2000; size += 300) await log.append(name, size, entriesOf(size, size + 300));
    expect(plain(await fromStart)).toEqual(expected(entriesOf(0, 2000), 0));
    expect(plain(await fromMiddle)).toEqual(expected(entriesOf(250, 2000), 250));
    expect(plain(await fromBeyond)).toEqual(expected(entriesOf(1500, 2000), 1500));
  });

  test('a follower of a log that is not there yet waits for it', async () => {
    const following = followed(log, name, 0, 2);
    await log.append(name, 0, entriesOf(0, 2));
    expect(plain(await following)).toEqual(expected(entriesOf(0, 2), 0));
  });

  test('a follower ends with its signal, quietly, and its batches are bounded', async () => {
    for (let size = 0; size < 3000; size += 1000) await log.append(name, size, entriesOf(size, size + 1000));
    const signal = new AbortController();
    const sizes: number[] = [];
    let seen = 0;
    for await (const batch of log.follow(name, 0, signal.signal)) {
      sizes.push(batch.length);
      seen += batch.length;
      if (seen === 3000) setTimeout(() => signal.abort(), 20);
    }
    expect(seen).toBe(3000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(groupEntriesMax);
    const aborted = followed(log, name, 0, 1);
    expect((await aborted).length).toBeGreaterThan(0);
    for await (const batch of log.follow(name, 0, AbortSignal.abort())) expect(batch).toBeUndefined();
  });

  test('the tree over the stored bytes is the same whatever log they went through, in whatever groups', async () => {
    const whole = entriesOf(0, 1500);
    const sizes = [1, 2, 253, 1, 700, 543];
    let size = 0;
    for (const more of sizes) {
      await log.append(name, size, whole.slice(size, size + more));
      size += more;
    }
    expect(size).toBe(1500);
    const root = rootOf(await all(log, name));
    expect(root).toBe(rootOf(whole.map((one, index) => ({ ...one, index }))));
    expect(root).toBe(ROOT_OF_1500);
  });
}

/**
 * What a log keeps when its server is killed under it. The appends go on through it: each is told what became of it, or
 * is repeated until it is.
 */
export function eventLogFaults(
  open: () => Promise<EventLog>,
  kill: () => Promise<void>,
  restart: () => Promise<void>,
): void {
  test('a server killed -9 in the middle: what was appended is there once, in order, and a follower misses nothing', async () => {
    const log = await open();
    const name = newLog();
    const groups = 30;
    const each = 50;
    const following = followed(log, name, 0, groups * each);
    let killing: Promise<void> | undefined;
    for (let n = 0; n < groups; n++) {
      if (n === 10 || n === 20) {
        await killing;
        killing = kill().then(restart);
      }
      await insisting(() => log.append(name, n * each, entriesOf(n * each, (n + 1) * each)), n * each + each);
    }
    await killing;
    expect(plain(await all(log, name))).toEqual(expected(entriesOf(0, groups * each), 0));
    expect(plain(await following)).toEqual(expected(entriesOf(0, groups * each), 0));
    await log.close();
  }, 180_000);

  test('while the server is away calls fail in time, as failures that may be tried again', async () => {
    const log = await open();
    const name = newLog();
    await log.append(name, 0, entriesOf(0, 2));
    await kill();
    const failure = expect.objectContaining({ name: 'StoreFailure', code: 'unavailable', retryable: true });
    await expect(log.append(name, 2, entriesOf(2, 4))).rejects.toEqual(failure);
    await expect(log.read(name, 0, 1)).rejects.toEqual(failure);
    await expect(log.size(name)).rejects.toEqual(failure);
    await restart();
    await insisting(() => log.append(name, 2, entriesOf(2, 4)), 4);
    expect(plain(await all(log, name))).toEqual(expected(entriesOf(0, 4), 0));
    await log.close();
  }, 180_000);
}

/** Repeats an append that has no answer; it must come to the size in the end. */
async function insisting(append: () => ReturnType<EventLog['append']>, size: number): Promise<void> {
  for (;;) {
    try {
      expect(await append()).toEqual({ kind: 'appended', size });
      return;
    } catch (failure) {
      if ((failure as { retryable?: boolean }).retryable !== true) throw failure;
    }
  }
}
