/** The views of a controller itself, before and after its own acts, with texts for those entitled alone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyRole } from '#ledger';
import { collected, CONTROLLER, InProcess, NDJSON } from './in-process.js';

let server: InProcess;

const own = (name: string, on: string, data: Readonly<Record<string, unknown>>) => ({
  ...collected({ type: `depter.action.${name}.v1`, time: undefined }),
  data: { on, ...data },
});
const FIELDS = ['array', 'holder', 'purposes', 'storage', 'data', 'subjects', 'sources', 'informing', 'security'];
const entry = (recipients: string) =>
  Object.fromEntries(
    [...FIELDS, 'responsible', 'recipients', 'cross-border'].map((field) => [
      field,
      field === 'recipients' ? recipients : `text of ${field}`,
    ]),
  );

beforeAll(async () => {
  server = await InProcess.start();
  const actions = [
    own('granted', '2026-03-02', { staff: 'clerk-7', scope: ['service'] }),
    own('undertook', '2026-03-03', { staff: 'clerk-7', what: ['confidentiality'] }),
    own('breached', '2026-03-03', {
      breach: 'AG-1/26',
      found: '2026-03-03',
      items: ['name'],
      people: [{ client: 'Z-1' }],
    }),
    own('undertook', '2026-03-04', {
      recipient: 'kz.collector',
      what: ['confidentiality'],
      contract: 'K-55',
      until: '2027-03-03',
    }),
    own('registered', '2026-03-05', { entry: entry('kz.collector') }),
    own('revoked', '2026-03-06', { staff: 'clerk-7', scope: ['service'] }),
  ];
  const answer = await server.send(
    actions.map((action) => JSON.stringify(action)).join('\n'),
    NDJSON,
    '?answers=refused',
  );
  expect(answer.text).toContain('"recorded":6,"repeated":0,"refused":0');
}, 60_000);
afterAll(() => server.dispose());

type Row = Readonly<Record<string, unknown>>;

async function rows(view: string, query = '', role: Exclude<KeyRole, 'subject'> = 'officer'): Promise<Row[]> {
  const answer = await server.get(`/v1/${CONTROLLER}/${view}${query}`, server.keys[role]);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return answer.json()[view] as Row[];
}

describe('a controller', () => {
  it('has its staff, with the days and the texts', async () => {
    const undertakings = expect.arrayContaining([expect.any(String)]);
    expect(await rows('staff')).toMatchObject([{ staff: 'clerk-7', access: [], ended: '2026-03-06', undertakings }]);
    expect(await rows('staff', '?asOf=2026-03-02')).toEqual([
      { staff: 'clerk-7', access: [expect.any(String)], undertakings: [] },
    ]);
    expect(await rows('staff', '?asOf=2026-03-01')).toEqual([]);
  });

  it('has its recipients, those of the packs and those that undertook', async () => {
    const collector = (await rows('recipients')).find((row) => row['recipient'] === 'kz.collector');
    expect(collector).toMatchObject({
      country: 'KZ',
      undertakings: ['confidentiality'],
      contract: 'K-55',
      validUntil: '2027-03-03',
    });
    expect(collector).toHaveProperty('outstanding', 0);
    expect(
      (await rows('recipients', '?asOf=2026-03-03')).find((row) => row['recipient'] === 'kz.collector'),
    ).toMatchObject({
      undertakings: [],
    });
  });

  it('has every version of its register entry', async () => {
    expect(await rows('register')).toMatchObject([{ version: 1, on: '2026-03-05', entry: entry('kz.collector') }]);
    expect(await rows('register', '?asKnown=3')).toEqual([]);
  });

  it('has the editions in force by a day, of its policy, its laws and its calendar', async () => {
    const editions = await rows('packs');
    expect(editions.map((row) => row['pack'])).toEqual([
      CONTROLLER,
      'kz.94-v',
      'kz.56-v',
      'kz.573-ii',
      'kz.mfo-rules',
      'kz.aml',
      'kz.calendar',
    ]);
    expect(editions[1]).toMatchObject({ edition: '2025-11', from: null, cited: 'policy 3.1' });
    for (const edition of editions) expect(edition['hash']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has clocks of its own, and findings', async () => {
    expect(await rows('clocks')).toContainEqual(
      expect.objectContaining({ duty: 'report-breach', on: '2026-03-03', due: '2026-03-04', state: 'late' }),
    );
    expect(await rows('clocks', '?asOf=2026-03-02')).toEqual([]);
    for (const finding of await rows('findings')) expect(finding).not.toHaveProperty('subject');
  });

  it('comes page by page', async () => {
    const all = await rows('recipients');
    const answer = (await server.get(`/v1/${CONTROLLER}/recipients?limit=2`, server.keys.officer)).json();
    expect(answer['recipients']).toEqual(all.slice(0, 2));
    expect(await rows('recipients', `?after=${String(answer['next'])}`)).toEqual(all.slice(2));
  });

  it.each(['regulator', 'auditor'] as const)('tells the %s no texts', async (role) => {
    for (const view of ['staff', 'recipients', 'register', 'clocks', 'findings', 'packs']) {
      expect(JSON.stringify(await rows(view, '', role))).not.toMatch(/clerk-7|K-55|text of|AG-1/);
    }
    expect(await rows('register', '', role)).toMatchObject([{ version: 1, fields: expect.any(Array), entry: {} }]);
  });
});
