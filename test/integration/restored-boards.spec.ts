/** A folder whose log is an older one than its boards: they are made again, and tell nothing of what is no longer there. */
import { expect, it } from '@jest/globals';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPacks, loadControllers, openStore, SettableClock, type OpenedStore } from '#host';
import { controllerId, readAction } from '#ledger';
import { LogProjector } from '#roles';

const controller = controllerId('kz.autosiyliq')!;
const controllers = loadControllers([builtInPacks()]);
const clock = new SettableClock(Date.parse('2026-03-10T10:00:00Z'));
const STATES = ['running', 'met', 'late', 'extended', 'paused', 'superseded'] as const;

async function asked(store: OpenedStore, clients: readonly string[]): Promise<void> {
  const actions = clients.map((client) => {
    const data = { on: '2026-03-09', person: { client }, request: `R-${client}`, right: 'access', channel: 'email' };
    const event = { specversion: '1.0', id: client, source: 'urn:example', type: 'depter.action.requested.v1', data };
    const read = readAction(event, { controller, now: clock.now(), zone: 'Asia/Almaty' });
    if (read.refusal) throw new Error(read.refusal.code);
    return read.ok;
  });
  await store.ledger.record(controller, actions);
}

/** Catches up, and counts the people on the due board. */
async function peopleOn({ ledger, projections }: OpenedStore): Promise<number> {
  await new LogProjector(controller, { ledger, projections, controllers, clock }).catchUp();
  const rows = await projections.clocks(controller, '2026-03-10', 'due', STATES, { limit: 100 });
  return new Set(rows.map(({ subject }) => subject)).size;
}

it.each([
  ['shorter', []],
  ['as long, and another', ['C-3']],
  ['longer, and another', ['C-3', 'D-4']],
])(
  'that is %s',
  async (_, instead) => {
    const folder = await mkdtemp(join(tmpdir(), 'depter-restored-'));
    const [data, kept] = [join(folder, 'data'), join(folder, 'kept')];
    const open = (): Promise<OpenedStore> => openStore({ data }, controllers, clock, 'test');
    const first = await open();
    await asked(first, ['A-1']);
    await first.close();
    await cp(data, kept, { recursive: true });

    const second = await open();
    await asked(second, ['B-2']);
    expect(await peopleOn(second)).toBe(2);
    await second.close();

    // The log and its keys come back as they were; the boards stay where they are.
    for (const file of ['ledger.db', 'keys.db']) {
      for (const end of ['', '-wal', '-shm']) await rm(join(data, `${file}${end}`), { force: true });
      await cp(join(kept, file), join(data, file));
    }
    const restored = await open();
    await asked(restored, instead);
    expect(await peopleOn(restored)).toBe(1 + instead.length);
    await restored.close();
    await rm(folder, { recursive: true });
  },
  60_000,
);
