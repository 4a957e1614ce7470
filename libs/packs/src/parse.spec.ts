import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checkPacks, type ControllerPack, type LawPack, parsePack, type Pack } from './index.js';

const NAMES = ['kz.94-v', 'kz.56-v', 'kz.573-ii', 'kz.mfo-rules', 'kz.calendar', 'kz.autosiyliq', 'kz.aml'] as const;
type Name = (typeof NAMES)[number];
type Path = readonly (string | number)[];

const GONE = Symbol('the key is taken out');

/** The file with the value at one place changed. */
function changed(name: Name, path: Path, value: unknown): unknown {
  const content: unknown = parse(readFileSync(join(import.meta.dirname, '..', 'data', `${name}.yaml`), 'utf8'));
  let at = content as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last !== undefined && value === GONE) delete at[last];
  else if (last !== undefined) at[last] = value;
  return content;
}

function problems(name: Name, path: Path, value: unknown): [string, string][] {
  const parsed = parsePack(changed(name, path, value), `${name}.yaml`);
  return parsed.kind === 'pack' ? [] : parsed.problems.map((one) => [one.pointer, one.reason]);
}

function pack(name: Name, path: Path = [], value?: unknown): Pack {
  const parsed = parsePack(changed(name, path, value), `${name}.yaml`);
  if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
  return parsed.pack;
}

describe('a pack file', () => {
  it.each(NAMES)('%s is without problems', (name) => {
    expect(problems(name, [], undefined)).toEqual([]);
  });

  it.each<[string, Name, Path, unknown, string]>([
    ['an unknown key', 'kz.94-v', ['deadlines', 0, 'within'], '3wd', '/deadlines/0/within'],
    ['an unknown key with a slash', 'kz.94-v', ['meta', 'a/b~c'], 1, '/meta/a~1b~0c'],
    ['a figure without a mark', 'kz.94-v', ['deadlines', 3, 'mark'], GONE, '/deadlines/3/mark'],
    ['a minimum without a mark', 'kz.mfo-rules', ['minimums', 0, 'mark'], GONE, '/minimums/0/mark'],
    ['a year without a mark', 'kz.calendar', ['years', 1, 'mark'], GONE, '/years/1/mark'],
    ['a mark that is none', 'kz.94-v', ['bases', 0, 'mark'], 'X', '/bases/0/mark'],
    ['a rule without a clause', 'kz.56-v', ['deadlines', 1, 'clause'], GONE, '/deadlines/1/clause'],
    ['a term that cannot be read', 'kz.56-v', ['deadlines', 0, 'term'], '10 days', '/deadlines/0/term'],
    ['a trigger that is none', 'kz.56-v', ['deadlines', 0, 'trigger'], 'contract.late', '/deadlines/0/trigger'],
    ['a minimum in days', 'kz.mfo-rules', ['minimums', 0, 'term'], 'P90D', '/minimums/0/term'],
    ['an empty label', 'kz.autosiyliq', ['items', 2, 'labels', 'ky'], '', '/items/2/labels/ky'],
    ['a language without label', 'kz.autosiyliq', ['purposes', 1, 'labels', 'kk'], GONE, '/purposes/1/labels/kk'],
    ['a zone that is none', 'kz.autosiyliq', ['controller', 'zone'], 'Asia/Atlantis', '/controller/zone'],
    ['a controller id with a dash', 'kz.autosiyliq', ['controller', 'id'], 'kz.auto-siyliq', '/controller/id'],
    ['a hash that is none', 'kz.autosiyliq', ['edition', 'texts', 0, 'sha256'], 'ab12', '/edition/texts/0/sha256'],
    ['a date that does not exist', 'kz.94-v', ['meta', 'validFrom'], '2025-02-29', '/meta/validFrom'],
    ['another way of counting', 'kz.calendar', ['counting', 'start'], 'same-day', '/counting/start'],
    ['a kind that is none', 'kz.94-v', ['kind'], 'act', '/kind'],
  ])('with %s is refused at its place', (_, name, path, value, pointer) => {
    expect(problems(name, path, value).map(([at]) => at)).toEqual([pointer]);
  });

  it.each<[string, Name, Path, unknown, string, string]>([
    ['purpose', 'kz.autosiyliq', ['items', 3, 'purposes', 1], 'ads', '/items/3/purposes/1', 'no such purpose here'],
    ['item', 'kz.autosiyliq', ['retention', 0, 'items', 2], 'passport', '/retention/0/items/2', 'no such item here'],
    [
      'recipient',
      'kz.autosiyliq',
      ['origins', 3, 'organisations', 0],
      'kz.fund',
      '/origins/3/organisations/0',
      'no such recipient here',
    ],
    ['contract term', 'kz.94-v', ['terms'], [], '/deadlines/18/condition/contractTerm/0', 'no such term here'],
    [
      'recipient, twice',
      'kz.autosiyliq',
      ['recipients', 5, 'id'],
      'kz.bank',
      '/recipients/5/id',
      'the id stands twice in this list',
    ],
    [
      'ground, twice',
      'kz.94-v',
      ['grounds', 1, 'id'],
      '94-v.8.2.obligation',
      '/grounds/1/id',
      'the id stands twice in this list',
    ],
    [
      'rule that ends first',
      'kz.94-v',
      ['deadlines', 4, 'to'],
      '2026-01-01',
      '/deadlines/4/to',
      'it ends before it begins',
    ],
    [
      'day of another year',
      'kz.calendar',
      ['years', 1, 'off', 0],
      '2025-01-01',
      '/years/1/off/0',
      'the day is not in 2026',
    ],
    [
      'day worked and off',
      'kz.calendar',
      ['years', 1, 'worked'],
      ['2026-01-01'],
      '/years/1/worked/0',
      'the day is off as well',
    ],
    [
      'text',
      'kz.autosiyliq',
      ['edition', 'texts', 0, 'authoritative'],
      false,
      '/edition/texts',
      'exactly one text is the authoritative one',
    ],
  ])('with a dangling or contradicting %s is refused', (_, name, path, value, pointer, reason) => {
    expect(problems(name, path, value)).toEqual([[pointer, reason]]);
  });

  it.each([null, 'text', [], 7, { kind: 'law' }])('that is %j is refused, not thrown at', (content) => {
    const parsed = parsePack(content, 'x.yaml');
    expect(parsed.kind).toBe('problems');
  });

  it('tells all of its problems', () => {
    const content = changed('kz.94-v', ['meta'], {});
    const parsed = parsePack(content, 'kz.94-v.yaml');
    expect(parsed.kind === 'problems' && parsed.problems.length).toBeGreaterThan(5);
  });
});

describe('packs together', () => {
  const check = (packs: Pack[]): [string, string, string][] =>
    checkPacks(packs).map((one) => [one.source, one.pointer, one.reason]);
  const all = (): Pack[] => NAMES.map((name) => pack(name));

  it('fit', () => {
    expect(check(all())).toEqual([]);
  });

  it('need the laws, the minimums and the calendar that a policy names', () => {
    const without = (name: Name): Pack[] => NAMES.filter((one) => one !== name).map((one) => pack(one));
    expect(check(without('kz.mfo-rules'))).toEqual([
      ['kz.autosiyliq.yaml', '/controller/laws/3', 'no such law pack is loaded'],
      ['kz.autosiyliq.yaml', '/retention/0/minimum', 'no law of this controller has the minimum'],
    ]);
    expect(check(without('kz.calendar'))).toEqual([
      ['kz.autosiyliq.yaml', '/controller/calendar', 'no such calendar pack is loaded'],
    ]);
  });

  it('begin on a day each: else the order of files would decide', () => {
    const policy = pack('kz.autosiyliq') as ControllerPack & { readonly source: string };
    const next = (from?: string): Pack => ({
      ...policy,
      source: 'next.yaml',
      edition: { ...policy.edition, id: 'edition-2', from },
    });
    expect(check([...all(), next('2026-03-01')])).toEqual([]);
    const told = [['next.yaml', '/edition/from', expect.stringContaining('another edition begins on the same day')]];
    expect(check([...all(), next()])).toEqual(told);
    const third = { ...next('2026-03-01'), source: 'third.yaml' } as ControllerPack & { readonly source: string };
    expect(check([...all(), next('2026-03-01'), { ...third, edition: { ...third.edition, id: 'edition-3' } }])).toEqual(
      [['third.yaml', '/edition/from', expect.stringContaining('another edition')]],
    );
    const law = pack('kz.56-v') as LawPack & { readonly source: string };
    expect(check([...all(), { ...law, source: 'law.yaml', meta: { ...law.meta, edition: '2026-01' } }])).toEqual([
      ['law.yaml', '/meta/validFrom', expect.stringContaining('another edition')],
    ]);
  });

  it('hold an edition once, and an organisation in one place', () => {
    expect(check([...all(), pack('kz.56-v')])).toEqual([
      ['kz.56-v.yaml', '/meta/edition', 'this edition is loaded twice'],
    ]);
    const double = NAMES.map((name) =>
      name === 'kz.autosiyliq' ? pack(name, ['recipients', 6, 'id'], 'kz.authority') : pack(name),
    );
    expect(check(double)).toEqual([
      ['kz.autosiyliq.yaml', '/recipients/6/id', 'a law of this controller has the organisation too'],
    ]);
  });
});
