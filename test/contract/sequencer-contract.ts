/** What a sequencer keeps, whatever becomes of it, on each event log. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Accepted, Placement, Postgres, StoreFailure, type Appended, type EventLog, type Lead, type LogName, type NewEntry, type Step } from '#store'; // prettier-ignore
import { Place, work, type Working } from './accepting.js';
import { entry } from './event-log-contract.js';

let places = 0;

export function sequencerContract(open: () => Promise<{ readonly url: string; readonly eventLog: EventLog }>): void {
  let postgres: Postgres;
  let eventLog: EventLog;
  let place: Place;
  let working: Working[];

  beforeAll(async () => {
    const opened = await open();
    eventLog = opened.eventLog;
    postgres = new Postgres({ url: opened.url, connectionsMax: 6 });
  });
  afterAll(async () => {
    await eventLog.close();
    await postgres.close();
  });
  beforeEach(async () => {
    working = [];
    place = await Place.make(postgres, `kg.s${Date.now().toString(36)}.${process.pid.toString(36)}.${++places}`);
  });
  afterEach(async () => {
    await Promise.all(working.map((one) => one.stop()));
  });

  const start = (more: Parameters<typeof work>[2] = {}, log: EventLog = eventLog): Working => {
    const one = work(place, log, more);
    working.push(one);
    return one;
  };
  const sound = async () => expect(await place.faults(eventLog)).toEqual([]);

  test('places what was accepted before it came and what comes after, under a signed head', async () => {
    await place.accept(700);
    start();
    await place.placed();
    for (let n = 0; n < 5; n++) {
      await place.accept(60);
      await place.placed();
      expect((await place.head()).size).toBe(place.accepted.length);
    }
    await sound();
  });

  test('an event that comes to an idle sequencer has its place at once', async () => {
    start();
    await place.accept(1);
    await place.placed();
    const begin = Date.now();
    await place.accept(1);
    await place.placed();
    // A notice, not the look that comes twice a second: with a wide margin for a busy machine.
    expect(Date.now() - begin).toBeLessThan(2000);
    await sound();
  });

  test('more than a group holds, in number and in bytes', async () => {
    await place.accept(2500);
    await place.accept(150, 15 * 1024);
    start();
    await place.placed();
    expect((await place.head()).size).toBe(2650);
    await sound();
  });

  test('stopped and started again it goes on where it was', async () => {
    for (const count of [255, 1, 1, 300, 1000]) {
      await place.accept(count);
      const one = start();
      await place.placed();
      await one.stop();
      expect(one.sequencer.state).toEqual({ kind: 'ended' });
    }
    await sound();
  });

  test.each(['beforeAppend', 'beforePlacement', 'afterPlacement'] as const)(
    'dead at the moment "%s": the next one loses nothing and doubles nothing',
    async (moment) => {
      for (const [round, count] of [10, 300, 1200].entries()) {
        await place.accept(count);
        const death = new Error(`the end of round ${round}`);
        const victim = start({ hooks: { [moment]: () => Promise.reject(death) } });
        expect(await victim.ended).toBe(death);
        await place.accept(20);
        const heir = start();
        await place.placed();
        await heir.stop();
        await sound();
      }
    },
  );

  test('of two one leads; the other takes over when it stops', async () => {
    const both = [start(), start()];
    await place.accept(100);
    await place.placed();
    const leading = () => both.filter(({ sequencer }) => sequencer.state.kind === 'leading');
    expect(leading()).toHaveLength(1);
    await leading()[0]!.stop();
    await place.accept(100);
    await place.placed();
    await sound();
  });

  test('several that all believe to lead make one log and one tree', async () => {
    await place.accept(1500);
    const line = new Line(eventLog);
    const placement = new LeadForAll(place.sequencing);
    // Each takes groups of another size, so that they differ in what comes next.
    const rivals = [1000, 7, 23].map((most) =>
      start({ placement, accepted: new Modest(place.sequencing, most) }, line),
    );
    for (let n = 0; n < 30; n++) {
      await place.accept(1 + ((n * 37) % 90));
      await sleep(5);
    }
    await place.placed(60_000);
    await Promise.all(rivals.map((rival) => rival.stop()));
    // They did meet: some were refused by the log, or by the places.
    expect(line.refused + placement.overtaken).toBeGreaterThan(0);
    await sound();
  }, 90_000);

  test.each(['beforeAppend', 'beforePlacement'] as const)(
    'one that stood still %s, and wakes when another went on, steps down and takes up what there is',
    async (moment) => {
      const gate = Promise.withResolvers<void>();
      const reached = Promise.withResolvers<void>();
      let times = 0;
      const pausing = async () => {
        if (++times > 1) return;
        reached.resolve();
        await gate.promise;
      };
      await place.accept(50);
      const sleeper = start({ placement: new LeadForAll(place.sequencing), hooks: { [moment]: pausing } });
      await reached.promise;
      const other = start({ placement: new LeadForAll(place.sequencing) });
      await place.accept(80);
      await place.placed();
      await other.stop();
      gate.resolve();
      await place.accept(40);
      await place.placed();
      expect(sleeper.sequencer.state.kind).not.toBe('ended');
      await sound();
    },
  );

  test('the event log away: what is accepted waits; its answers lost: nothing is doubled', async () => {
    const line = new Line(eventLog);
    const one = start({}, line);
    await place.accept(30);
    await place.placed();
    line.mood = 'away';
    await place.accept(30);
    await expect(place.placed(500)).rejects.toThrow('30 of 60');
    // Between two tries it takes the lead anew.
    while (one.sequencer.state.kind === 'waiting') await sleep(5);
    expect(one.sequencer.state).toMatchObject({ kind: 'failing', failure: { code: 'unavailable' } });
    line.mood = 'losing-answers';
    for (let n = 0; n < 4; n++) {
      await place.accept(30);
      await place.placed();
    }
    line.mood = 'well';
    await place.accept(30);
    await place.placed();
    await sound();
  });

  describe('one that starts refuses a log that is damaged, and says where', () => {
    const no = '(SELECT no FROM depter.controllers WHERE name = $1)';
    const turned = (bytes: string) => `set_byte(${bytes}, 0, 255 - get_byte(${bytes}, 0))`;
    const at = (position: number) =>
      `seq = (SELECT seq FROM depter.placed WHERE controller = ${no} AND position = ${position})`;
    const withLeaf = `entry = ${turned('entry')}, leaf = sha256('\\x00'::bytea || ${turned('entry')})`;
    // Each statement takes back what it did when it runs again.
    const damages: readonly [named: string, statement: string][] = [
      ['entry 5', `UPDATE depter.events SET entry = ${turned('entry')} WHERE ${at(5)}`],
      ['tile 0/1', `UPDATE depter.events SET ${withLeaf} WHERE ${at(300)}`],
      ['edge-mismatch', `UPDATE depter.events SET ${withLeaf} WHERE ${at(890)}`],
      [
        'place of entry 700',
        `UPDATE depter.placed SET position = -1 - position WHERE controller = ${no} AND position IN (700, -701)`,
      ],
      [
        'edge-mismatch',
        `UPDATE depter.tiles SET hashes = ${turned('hashes')} WHERE controller = ${no} AND level = 0 AND n = 2`,
      ],
      ['edge-mismatch', `UPDATE depter.generations SET edge = ${turned('edge')} WHERE controller = ${no}`],
      ['size of the head', `UPDATE depter.generations SET size = 1799 - size WHERE controller = ${no}`],
      ['form of the head', `UPDATE depter.heads SET note = reverse(note) WHERE controller = ${no}`],
    ];

    test('in PostgreSQL', async () => {
      await place.accept(900);
      const first = start();
      await place.placed();
      await first.stop();
      for (const [named, statement] of damages) {
        expect(await postgres.run(statement, [place.log.controller])).toBe(1);
        expect([statement, await refusal()]).toEqual([statement, `log ${place.log.controller}/1, ${named}`]);
        await postgres.run(statement, [place.log.controller]);
      }
      await place.accept(10);
      start();
      await place.placed();
      await sound();
    });

    test('in the event log', async () => {
      await place.accept(900);
      const first = start();
      await place.placed();
      await first.stop();
      const line = new Line(eventLog);
      line.turned = 4;
      expect(await refusal(line)).toBe(`log ${place.log.controller}/1, entry 4 of the event log`);
    });

    /** The place that both the start and the sequencer name. */
    async function refusal(log: EventLog = eventLog): Promise<string> {
      const one = start({}, log);
      const failure = await one.sequencer.check().catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ code: 'corrupt', retryable: false });
      expect(await one.ended).toBe(failure);
      return (failure as StoreFailure).message.replace(/^.* is damaged: /, '');
    }
  });

  test('an event log that has lost entries, or has entries that nobody accepted, is not built upon', async () => {
    await place.accept(20);
    const one = start();
    await place.placed();
    await one.stop();
    const elsewhere = new RenamedLog(eventLog);
    const corrupt = expect.objectContaining({ name: 'StoreFailure', code: 'corrupt' });
    expect(await start({}, elsewhere).ended).toEqual(corrupt);
    expect(await elsewhere.size(place.log)).toBe(0);
    await eventLog.append(place.log, 20, [entry(7)]);
    expect(await start().ended).toEqual(corrupt);
    expect((await place.head()).size).toBe(20);
  });
}

/** Gives the lead to whoever asks, as a lock that does not work. */
class LeadForAll extends Placement {
  overtaken = 0;
  readonly #inner: Placement;

  constructor(inner: Placement) {
    super();
    this.#inner = inner;
  }

  override stored(log: LogName) {
    return this.#inner.stored(log);
  }

  override entries(log: LogName, from: number, to: number) {
    return this.#inner.entries(log, from, to);
  }

  override leafTile(log: LogName, n: number) {
    return this.#inner.leafTile(log, n);
  }

  override async place(log: LogName, step: Step) {
    const answer = await this.#inner.place(log, step);
    if (answer === 'overtaken') this.overtaken++;
    return answer;
  }

  override async lead(): Promise<Lead> {
    await sleep(1);
    return { lost: new AbortController().signal, release: async () => undefined };
  }
}

/** Sees a few pending events at a time. */
class Modest extends Accepted {
  readonly #inner: Accepted;
  readonly #most: number;

  constructor(inner: Accepted, most: number) {
    super();
    this.#inner = inner;
    this.#most = most;
  }

  override pending(log: LogName, limit: number) {
    return this.#inner.pending(log, Math.min(limit, this.#most));
  }

  override find(log: LogName, ids: readonly Uint8Array[]) {
    return this.#inner.find(log, ids);
  }

  override listen(log: LogName) {
    return this.#inner.listen(log);
  }
}

/** An event log at the end of a line, which may be bad. */
class Line implements EventLog {
  mood: 'well' | 'away' | 'losing-answers' = 'well';
  /** The entry of this index is read as another. */
  turned: number | undefined;
  /** Groups that met another size than they expected. */
  refused = 0;
  readonly #inner: EventLog;

  constructor(inner: EventLog) {
    this.#inner = inner;
  }

  async append(log: LogName, expectedSize: number, group: readonly NewEntry[]): Promise<Appended> {
    if (this.mood === 'away') throw lost();
    const answer = await this.#inner.append(log, expectedSize, group);
    if (answer.kind === 'wrong-size') this.refused++;
    if (this.mood === 'losing-answers') throw lost();
    return answer;
  }

  async read(log: LogName, from: number, limit: number) {
    if (this.mood === 'away') throw lost();
    const read = await this.#inner.read(log, from, limit);
    return read.map((one) => (one.index === this.turned ? { ...one, entry: one.entry.toReversed() } : one));
  }

  follow(log: LogName, from: number, signal: AbortSignal) {
    return this.#inner.follow(log, from, signal);
  }

  async size(log: LogName) {
    if (this.mood === 'away') throw lost();
    return this.#inner.size(log);
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }
}

/** Another log under the same name, as after a restore of the wrong one. */
class RenamedLog implements EventLog {
  readonly #inner: EventLog;

  constructor(inner: EventLog) {
    this.#inner = inner;
  }

  append(log: LogName, expectedSize: number, group: readonly NewEntry[]) {
    return this.#inner.append(renamed(log), expectedSize, group);
  }

  read(log: LogName, from: number, limit: number) {
    return this.#inner.read(renamed(log), from, limit);
  }

  follow(log: LogName, from: number, signal: AbortSignal) {
    return this.#inner.follow(renamed(log), from, signal);
  }

  size(log: LogName) {
    return this.#inner.size(renamed(log));
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }
}

const renamed = ({ controller, generation }: LogName): LogName => ({ controller, generation: generation + 1 });
const lost = () => new StoreFailure('unavailable', 'the line is bad', true);
