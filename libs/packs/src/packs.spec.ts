/** What the packs say of AUTO SIYLIQ FINANCE beside its ids and due dates, and how a policy's text is hashed. */

import { describe, expect, it } from '@jest/globals';
import { DATA, loadPacks, packFiles } from '../testdata/load.js';
import { compile, due, normaliseEditionText } from './index.js';

const book = compile(loadPacks(DATA), 'kz.autosiyliq');

describe('the packs of kz.autosiyliq', () => {
  it('cite the clause of each basis', () => {
    const clause = (id: string): string | undefined => book.basis(id, '2026-02-02')?.cite.clause;
    expect([clause('consent'), clause('law'), clause('contract')]).toEqual(['94-V 7(6)', '573-II 26(1)', 'policy 2.3']);
  });

  it('keep the dossier five years after performance, by a secondary source', () => {
    const [minimum] = book.minimums('2026-07-20');
    expect(minimum).toMatchObject({
      id: 'dossier',
      after: { kind: 'contract-performed' },
      term: { unit: 'years', count: 5 },
      cite: { pack: 'kz.mfo-rules', edition: 'undated', mark: 'S' },
    });
    expect(minimum?.items).toHaveLength(12);
    expect(minimum?.items).not.toContain('email');
  });

  it('name the edition by the hash of its text, the same day in and day out', () => {
    expect(book.edition('2026-02-02')?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(book.edition('2026-02-02')).toEqual(book.editionById('undated'));
  });

  it('bring a text into one form before it is hashed, however it was copied', () => {
    const one = normaliseEditionText('\ufeff1. M\u0259n\u00a0  \u0456c\r\n\r\n  2. Z \n');
    expect(one).toBe('1. M\u04d9n \u0456c\n2. Z\n');
    expect(normaliseEditionText(one)).toBe(one);
  });
});

describe('the deadlines of kz.autosiyliq', () => {
  it('gives the breach duties of the secondary rule set', () => {
    const rows = book.deadlines('breach.found', '2026-08-14').filter((row) => row.cite.pack === 'kz.mfo-rules');
    expect(rows.map((row) => [row.duty, due(book.calendar(), '2026-08-14', row.term).due, row.cite.mark])).toEqual([
      ['tell-subject-breach', '2026-08-17', 'S'],
      ['report-breach', '2026-08-17', 'S'],
      ['measures-breach', '2026-08-18', 'S'],
    ]);
  });

  it('owes a notice of transfer only where the contract agrees it and an assignee gets the data', () => {
    expect(book.deadlines('transfer.made', '2026-06-15')[0]?.condition).toEqual({
      contractTerm: 'assignment-notice',
      role: 'assignee',
    });
  });
});

/** Every object of the files that has what is asked of it, with its place. */
function objectsOf<T>(has: (one: object) => one is T & object): readonly (readonly [place: string, one: T])[] {
  const found: (readonly [string, T])[] = [];
  const walk = (node: unknown, place: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (has(node)) found.push([place, node]);
    for (const [key, value] of Object.entries(node)) walk(value, `${place}/${key}`);
  };
  for (const { source, content } of packFiles(DATA)) walk(content, source);
  return found;
}

describe('a text that people read', () => {
  interface Labels {
    readonly ky: string;
    readonly kk: string;
    readonly ru: string;
    readonly en: string;
  }
  const labels = objectsOf((one): one is Labels & object => 'ky' in one && 'en' in one);
  const wrong = (isWrong: (one: Labels) => boolean): readonly string[] =>
    labels.filter(([, one]) => isWrong(one)).map(([place, one]) => `${place}: ${JSON.stringify(one)}`);

  it('stands in the letters of its language', () => {
    expect(labels.length).toBeGreaterThan(300);
    expect(wrong(({ ky }) => /[әғқұһіӘҒҚҰҺІ]/.test(ky))).toEqual([]);
    expect(wrong(({ ru }) => /[әғқұһіңөүӘҒҚҰҺІҢӨҮ]/.test(ru))).toEqual([]);
    expect(wrong(({ en }) => /\p{Script=Cyrillic}/u.test(en))).toEqual([]);
    // A Kazakh sentence of some length has a letter that Russian has not.
    expect(wrong(({ kk }) => kk.length > 40 && !/[әғқұһіңөү]/i.test(kk))).toEqual([]);
  });

  it('of some length is no copy of another language', () => {
    const isCopied = ({ ky, kk, ru, en }: Labels): boolean => new Set([ky, kk, ru, en]).size < 4;
    expect(wrong((one) => one.ky.length > 25 && isCopied(one))).toEqual([]);
  });
});

describe('a mark', () => {
  const cited = objectsOf(
    (one): one is { readonly clause: string; readonly mark: string } => 'clause' in one && 'mark' in one,
  );
  const of = (begins: RegExp): readonly string[] =>
    cited.filter(([place]) => begins.test(place)).map(([place, { clause, mark }]) => `${place} ${clause} ${mark}`);

  it('of a law of Kazakhstan is never that of a policy or of an agency: neither tells of it', () => {
    const rows = of(/^kz\.(?!autosiyliq|finbox)/);
    expect(rows.length).toBeGreaterThan(70);
    expect(rows.filter((row) => row.endsWith(' P'))).toEqual([]);
  });

  it('of what a policy says is its own', () => {
    const rows = of(/^(kz\.(autosiyliq|finbox)|kg\.(somo|softskills))/).filter((row) => / policy /.test(row));
    expect(rows.length).toBeGreaterThan(300);
    // From when a law that a policy cites was replaced is known from elsewhere.
    expect(rows.filter((row) => !row.endsWith(' P'))).toEqual(['kz.autosiyliq.yaml/lawsCited/1 policy 3.1 M']);
  });

  it('that is not of a text that was read has a reading, which says that the figure binds all the same', () => {
    const unread = loadPacks(DATA).filter(
      (pack) =>
        pack.kind !== 'calendar' &&
        [...pack.deadlines.filter(({ term }) => term !== undefined), ...('minimums' in pack ? pack.minimums : [])].some(
          ({ mark }) => mark === 'S' || mark === 'M',
        ),
    );
    const isSaid = /mark [SM]\b|from memory|secondary|known better/;
    const silent = unread.filter(
      ({ readings }) =>
        !readings.some(({ contradiction, chosen, reason }) => isSaid.test(`${contradiction} ${chosen} ${reason}`)),
    );
    expect(unread.length).toBeGreaterThan(6);
    expect(silent.map(({ source }) => source)).toEqual([]);
  });
});
