/** Editions over time, on small packs made here: the shipped ones have one edition each. */

import { describe, expect, it } from '@jest/globals';
import { compile, parsePack, type Pack, type Rulebook } from './index.js';

const labels = (text: string): Record<'ky' | 'kk' | 'ru' | 'en', string> => ({
  ky: text,
  kk: text,
  ru: text,
  en: text,
});
const cited = { clause: 'policy 1', mark: 'P' };
const sources = [{ text: 'made for this test', mark: 'P' }];

function made(content: unknown): Pack {
  const parsed = parsePack(content, 'inline');
  if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
  return parsed.pack;
}

function meta(id: string, edition: string, period: object = {}): object {
  return {
    id,
    edition,
    jurisdiction: 'KG',
    citation: id,
    titles: labels(id),
    authoritativeLanguages: ['ru'],
    sources,
    ...period,
  };
}

const law = (id: string, edition: string, period: object, rest: object): Pack =>
  made({ kind: 'law', meta: meta(id, edition, period), ...rest });

const calendar = made({
  kind: 'calendar',
  meta: meta('kg.calendar', 'undated'),
  counting: { start: 'next-day', week: '7 calendar days', monthEnd: 'clip', roll: 'none' },
  restDays: [6, 7],
  missingYear: 'rest-days-and-fixed',
  fixed: [],
  years: [],
});

function policy(id: string, edition: object, rest: object = {}): Pack {
  return made({
    kind: 'controller',
    controller: {
      id,
      names: labels(id),
      form: labels('form'),
      zone: 'Asia/Bishkek',
      country: 'KG',
      languages: ['ky'],
      laws: ['kg.old', 'kg.new'],
      calendar: 'kg.calendar',
    },
    edition: {
      ...cited,
      texts: [{ language: 'ky', authoritative: true, sha256: 'a'.repeat(64), computed: 'by hand' }],
      changeNotice: 'must',
      ...edition,
    },
    sources,
    origins: [],
    items: [{ id: 'name', labels: labels('Name'), ...cited }],
    purposes: [{ id: 'service', labels: labels('Service'), ...cited, ends: 'purpose-reached' }],
    recipients: [],
    ...rest,
  });
}

const answer = (term: string | undefined, clause: string, rest: object = {}): object => ({
  deadlines: [
    {
      trigger: 'access.requested',
      duty: 'answer-access',
      ...(term === undefined ? {} : { term }),
      clause,
      mark: 'M',
      ...rest,
    },
  ],
});

const old = law('kg.old', 'e1', { validTo: '2026-02-04' }, answer('1 week', 'Old 17'));
const young = law(
  'kg.new',
  'e1',
  { validFrom: '2026-02-05' },
  {
    ...answer(undefined, 'New 1'),
    grounds: [{ id: 'new.1', labels: labels('Ground'), clause: 'New 2', mark: 'M' }],
  },
);
const first = policy('kg.one', { id: 'edition-1', to: undefined });
const second = policy(
  'kg.one',
  {
    id: 'edition-2',
    from: '2025-05-26',
    texts: [{ language: 'ky', authoritative: true, sha256: 'b'.repeat(64), computed: 'by hand' }],
  },
  {
    items: [
      { id: 'name', labels: labels('Name, second edition'), ...cited },
      { id: 'neighbour-phone', labels: labels('Phone'), ...cited, describes: 'other' },
    ],
    purposes: [
      { id: 'advertising', labels: labels('Advertising'), ...cited, ends: 'silent', list: true },
      { id: 'service', labels: labels('Service'), ...cited, ends: 'contract-performed', barred: true },
    ],
    vocabulary: { scope: ['front-office'] },
  },
);
const other = policy('kg.two', { id: 'edition-x' }, { items: [{ id: 'shoe-size', labels: labels('Size'), ...cited }] });
const packs = [second, young, calendar, other, old, first];
const book: Rulebook = compile(packs, 'kg.one');
const clauses = (on: string): string[] => book.deadlines('access.requested', on).map((row) => row.cite.clause);

describe('a rulebook', () => {
  it('is judged by the law of the day, to its last day and from its first', () => {
    expect(clauses('2026-02-04')).toEqual(['Old 17']);
    expect(clauses('2026-02-05')).toEqual(['New 1']);
    expect(book.deadlines('access.requested', '2026-02-05')[0]).toMatchObject({ term: undefined, termText: 'none' });
    expect(book.deadlines('breach.found', '2026-02-05')).toEqual([]);
  });

  it('reads the policy edition of the day', () => {
    expect([book.edition('2025-05-25')?.id, book.edition('2025-05-26')?.id]).toEqual(['edition-1', 'edition-2']);
    expect(book.editionById('edition-1')?.hash).toBe('a'.repeat(64));
    expect(book.editionById('edition-2')).toMatchObject({ hash: 'b'.repeat(64), from: '2025-05-26' });
    expect(book.editionById('edition-x')).toBeUndefined();
    expect(book.item('name', '2025-05-25')?.labels.en).toBe('Name');
    expect(book.item('name', '2025-05-26')?.labels.en).toBe('Name, second edition');
    expect(book.purpose('service', '2025-05-25')).toMatchObject({ ends: 'purpose-reached', barred: false, order: 0 });
    expect(book.purpose('service', '2025-05-26')).toMatchObject({ ends: 'contract-performed', barred: true, order: 1 });
  });

  it('lists an id only while a pack in force has it, yet says what the newest pack says of it', () => {
    expect(book.lists('item', 'neighbour-phone', '2025-05-25')).toBe(false);
    expect(book.lists('item', 'neighbour-phone', '2025-05-26')).toBe(true);
    expect(book.item('neighbour-phone', '2025-05-25')).toMatchObject({ describes: 'other' });
    expect(book.purpose('advertising', '2025-05-25')?.list).toBe(true);
    expect(book.ground('new.1', '2026-02-04')?.cite.clause).toBe('New 2');
    expect(book.item('shoe-size', '2025-05-26')).toBeUndefined();
  });

  it('has the ids of every loaded pack, whatever its dates and whosever it is, and the common words', () => {
    expect(book.has('item', 'neighbour-phone')).toBe(true);
    expect(book.has('item', 'shoe-size')).toBe(true);
    expect(book.has('edition', 'edition-2')).toBe(true);
    expect(book.has('scope', 'front-office')).toBe(true);
    expect(book.has('channel', 'email')).toBe(true);
    expect(book.has('channel', 'pigeon')).toBe(false);
    expect(book.all('ground')).toEqual(['new.1']);
    expect([...book.all('item')].sort()).toEqual(['name', 'neighbour-phone', 'shoe-size']);
  });

  it('lets a rule be younger or shorter-lived than its edition', () => {
    const dated = law('kg.new', 'e1', {}, answer('1 week', 'New 1', { from: '2025-01-10', to: '2025-01-12' }));
    const rows = (on: string): number =>
      compile([first, calendar, dated], 'kg.one').deadlines('access.requested', on).length;
    expect(['2025-01-09', '2025-01-10', '2025-01-12', '2025-01-13'].map(rows)).toEqual([0, 1, 1, 0]);
  });

  it('does not depend on the order in which packs are loaded', () => {
    const again = compile([...packs].reverse(), 'kg.one');
    for (const day of ['2025-05-25', '2025-05-26', '2026-02-04', '2026-02-05']) {
      expect(again.edition(day)).toEqual(book.edition(day));
      expect(again.deadlines('access.requested', day)).toEqual(book.deadlines('access.requested', day));
      expect(again.item('name', day)).toEqual(book.item('name', day));
    }
  });

  it('needs a pack of the controller and its calendar', () => {
    expect(() => compile(packs, 'kg.nobody')).toThrow(RangeError);
    expect(() => compile([first], 'kg.one')).toThrow(RangeError);
  });
});
