/**
 * A database that was brought back without the event log beside it, or the event log without the database: what both know is
 * placed, what one of them lost is told, and nothing is appended where it would contradict what was there.
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventLog, Outcome } from '#store';
import { EventLogShortened, EventStoreLog, FileRootKey, LogShortened, migrate, openCluster, Postgres, restoreCluster, sha256, verifyEd25519, type ClusterStore } from '#store'; // prettier-ignore
import { logPolicy, parseVerifierKey, verifyReceipt } from '#proof';
import { collected } from '../contract/actions.js';
import { options, siyliq } from '../contract/engine.js';
import { recorded } from '../contract/ledger-contract.js';
import { ApartLog, OwnedLog } from '../running/event-logs.js';
import { onEventStore } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';

describe('a database beside an event log in another', () => {
  suite((server) => async () => {
    const url = await server().database();
    const postgres = new Postgres({ url });
    await migrate(postgres);
    await postgres.close();
    return () => new OwnedLog(new Postgres({ url }));
  });
});
onEventStore('a database beside EventStoreDB', (address) =>
  suite(() => async () => {
    const apart = randomInt(2 ** 30);
    return () => new ApartLog(new EventStoreLog({ address: address() }), apart);
  }),
);

/** Makes an event log that nobody has appended to; what it gives opens that log. */
type MakeLog = () => Promise<() => EventLog>;

function suite(makeLogOn: (server: () => PostgresServer) => MakeLog): void {
  let server: PostgresServer;
  let makeLog: MakeLog;
  let dir: string;
  let ledger: string;
  let eventLog: () => EventLog;
  let store: ClusterStore;
  let first: Extract<Outcome, { kind: 'recorded' }>;

  beforeAll(async () => {
    server = await PostgresServer.start();
    makeLog = makeLogOn(() => server);
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-restored-log-'));
    FileRootKey.create(dir);
    ledger = await server.database();
    eventLog = await makeLog();
    store = await open(ledger);
    [first] = (await store.ledger.record(siyliq, [person('a'), person('b'), person('c')], { receipts: true })).map(
      recorded,
    ) as [typeof first];
  }, 60_000);
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true });
  });

  const person = (id: string) => collected(id, id, { values: { name: `name ${id}` } });
  const open = (postgres: string, more = {}) =>
    openCluster({
      postgres, eventstore: eventLog(), rootKey: FileRootKey.open(dir), origin: 'depter.example', ...options(), ...more,
    }); // prettier-ignore
  const restored = (postgres: string, more = {}) =>
    restoreCluster({
      postgres, eventstore: eventLog(), rootKey: FileRootKey.open(dir), checkpoints: [], newGeneration: false,
      clock: options().clock, ...more,
    }); // prettier-ignore
  const ofLog = async <T>(use: (log: EventLog) => Promise<T>): Promise<T> => {
    const log = eventLog();
    try {
      return await use(log);
    } finally {
      await log.close();
    }
  };
  const logged = (generation: number) =>
    ofLog((log) => log.read({ controller: siyliq, generation }, 0, 100)).then((all) =>
      all.map(({ id, entry }) => [Buffer.from(id).toString('base64url'), Buffer.from(entry).toString()]),
    );
  /** As they stand in the database, in the same form. */
  const placed = async () =>
    (await store.ledger.entries(siyliq, 0, 100)).map(({ event, entry }) => [event.id, Buffer.from(entry).toString()]);

  /** A copy of the moment at which two events were accepted and had no place yet. */
  async function copyBetween(): Promise<string> {
    await store.close();
    const intake = await open(ledger, { sequences: false, limits: { acceptedAfterMs: 50 } });
    const taken = await intake.ledger.record(siyliq, [person('d'), person('e')], { pending: true });
    expect(taken.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    await intake.close();
    const copy = await server.copyOf(ledger);
    store = await open(ledger);
    for (const one of ['d', 'e']) await store.ledger.record(siyliq, [person(one)], { wait: true });
    return copy;
  }
  const verify = async (generation: number, { receipt, entry }: { receipt?: string; entry?: Uint8Array }) => {
    const key = parseVerifierKey(sha256, (await store.log.verifierKey(siyliq, generation))!);
    if (!key.ok) throw new Error(key.code);
    return verifyReceipt({ sha256, verify: verifyEd25519 }, logPolicy(key.value), receipt!, entry!).ok;
  };

  test('loses nothing of an event log that is ahead by what it had accepted', async () => {
    const copy = await copyBetween();
    const [checkpoint, before] = [(await store.log.checkpoint(siyliq, 1))!, await placed()];
    await store.close();
    expect(await restored(copy, { checkpoints: [checkpoint] })).toMatchObject({ continued: [] });
    store = await open(copy);
    expect(await placed()).toEqual(before);
    expect(await store.log.checkpoint(siyliq, 1)).toBe(checkpoint);
    expect((await store.ledger.record(siyliq, [person('f')]))[0]).toMatchObject({ kind: 'recorded', position: 5 });
  }, 60_000);

  test('is refused where the event log has more than it ever knew, and goes on in a new generation', async () => {
    const copy = await copyBetween();
    await store.ledger.record(siyliq, [person('f'), person('g')]);
    const [checkpoint, before] = [(await store.log.checkpoint(siyliq, 1))!, await logged(1)];
    await store.close();

    for (const more of [{}, { newGeneration: true }, { checkpoints: [checkpoint] }])
      await expect(restored(copy, more)).rejects.toMatchObject({
        name: LogShortened.name,
        message: expect.stringContaining('has 5 entries, and 7 were published'),
      });
    await expect(open(copy)).rejects.toMatchObject({ code: 'corrupt' });
    expect(await restored(copy, { checkpoints: [checkpoint], newGeneration: true })).toMatchObject({
      continued: [{ controller: siyliq, generation: 2, base: 7 }],
    });

    // What the log had is as it was, with its places; what the database has lost is sent again, and comes after it.
    store = await open(copy);
    expect(await logged(1)).toEqual(before);
    expect((await placed()).slice(0, 5)).toEqual(before.slice(0, 5));
    expect(await verify(1, first)).toBe(true);
    const again = await store.ledger.record(siyliq, [person('d'), person('f')], { receipts: true });
    expect(again).toMatchObject([{ kind: 'repeated', position: 3 }, { kind: 'recorded', position: 8 }]); // prettier-ignore
    expect(await verify(2, recorded(again[1]))).toBe(true);
    expect((await logged(2)).map(([, entry]) => (JSON.parse(entry!) as { type: string }).type)).toEqual([
      'continued',
      'collected',
    ]);
  }, 60_000);

  test.each([[0], [2]])(
    'is refused where the event log has but its first %i entries, and can give it the rest again',
    async (kept) => {
      const before = await logged(1);
      await store.close();
      const old = eventLog;
      eventLog = await makeLog();
      const name = { controller: siyliq, generation: 1 };
      const log = old();
      const entries = await log.read(name, 0, 10);
      await log.close();
      if (kept > 0) {
        const group = entries.slice(0, kept).map((one) => ({ ...one, subject: null, type: 'collected' }));
        await ofLog((to) => to.append(name, 0, group));
      }

      await expect(open(ledger)).rejects.toMatchObject({ code: 'corrupt' });
      await expect(restored(ledger)).rejects.toMatchObject({
        name: EventLogShortened.name,
        message: `the event log has ${kept} entries of ${siyliq}/1, and the database 3`,
      });
      expect(await logged(1)).toHaveLength(kept);
      await restored(ledger, { fillEventLog: true });
      expect(await logged(1)).toEqual(before);
      store = await open(ledger);
      expect((await store.ledger.record(siyliq, [person('d')]))[0]).toMatchObject({ kind: 'recorded', position: 3 });
      expect(await logged(1)).toHaveLength(4);
    },
    60_000,
  );

  test('is refused beside an event log of another history, and adds nothing to it', async () => {
    await store.close();
    const name = { controller: siyliq, generation: 1 };
    const [one, two] = await ofLog((log) => log.read(name, 0, 2));
    eventLog = await makeLog();
    // The second entry is another.
    const group = [one!, { ...two!, entry: Buffer.from(Buffer.from(two!.entry).toString().replace('loan', 'xoan')) }];
    await ofLog((to) =>
      to.append(
        name,
        0,
        group.map((entry) => ({ ...entry, subject: null, type: 'collected' })),
      ),
    );
    await expect(restored(ledger, { fillEventLog: true })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('entry 1 of the event log'),
    });
    expect(await logged(1)).toHaveLength(2);
  }, 60_000);

  test('says what to do where nobody named the server of the log', async () => {
    await store.close();
    const flags = ['restore', '--postgres', ledger, '--root-key', join(dir, 'root.key')];
    const said = await new Promise<{ readonly code: unknown; readonly stderr: string }>((done) => {
      execFile(process.execPath, [resolve('dist/apps/cli/src/main.js'), ...flags], (failure, _, stderr) =>
        done({ code: failure?.code, stderr }),
      );
    });
    expect(said).toEqual({ code: 1, stderr: expect.stringMatching(/has 0 entries .* database 3. Name the server .* --eventstore/s) }); // prettier-ignore
  }, 60_000);
}
