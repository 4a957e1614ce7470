/** `depter pack check` and `pack diff`, as a user runs them. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPacks } from '#host';
import { depter } from '../../../../test/running/command-line.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'depter-pack-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Each command reads all packs, which takes a busy machine a while.
jest.setTimeout(120_000);

/** A built-in pack with a change, in a file of its own. */
async function changed(pack: string, from: string | RegExp, to: string): Promise<string> {
  const before = await readFile(join(builtInPacks(), pack), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  const path = join(folder, `${Math.random().toString(36).slice(2)}.yaml`);
  await writeFile(path, after);
  return path;
}

const lineOf = async (path: string, word: string): Promise<number> =>
  (await readFile(path, 'utf8')).split('\n').findIndex((line) => line.includes(word)) + 1;

describe('pack check', () => {
  it('finds nothing wrong with the built-in packs, nor with a file of them', async () => {
    expect(await depter('pack', 'check')).toEqual({ status: 0, out: 'nothing is wrong\n', err: '' });
    const one = await depter('pack', 'check', join(builtInPacks(), 'kz.finbox.yaml'));
    expect(one).toEqual({ status: 0, out: 'nothing is wrong\n', err: '' });
  });

  it.each([
    ['kz.autosiyliq.yaml', 'duty: review', 'duty: reviewing', 'duty: reviewing', /Invalid option/],
    [
      'kz.autosiyliq.yaml',
      '  - minimum: dossier',
      '  - minimum: nowhere',
      'minimum: nowhere',
      /no law of this controller/,
    ],
    ['kz.autosiyliq.yaml', 'laws: [kz.94-v,', 'laws: [kz.95-v,', 'kz.95-v', /no such law pack is loaded/],
  ])('tells of %s with %s as %s its line and the reason', async (pack, from, to, word, reason) => {
    const path = await changed(pack, from, to);
    const { status, out } = await depter('pack', 'check', path);
    expect(status).toBe(1);
    expect(out).toMatch(reason);
    expect(out).toContain(`${path}:${await lineOf(path, word)}: `);
  });

  it('tells of a figure without a mark, and of what is no YAML', async () => {
    const path = await changed('kz.94-v.yaml', /(term: 15 working days,[^}]*), mark: [A-Z]/, '$1');
    const { status, out } = await depter('pack', 'check', path);
    expect([status, out]).toEqual([1, expect.stringMatching(/:\d+: .*mark/)]);
    const broken = join(folder, 'broken.yaml');
    await writeFile(broken, 'kind: law\nmeta: [\n');
    const told = await depter('pack', 'check', '--packs', folder, broken);
    expect([told.status, told.out]).toEqual([1, expect.stringContaining(`${broken}:`)]);
    await rm(broken);
  });

  it('tells of a clause of the document that has no field any more', async () => {
    const path = await changed('kg.softskills.yaml', '  - id: self-deletion', '  - id: deletion-by-oneself');
    const { status, out } = await depter('pack', 'check', path);
    expect(status).toBe(1);
    expect(out).toMatch(/coverage\/softskills\.yaml:\d+: nothing stands at \/statements\/self-deletion .*\n1 faults\n/);
  });

  it('is used wrongly with a file that is not there', async () => {
    expect((await depter('pack', 'check', join(folder, 'none.yaml'))).status).toBe(2);
  });
});

/** Three borrowers: one asked for access, one repaid, one was told nothing. */
const ACTIONS = [
  ['collected', '2026-03-02', 'A-1', { items: ['name'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }],
  ['requested', '2026-03-03', 'A-1', { request: 'R-1', right: 'access', channel: 'email' }],
  ['contracted', '2026-03-02', 'B-2', { contract: 'L-1' }],
  ['collected', '2026-03-02', 'B-2', { items: ['name', 'iin'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent', contract: 'L-1' }],
  ['performed', '2026-03-20', 'B-2', { contract: 'L-1' }],
  ['noticed', '2026-03-02', 'C-3', { edition: 'undated', items: ['name'], purposes: ['loan'] }],
] as const; // prettier-ignore

async function feed(): Promise<string> {
  const lines = ACTIONS.map(([name, on, client, data], at) => ({
    specversion: '1.0',
    id: `${at}`,
    source: 'urn:example:los',
    type: `depter.action.${name}.v1`,
    controller: 'kz.autosiyliq',
    data: { on, person: { client }, ...data },
  }));
  const file = join(folder, 'feed.ndjson');
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  return file;
}

const jsonLines = (out: string): Record<string, unknown>[] =>
  out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

describe('pack diff', () => {
  it('finds nothing between the same packs', async () => {
    const { status, out } = await depter('pack', 'diff', 'built-in', 'built-in', '--on', await feed());
    expect([status, out]).toEqual([0, '0 of 3 people: 0 deadlines, 0 terms, 0 findings\n']);
  });

  it('shows whose deadlines a changed law would move, by the line that first names them', async () => {
    const shorter = await changed('kz.94-v.yaml', /(trigger: access\.requested, duty: answer-access, term: )3 working days/, '$11 working day'); // prettier-ignore
    const asked = ['pack', 'diff', 'built-in', shorter, '--on', await feed(), '--as-of', '2026-03-04'];
    const { status, out } = await depter(...asked);
    expect(status).toBe(0);
    expect(out).toMatch(/line 1 +deadline answer-access +2026-03-06 running .* 2026-03-04 running/);
    expect(out).toContain('1 of 3 people: 1 deadlines, 0 terms, 0 findings\n');
    expect(jsonLines((await depter(...asked, '--json')).out)).toEqual([
      { controller: 'kz.autosiyliq', subject: 'line 1', kind: 'deadline', about: 'answer-access', before: expect.stringMatching(/^2026-03-06/), after: expect.stringMatching(/^2026-03-04/) },
      { people: 3, changed: 1, deadlines: 1, terms: 0, findings: 0 },
    ]); // prettier-ignore
  });

  it('shows whose items a changed minimum would keep longer, and what would be found', async () => {
    const longer = await changed('kz.mfo-rules.yaml', /term: P5Y/, 'term: P7Y');
    const { out } = await depter(
      'pack',
      'diff',
      'built-in',
      longer,
      '--on',
      await feed(),
      '--as-of',
      '2032-01-01',
      '--json',
    );
    const rows = jsonLines(out);
    expect(rows.filter((row) => row['kind'] === 'term').map((row) => [row['subject'], row['about'], row['after']])).toEqual([
      ['line 3', 'iin', expect.stringMatching(/^2033-03-20 kept/)],
      ['line 3', 'name', expect.stringMatching(/^2033-03-20 kept/)],
    ]); // prettier-ignore
    expect(rows.filter((row) => row['kind'] === 'finding' && row['after'] === null).length).toBeGreaterThan(0);
  });

  it('reads a data folder, whose references it shows and which it leaves as it was', async () => {
    const data = join(folder, 'data');
    expect((await depter('feed', await feed(), '--data', data, '--controller', 'kz.autosiyliq')).status).toBe(0);
    const shorter = await changed('kz.94-v.yaml', /(trigger: access\.requested, duty: answer-access, term: )3 working days/, '$11 working day'); // prettier-ignore
    const { status, out } = await depter('pack', 'diff', 'built-in', shorter, '--on', data, '--json');
    expect([status, jsonLines(out)[0]!['subject']]).toEqual([0, expect.stringMatching(/^[\w-]{22}$/)]);
    expect(out).not.toContain('A-1');
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('depter-pack-diff-'))).toEqual([]);
  });

  it.each([
    ['a pack that is not there', ['none.yaml', 'built-in'], 'There is no none.yaml.'],
    ['a log that is not there', ['built-in', 'built-in', '--on', 'nowhere'], 'There is no nowhere.'],
    ['no log', ['built-in', 'built-in'], '--on is missing'],
    ['a day that is none', ['built-in', 'built-in', '--on', 'x', '--as-of', 'soon'], '--as-of must be a day'],
  ])('is used wrongly with %s', async (_, args, said) => {
    const more = args.includes('--on') || (args.length === 2 && args[0] === 'built-in') ? [] : ['--on', await feed()];
    const { status, err } = await depter('pack', 'diff', ...args, ...more);
    expect([status, err]).toEqual([2, expect.stringContaining(said)]);
  });

  it('says which line is no action', async () => {
    const file = join(folder, 'wrong.ndjson');
    await writeFile(file, `${(await readFile(await feed(), 'utf8')).split('\n')[0]}\n{"specversion":"1.0"}\n`);
    const { status, err } = await depter('pack', 'diff', 'built-in', 'built-in', '--on', file);
    expect([status, err]).toEqual([2, expect.stringContaining('Line 2 is no action')]);
  });
});

describe('rebuild', () => {
  it('makes the boards of a folder again', async () => {
    const data = join(folder, 'boards');
    await depter('feed', await feed(), '--data', data, '--controller', 'kz.autosiyliq', '--from-start');
    for (let time = 0; time < 2; time += 1) {
      expect(await depter('rebuild', '--data', data)).toEqual({ status: 0, out: 'rows of 3 people made\n', err: '' });
    }
    expect(await readdir(data)).toContain('projections.db');
  });
});
