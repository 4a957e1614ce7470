/** A new edition: everybody is looked at again in the background, and the board says how many are left. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtInPacks } from '#host';
import { anIin, collected, CONTROLLER, InProcess, NDJSON } from './in-process.js';

const PEOPLE = 600;
let server: InProcess;
let packs: string;

beforeAll(async () => {
  server = await InProcess.start();
  packs = await mkdtemp(join(tmpdir(), 'depter-packs-'));
  const policy = await readFile(join(builtInPacks(), 'kz.autosiyliq.yaml'), 'utf8');
  const edition = policy
    .replace("edition:\n  id: undated\n", "edition:\n  id: edition-2\n  from: 2026-03-05\n  fictitious: true\n")
    .replace('deadlines:\n', 'deadlines:\n  - { trigger: access.requested, duty: answer-access, term: 1 working day, clause: policy 9.9, mark: P }\n'); // prettier-ignore
  expect(edition).toContain('policy 9.9');
  await writeFile(join(packs, 'edition-2.yaml'), edition);
}, 60_000);
afterAll(async () => {
  await server.dispose();
  await rm(packs, { recursive: true });
});

type Row = Readonly<Record<string, unknown>>;
const view = async (name: string, query = ''): Promise<Row[]> =>
  (await server.get(`/v1/${CONTROLLER}/${name}${query}`, server.keys.officer)).json()[name] as Row[];

/** Rows of the answers that are owed, by request's day. */
async function answersOwed(position: number): Promise<Record<string, Set<unknown>>> {
  const rows = (await view('clocks', `?position=${position}&limit=1000`)).filter(
    (row) => row['duty'] === 'answer-access',
  );
  const found: Record<string, Set<unknown>> = {};
  for (const row of rows)
    (found[row['on'] as string] ??= new Set()).add(`${String(row['clause'])} ${String(row['due'])}`);
  return found;
}

it('looks at everybody again when an edition comes, and when it is gone', async () => {
  const lines = Array.from({ length: PEOPLE }, (_, at) => ({
    ...collected({ type: 'depter.action.requested.v1', time: undefined }),
    data: { on: at % 2 === 0 ? '2026-03-02' : '2026-03-06', person: { iin: anIin() }, request: `R-${at}`, right: 'access', channel: 'email' },
  })); // prettier-ignore
  const fed = await server.send(lines.map((line) => JSON.stringify(line)).join('\n'), NDJSON, '?answers=refused');
  expect(fed.text).toContain(`"recorded":${PEOPLE}`);
  const last = PEOPLE - 1;
  const before = await answersOwed(last);
  expect(Object.keys(before).sort()).toEqual(['2026-03-02', '2026-03-06']);
  expect([...before['2026-03-06']!].some((one) => String(one).startsWith('policy 9.9'))).toBe(false);

  await server.again('--packs', packs);
  const left: unknown[] = [];
  for (let row = await edition(); left.at(-1) !== undefined || left.length === 0; row = await edition()) {
    left.push(row?.['reevaluating']);
    await sleep(5);
  }
  expect(left.filter((one) => typeof one === 'number' && one > 0).length).toBeGreaterThan(0);
  const after = await answersOwed(last);
  expect(after['2026-03-02']).toEqual(before['2026-03-02']);
  expect(after['2026-03-06']).toEqual(new Set([...before['2026-03-06']!, 'policy 9.9 2026-03-10']));

  await server.again();
  while ((await view('packs')).some((row) => 'reevaluating' in row)) await sleep(20);
  expect(await answersOwed(last)).toEqual(before);
}, 120_000);

const edition = async (): Promise<Row | undefined> =>
  (await view('packs')).find((row) => row['edition'] === 'edition-2');
