/** The evidence on one complaint, as an archive: from a running server and from its store, which it proves, and without raw data. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Evidence, SubjectRef } from '#ledger';
import { listTar } from '#proof';
import { inFile } from '../../libs/proof/testdata/exported.js';
import { depter as commandLine } from '../running/command-line.js';
import { STORES, type StartedStore } from '../running/stores.js';
import { anIin, collected, CONTROLLER, InProcess } from './in-process.js';

/** What somebody typed or what is theirs: none of it may stand in the archive. */
const RAW = ['Canary Name', '+77010009999', 'canary-address', 'canary-note', 'D-1/2026', 'A-2/2026', 'canary-deed'];

describe.each(STORES)('the evidence on one complaint, on $name', ({ start }) => {
  let dir: string;
  let store: StartedStore;
  let depter: InProcess;
  let subject: SubjectRef;
  let request: string;
  let vkey: string;
  const iin = anIin();

  const say = async (name: string, data: object): Promise<void> => {
    const sent = collected({ type: `depter.action.${name}.v1` });
    const answer = await depter.send({ ...sent, data: { person: { iin }, ...data } });
    expect([name, answer.status]).toEqual([name, 201]);
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-complaint-'));
    store = await start();
    depter = await InProcess.start('--data', join(dir, 'data'), ...store.flags);
    const values = { name: 'Canary Name', address: 'canary-address', phone: '+77010009999' };
    await depter.send(collected({}, { person: { iin }, items: Object.keys(values), values, note: 'canary-note' }));
    await depter.send(collected({}, { person: { iin }, items: ['phone'], values: { phone: '+77010009999' } }));
    await say('disputed', { items: ['address'], request: 'D-1/2026', alleges: 'untrue', document: 'canary-deed' });
    await say('requested', { request: 'A-2/2026', right: 'access', channel: 'office' });
    await say('blocked', { items: ['address'], cause: 'disputed', request: 'D-1/2026', note: 'canary-note' });
    await say('complained', { to: 'kz.authority', request: 'D-1/2026' });
    subject = await depter.find({ iin });
    vkey = (await depter.get(`/log/${CONTROLLER}/1/vkey`)).text.trim();
    const listed = await depter.get(`/v1/${CONTROLLER}/subjects/${subject}/requests`, depter.keys.regulator);
    const rows = listed.json<{ requests: Evidence['requests'] }>().requests;
    request = rows.find(({ right }) => right === 'dispute')!.id;
  }, 60_000);
  afterAll(async () => {
    await store.stop();
    await rm(dir, { recursive: true });
  });

  const exported = (file: string, ...more: string[]) =>
    commandLine('export', '--controller', CONTROLLER, '--subject', subject, '--out', join(dir, file), ...more);

  /** The archive holds what bears on the dispute, proves it, and holds nothing raw. */
  async function expectPack(file: string): Promise<void> {
    expect(await commandLine('verify', join(dir, file), '--vkey', vkey)).toMatchObject({
      status: 0,
      out: expect.stringContaining('  entries       4 of one person, each proved by its receipt\n'),
    });
    const bytes = await readFile(join(dir, file));
    const listed = await listTar(inFile(bytes));
    if (!listed.ok) throw new Error('no tar');
    const textOf = (name: string): string => {
      const { offset, size } = listed.members.get(name)!;
      return bytes.subarray(offset, offset + size).toString();
    };
    const shown = JSON.parse(textOf('subject/evidence.json')) as Evidence;
    expect(shown.entries.map(({ type }) => type)).toEqual(['collected', 'disputed', 'blocked', 'complained']);
    expect(shown.requests).toMatchObject([{ id: request, right: 'dispute', complaints: [{ to: 'kz.authority' }] }]);
    expect(shown.clocks.length).toBeGreaterThan(0);
    for (const { items } of shown.clocks) expect(items ?? ['address']).toContain('address');
    expect(textOf('readme.ru.txt')).toContain('к одному обращению или спору');
    for (const raw of [...RAW, iin]) expect([raw, bytes.includes(raw)]).toEqual([raw, false]);
  }

  test('is made of a running server', async () => {
    const from = ['--url', depter.url, '--key', depter.keys.regulator];
    expect(await exported('served.tar', ...from, '--request', request)).toMatchObject({ status: 0, err: '' });
    await expectPack('served.tar');
    expect((await exported('person.tar', ...from)).out).toMatch(/^exported 6 of /);
    // The number that somebody gave it is not how it is named, and it is of one person.
    for (const unknown of ['D-1/2026', 'A'.repeat(22)])
      expect((await exported('none.tar', ...from, '--request', unknown)).status).toBe(1);
    const all = ['--controller', CONTROLLER, '--out', join(dir, 'none.tar'), ...from, '--request', request];
    expect(await commandLine('export', ...all)).toMatchObject({ status: 2, err: expect.stringContaining('--subject') });
  });

  test('is made of its store', async () => {
    await depter.close();
    const from = ['--data', join(dir, 'data'), ...store.flags];
    expect(await exported('stored.tar', ...from, '--request', request)).toMatchObject({ status: 0, err: '' });
    await expectPack('stored.tar');
    expect((await exported('none.tar', ...from, '--request', 'A'.repeat(22))).status).toBe(1);
    const all = ['--controller', CONTROLLER, '--out', join(dir, 'all.tar'), ...from];
    expect(await commandLine('export', ...all)).toMatchObject({ status: 0, err: '' });
    expect((await commandLine('verify', join(dir, 'all.tar'), '--vkey', vkey)).out).toMatch(/^good/);
  });
});
