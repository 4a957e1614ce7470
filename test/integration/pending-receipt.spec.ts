/** The sequencer is away: an action is taken all the same, and its receipt is there when the sequencer has come back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FileRootKey } from '#store';
import { PostgresServer } from '../running/postgres.js';
import { collected, CONTROLLER, InProcess } from './in-process.js';

let postgres: PostgresServer;
let dir: string;
let flags: readonly string[];
beforeAll(async () => {
  postgres = await PostgresServer.start();
  dir = await mkdtemp(join(tmpdir(), 'depter-root-key-'));
  FileRootKey.create(dir);
  flags = ['--postgres', await postgres.database(), '--root-key', join(dir, 'root.key')];
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await rm(dir, { recursive: true });
});

it('answers 202 with a pending receipt after its bound, and gives the receipt by event later', async () => {
  const edge = await InProcess.start(...flags, '--roles', 'projector');
  let other: InProcess | undefined;
  try {
    const action = collected({}, { person: { client: 'P-1' } });
    const answer = await edge.send(action);
    expect(answer.status).toBe(202);
    const told = answer.json<{ event: string; entry: string }>();
    expect(told).toEqual({
      status: 'recorded',
      event: expect.any(String),
      entry: expect.any(String),
      receipt: 'pending',
    });
    const receiptOf = (server: InProcess) =>
      server.get(`/v1/${CONTROLLER}/events/${told.event}/receipt`, edge.keys.emitter);
    // Nothing signed covers it yet.
    expect((await receiptOf(edge)).status).not.toBe(200);
    expect(await edge.parts.ledger.size(CONTROLLER)).toBe(0);

    other = await InProcess.start(...flags);
    const again = await other.send(action);
    expect([again.status, again.json()]).toMatchObject([
      200,
      { status: 'repeated', event: told.event, position: 0, entry: told.entry, receipt: expect.any(String) },
    ]);
    // By event, from the server that had only accepted it; to nobody but whoever sent it.
    const receipt = await receiptOf(edge);
    expect([receipt.status, receipt.text]).toEqual([200, expect.stringContaining('c2sp.org/tlog-proof')]);
    const foreign = await edge.get(`/v1/${CONTROLLER}/events/${told.event}/receipt`, other.keys.emitter);
    expect(foreign.status).not.toBe(200);
    // And what comes now is placed at once, by the other's sequencer.
    expect((await edge.send(collected({}, { person: { client: 'P-2' } }))).status).toBe(201);
  } finally {
    await other?.dispose();
    await edge.dispose();
  }
}, 60_000);
