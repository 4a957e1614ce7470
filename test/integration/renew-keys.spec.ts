/** Keys renewed by commands in a database that servers use: every value opens as before, no old epoch is left, both log keys sign. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { FileRootKey, Postgres } from '#store';
import { PostgresServer } from '../running/postgres.js';
import { collected, CONTROLLER, InProcess } from './in-process.js';

const run = promisify(execFile);

it('wraps every key by a new epoch under running servers, and destroys the old one', async () => {
  const server = await PostgresServer.start();
  const dir = await mkdtemp(join(tmpdir(), 'depter-root-key-'));
  FileRootKey.create(dir);
  const rootKey = join(dir, 'root.key');
  const url = await server.database();
  const postgres = new Postgres({ url, connectionsMax: 1 });
  const epochs = async () => (await postgres.rows('SELECT id FROM depter_keys.epochs')).map(({ id }) => String(id));
  const depter = await InProcess.start('--postgres', url, '--root-key', rootKey);
  try {
    const person = { client: 'R-1' };
    const send = (name: string) => depter.send(collected({}, { person, values: { name } }));
    expect((await send('First Name')).status).toBe(201);
    const before = await epochs();
    const place = ['--postgres', url, '--root-key', rootKey];
    const { stdout } = await run(process.execPath, ['dist/apps/cli/src/main.js', 'key', 'renew', ...place]);
    expect(stdout).toBe('renewed\n');
    const after = await epochs();
    expect([before.length, after.length, after.includes(before[0]!)]).toEqual([1, 1, false]);
    // The server, which knows the old epoch, seals on and opens both.
    expect((await send('Second Name')).status).toBe(201);
    const texts = await depter.parts.vault.texts(CONTROLLER, await depter.find(person));
    const names = texts.flatMap(({ label, text }) => (label === 'name' && text.kind === 'value' ? [text.value] : []));
    expect(names).toEqual(['First Name', 'Second Name']);

    const rotate = ['key', 'rotate-log', ...place, '--controller', CONTROLLER, '--days', '3'];
    const rotated = await run(process.execPath, ['dist/apps/cli/src/main.js', ...rotate]);
    const fresh = rotated.stdout.trim().split('\n').at(-1);
    expect((await depter.get(`/log/${CONTROLLER}/1/vkey`)).text.trim()).toBe(fresh);
    const { receipt } = (await send('Third Name')).json<{ receipt: string }>();
    expect(receipt.split('\n').filter((line) => line.startsWith('— '))).toHaveLength(2);
    await expect(run(process.execPath, ['dist/apps/cli/src/main.js', ...rotate])).rejects.toMatchObject({ code: 3 });
  } finally {
    await depter.dispose();
    await postgres.close();
    await server.stop();
    await rm(dir, { recursive: true });
  }
}, 60_000);
