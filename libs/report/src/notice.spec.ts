import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { compile, parsePack, type Language, type Rulebook } from '#packs';
import { LANGUAGES } from './dictionary.js';
import { noticeOf, noticePage } from './notice.js';
import { NOTICE_WORDS } from './notice-words.js';

const folder = new URL('../../packs/data/', import.meta.url);
const packs = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => {
    const parsed = parsePack(parse(readFileSync(new URL(name, folder), 'utf8')), name);
    if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
    return parsed.pack;
  });
const books = new Map<string, Rulebook>(
  ['kg.somo', 'kg.softskills', 'kg.holder', 'kz.autosiyliq', 'kz.finbox'].map((id) => [id, compile(packs, id)]),
);
const book = (id: string): Rulebook => books.get(id)!;

describe('the notice before collection', () => {
  test('names what Somo may collect, for what, to whom it may go, and that each item may be refused', () => {
    const notice = noticeOf(book('kg.somo'), '2026-01-15');
    expect(notice.demanded).toEqual({ clause: 'Law 58 (Agency FAQ, before collection)', pack: 'kg.law-58', mark: 'P' });
    expect(notice.refusable?.pack).toBe('kg.law-58');
    expect(notice.elements.map(({ id }) => id)).toEqual(['data', 'grounds-purposes', 'third-parties', 'other-use']);
    const somo = book('kg.somo');
    const listed = (kind: 'item' | 'purpose') => somo.all(kind).filter((id) => somo.lists(kind, id, '2026-01-15'));
    expect(notice.items.map(({ item }) => item)).toEqual(listed('item'));
    expect(notice.purposes.map(({ purpose }) => purpose)).toEqual(listed('purpose'));
    expect(notice.items.some(({ describes }) => describes === 'other')).toBe(true);
    expect(notice.recipients.length).toBeGreaterThan(0);
    for (const { role } of notice.recipients) expect(['authority', 'place']).not.toContain(role);
  });

  test('follows the law of its own day', () => {
    const by = (on: string) => noticeOf(book('kg.somo'), on).demanded?.pack;
    expect([by('2026-02-04'), by('2026-02-05')]).toEqual(['kg.law-58', 'kg.digital-code']);
  });

  test('is demanded by no Kazakh law, and says the same', () => {
    const notice = noticeOf(book('kz.autosiyliq'), '2026-03-01');
    expect([notice.demanded, notice.refusable]).toEqual([null, null]);
    expect(notice.elements.map(({ id }) => id)).toEqual(['data', 'grounds-purposes', 'third-parties', 'other-use']);
    expect(noticePage(notice, book('kz.autosiyliq'), 'en')).not.toContain(NOTICE_WORDS.en.refusable);
  });

  test('of some items is about these alone', () => {
    const { items } = noticeOf(book('kz.autosiyliq'), '2026-03-01', ['iin', 'no-such-item', 'name']);
    expect(items.map(({ item }) => item).sort()).toEqual(['iin', 'name']);
  });

  test('says who may consent, what the law protects more, and what the policy leaves open', () => {
    const lerna = noticeOf(book('kg.softskills'), '2026-01-15');
    expect(lerna.capacity).toMatchObject({
      years: { count: 18, clause: 'policy 1' },
      representative: { clause: 'policy 9.1' },
    });
    expect(noticePage(lerna, book('kg.softskills'), 'en')).toContain(
      'Least age for giving consent, in full years: 18.',
    );
    expect(lerna.open.map(({ of }) => of)).toEqual(['cookies', 'recipients', 'items']);
    expect(lerna.items.find(({ item }) => item === 'ip')).toMatchObject({
      special: [{ clause: 'Law 58 (Agency FAQ, data types)' }],
      identifyingClaim: { pack: 'kg.softskills' },
    });
    const auto = noticeOf(book('kz.autosiyliq'), '2026-03-01');
    expect(auto.capacity).toEqual({ years: null, representative: null });
    expect(noticePage(auto, book('kz.autosiyliq'), 'en')).not.toMatch(/Least age|legal representative/);
  });

  const each = [...books.keys()].flatMap((id) => LANGUAGES.map((language) => ({ id, language })));
  test.each(each)(
    'the page of $id in $language says everything in that language and in none other',
    ({ id, language }) => {
      const notice = noticeOf(book(id), '2026-03-01');
      const page = noticePage(notice, book(id), language);
      const bare = (text: string): string =>
        text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
      const said = bare(page).replace(/<nav[\s\S]*<\/nav>|<style>[\s\S]*<\/style>/g, '');
      const special = notice.items.flatMap((item) => item.special);
      const labels = [...notice.items, ...special, ...notice.purposes, ...notice.bases, ...notice.otherUse].map(
        (one) => one.labels,
      );
      const within = (one: Language, texts: readonly (typeof labels)[0][]) => texts.map((text) => text[one]);
      for (const label of within(language, labels)) expect(said.toLowerCase()).toContain(label.toLowerCase());
      const words = ({ title, tagline, none, element, leftOpen }: (typeof NOTICE_WORDS)[Language]) => [
        title,
        tagline,
        none,
        leftOpen,
        ...Object.values(element),
      ];
      expect(said).not.toMatch(/Agency FAQ|Law \d/);
      const { open, leftOpen, representative } = NOTICE_WORDS[language];
      for (const { of } of notice.open) expect(said).toContain(open[of]);
      expect(said.includes(leftOpen)).toBe(notice.open.length > 0);
      expect(said.includes(representative.slice(0, -1))).toBe(notice.capacity.representative !== null);
      for (const other of LANGUAGES.filter((one) => one !== language)) {
        for (const text of Object.values(NOTICE_WORDS[other].open)) expect(said).not.toContain(`>${text}`);
      }
      expect(said).toContain(NOTICE_WORDS[language].title);
      for (const other of LANGUAGES.filter((one) => one !== language)) {
        const own = new Set([
          ...words(NOTICE_WORDS[language]),
          ...within(language, [...labels, ...notice.elements.map((one) => one.labels)]),
        ]);
        for (const text of words(NOTICE_WORDS[other]).filter((one) => !own.has(one)))
          expect(said).not.toContain(`>${text}<`);
      }
    },
  );
});
