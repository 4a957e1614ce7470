import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { compile, parsePack, type Day, type Minimum, type Rulebook } from '#packs';
import type { Answer } from './answer.js';
import { LANGUAGES, WORDS } from './dictionary.js';
import { htmlReport } from './html.js';
import { leaves, PLACE, readable, TAG, unescaped, vocabulary, wordsOf } from '../testdata/spoken.js';
import { textReport } from './text.js';

const here = new URL('.', import.meta.url);
const packsFolder = new URL('../../packs/data/', here);
const testdata = new URL('../testdata/', here);

const rulebook: Rulebook = compile(
  readdirSync(packsFolder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const parsed = parsePack(parse(readFileSync(new URL(name, packsFolder), 'utf8')), name);
      if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
      return parsed.pack;
    }),
  'kz.autosiyliq',
);

/** The rulebook, but for some of its answers. */
function changed(answers: Partial<Rulebook>): Rulebook {
  return new Proxy(rulebook, {
    get(book, key) {
      const own: unknown = Reflect.get(key in answers ? answers : book, key);
      return typeof own === 'function' ? (own.bind(key in answers ? answers : book) as unknown) : own;
    },
  });
}

/** The same, with the minimums that this controller's policy does not take over yet. */
const widened: Rulebook = changed({
  minimums: (on: Day): readonly Minimum[] => {
    const cite = { clause: '573-II 23(6)', pack: 'kz.573-ii', edition: '2025-11', mark: 'V' } as const;
    const own = { items: [], term: { unit: 'years', count: 10 }, cite, order: 9 } as const;
    return [
      ...rulebook.minimums(on),
      { ...own, id: 'supply-consent', after: { kind: 'transferred', purpose: 'bureau-supply' } },
      { ...own, id: 'report-consent', after: { kind: 'collected' } },
    ];
  },
});

const answerIn = (name: string): Answer => JSON.parse(readFileSync(new URL(name, testdata), 'utf8')) as Answer;
/** The lineage of scenario 4.4, written from the table of the scenario. */
const scenario = answerIn('scenario-4.4.2026-07-20.json');
/** One answer with every kind of thing that an answer can say. */
const everything = answerIn('everything.json');
const nothing: Answer = { ...everything, items: [], evidence: { events: [] } };

/** The text of the file, which is written anew where GOLDEN=write is set. */
function golden(name: string, text: string): string {
  const file = new URL(name, testdata);
  if (process.env['GOLDEN'] === 'write') writeFileSync(file, text);
  return readFileSync(file, 'utf8');
}

describe('the answer of scenario 4.4 as of 2026-07-20', () => {
  test.each(LANGUAGES)('is the page that was read and approved, in %s', (language) => {
    const page = htmlReport(scenario, rulebook, language);
    expect(page).toBe(golden(`scenario-4.4.2026-07-20.${language}.html`, page));
  });

  test.each(LANGUAGES)('is the text that was read and approved, in %s', (language) => {
    const text = textReport(scenario, rulebook, language, { width: 100 });
    expect(text).toBe(golden(`scenario-4.4.2026-07-20.${language}.txt`, text));
  });

  test('shows a value only where the answer has one', () => {
    const without = { ...scenario, items: scenario.items.map(({ value: _value, ...row }) => row) };
    expect(htmlReport(scenario, rulebook, 'ru')).toContain('2 New Street');
    expect(htmlReport(without, rulebook, 'ru')).not.toContain('2 New Street');
    expect(textReport(without, rulebook, 'ru')).not.toContain('+77000000104');
  });
});

const placesOf = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? ''))].sort();
/** A place in the tree of words; the classes of a plural are one place, since languages differ in them. */
const placeOf = (path: string): string => path.replace(/\.(one|few|many|other)$/, '');

describe('the dictionaries', () => {
  const english = new Map(leaves(WORDS.en).map(([path, text]) => [placeOf(path), text]));

  test.each(LANGUAGES)('say the same things in %s, with the same places to fill', (language) => {
    const own = leaves(WORDS[language]).filter(([path]) => !/^(countries|calendar\.(from|to|at))\./.test(path));
    for (const [path, text] of own) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
      expect([path, ...placesOf(text)]).toEqual([path, ...placesOf(english.get(placeOf(path)) ?? '{missing}')]);
    }
    expect(new Set(own.map(([path]) => placeOf(path))).size).toBe(
      [...english.keys()].filter((path) => !/^(countries|calendar\.(from|to|at))\./.test(path)).length,
    );
  });

  test.each(LANGUAGES)('have no text in %s that no report says', (language) => {
    const methods = Object.keys(WORDS.en.fate.method).map((method): Answer => ({
      ...everything,
      items: everything.items.map((row) => (row.fate === null ? row : { ...row, fate: { ...row.fate, method } })),
    }));
    const alone = everything.items.map((row): Answer => ({ ...everything, items: [row] }));
    const said = [scenario, nothing, ...methods, ...alone]
      .map((answer) => htmlReport(answer, widened, language))
      .map(
        (page) =>
          `${readable(page)} ${page.match(/aria-label="[^"]*"|<strong[^<]*|<pre|[^<>]*<\/dt><dd class="number"><pre/g)?.join(' ')}`,
      )
      .join(' ');
    const classes = new Map<string, string[]>();
    for (const [path, text] of leaves(WORDS[language])) {
      if (!path.startsWith('calendar.') && !path.startsWith('countries.')) {
        classes.set(placeOf(path), [...(classes.get(placeOf(path)) ?? []), text]);
      }
    }
    const unsaid = [...classes].filter(
      ([, texts]) => !texts.some((text) => text.split(PLACE).every((part) => said.includes(part.trim()))),
    );
    expect(unsaid).toEqual([]);
  });
});

describe('a report is in the language asked for and in no other', () => {
  const vocabularies = new Map(LANGUAGES.map((language) => [language, vocabulary(rulebook, language, '2026-07-20')]));
  // Values, and identifiers of laws, zones and the person's own number, are of no language.
  const data = new Set(wordsOf('Asia/Almaty 94-V 191-IV 573-II Fictitious New Street'));
  const ofNoLanguage = (answer: Answer): Answer => ({ ...answer, subject: '0', evidence: { events: [] } });

  test.each(LANGUAGES)('%s', (language) => {
    const own = vocabularies.get(language) ?? new Set();
    for (const answer of [scenario, everything, nothing].map(ofNoLanguage)) {
      const page = htmlReport(answer, widened, language);
      expect(page).toContain(`<html lang="${language}">`);
      for (const text of [readable(page), textReport(answer, widened, language)]) {
        const foreign = wordsOf(text).filter((word) => !own.has(word) && !data.has(word));
        expect(foreign).toEqual([]);
      }
    }
  });

  test('the languages differ enough for that to mean something', () => {
    for (const one of LANGUAGES) {
      for (const other of LANGUAGES.filter((language) => language !== one)) {
        const own = vocabularies.get(one) ?? new Set<string>();
        const alien = [...(vocabularies.get(other) ?? [])].filter((word) => !own.has(word));
        expect(alien.length).toBeGreaterThan(200);
      }
    }
  });
});

/** A rulebook in which every name is that text. */
function saying(text: string): Rulebook {
  const labels = { ky: text, kk: text, ru: text, en: text };
  const cite = { clause: text, pack: text, edition: text, mark: 'S' } as const;
  return changed({
    names: labels,
    item: () => ({ id: text, labels, describes: 'subject', cite }),
    purpose: () => ({ id: text, labels, ends: 'silent', barred: false, cite, order: 0 }),
    organisation: () => ({ id: text, labels, role: 'independent', country: 'KZ', category: text }),
    basis: () => ({ id: text, labels, cite }),
    minimums: () => [],
  });
}

/** The answer with that text wherever an emitter or a pack could put one. */
function holding(text: string): Answer {
  return {
    ...everything,
    subject: text,
    items: everything.items.map((row) => ({
      ...row,
      value: text,
      from: row.from.map((source) => ({ ...source, name: text })),
      until: {
        ...row.until,
        reasons: row.until.reasons.map((reason) => ({ ...reason, id: text, clause: text })),
      },
    })),
    evidence: { events: [{ position: 1, recorded: '2026-02-02T05:00:00.000Z' }], checkpoint: text },
  };
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc
    .array(
      fc.constantFrom(
        '<script>alert(1)</script>', '</style>', '-->', '<!--', ']]>', '"', "'", '&', '&lt;', '<', '>', '{day}', '$&', '\\',
        '\u0000', '\u001b[2J', '\u009b31m', '\u202e', '\u2066', '\r', '\n', '\t', '\u2028', '\ud800', 'A', 'ж', ' ', '🙂',
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join('')),
); // prettier-ignore

/** The only sequences a coloured report may have. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[(?:1|2|32|33|1;36|0)m`, 'g');

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

describe('no name and no value ever breaks out of its place', () => {
  const tagsOf = (page: string): readonly string[] => page.replace(/<style>[\s\S]*?<\/style>/, '').match(TAG) ?? [];

  test('in a page: the tags are those of the same page with a harmless word', () => {
    const harmless = tagsOf(htmlReport(holding('x'), saying('x'), 'ru'));
    fc.assert(
      fc.property(nasty, (text) => {
        const page = htmlReport(holding(text), saying(text), 'ru');
        expect(tagsOf(page)).toEqual(harmless);
        expect(page.replace(/<style>[\s\S]*?<\/style>/, '').replace(TAG, '')).not.toMatch(/[<>]/);
        expect(page).not.toMatch(/[^\P{Cc}\t\n]|\p{Cs}/u);
      }),
      { numRuns: 60 },
    );
  });

  test('in a page: what is shown is the text itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(!/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(text));
        const page = htmlReport(holding(text), saying(text), 'ru');
        const shown = /<bdi class="value">([^<]*)<\/bdi>/.exec(page)?.[1] ?? '';
        expect(unescaped(shown)).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  test('in an address of the language switch', () => {
    const page = htmlReport(scenario, rulebook, 'ru', { link: (to) => `?asOf="><script>&lang=${to}` });
    expect(page).toContain('href="?asOf=&quot;&gt;&lt;script&gt;&amp;lang=kk"');
    expect(page).not.toContain('<script');
  });

  test('in a terminal: nothing steers it, no line is too long', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 40, max: 120 }), (text, width) => {
        const report = textReport(holding(text), saying(text), 'kk', { width });
        expect(report).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        for (const line of report.split('\n')) expect([...graphemes.segment(line)].length).toBeLessThanOrEqual(width);
        const coloured = textReport(holding(text), saying(text), 'kk', { width, colour: true });
        expect(coloured.replace(COLOURS, '')).toBe(report);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a page is complete in itself', () => {
  test.each(LANGUAGES)('%s: no script, no request, every anchor there, every id once', (language) => {
    const page = htmlReport(everything, rulebook, language);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<form|@import|url\(|https?:|\son\w+=/i);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, to] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to);
    for (const [, by] of page.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(by);
  });
});
