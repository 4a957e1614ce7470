/**
 * The days that are worked out by hand (`testdata/worked.ts`) against the packs; and that they catch a change: any one
 * figure of any pack made another is told by a pack that is refused, or by an answer that is another. Figures are looked for
 * by their form in the files themselves (`testdata/figures.ts`), so that a new one is tried too.
 */
import { describe, expect, it } from '@jest/globals';
import { changed, figuresOf, strangersIn, type Figure } from '../testdata/figures.js';
import { DATA, packFiles, type PackFile } from '../testdata/load.js';
import { DUE_BY_CLAUSE, dueByClause, WORKED, wrongDaysOff, wrongHolidays } from '../testdata/worked.js';
import { checkPacks, compile, parsePack, type Pack, type Rulebook } from './index.js';

const files = packFiles(DATA);
const packs = files.map((file) => parsed(file) as Pack);
const CONTROLLERS = packs.flatMap((pack) => (pack.kind === 'controller' ? [pack.controller.id] : []));

/** A pack, or why it is refused. */
function parsed({ source, content }: PackFile): Pack | string {
  const result = parsePack(content, source);
  return result.kind === 'pack' ? result.pack : `refused: ${result.problems[0]?.reason}`;
}

/** The controllers whose answers a pack can change. */
function touchedBy(pack: Pack): readonly string[] {
  return packs.flatMap((one) =>
    one.kind === 'controller' && (one.source === pack.source || one.controller.laws.includes(packOf(pack)))
      ? [one.controller.id]
      : [],
  );
}

const packOf = (pack: Pack): string => (pack.kind === 'controller' ? pack.controller.id : pack.meta.id);

function wrongOf(book: Rulebook): string | undefined {
  const lines = DUE_BY_CLAUSE.filter((line) => line.startsWith(`${book.controller} `));
  const told = dueByClause(book);
  const line = lines.find((one) => !told.includes(one)) ?? told.find((one) => !lines.includes(one));
  if (line !== undefined) return line;
  return WORKED.find(
    ({ controller, ask, answer }) =>
      controller === book.controller && JSON.stringify(ask(book)) !== JSON.stringify(answer),
  )?.says;
}

/** The first thing that the changed files make wrong. */
function toldOf(figure: Figure): string | undefined {
  const pack = parsed(changed(files, figure)[figure.file]!);
  if (typeof pack === 'string') return pack;
  const all = packs.map((one, at) => (at === figure.file ? pack : one));
  if (pack.kind === 'calendar') return wrongHolidays([pack]) ?? wrongDaysOff(all, pack.meta.jurisdiction);
  const [problem] = checkPacks(all);
  if (problem !== undefined) return `refused: ${problem.reason}`;
  for (const controller of touchedBy(pack)) {
    const wrong = wrongOf(compile(all, controller));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Figures that change no answer, each with the reason. */
const FELT_BY_NOBODY: readonly { readonly file: string; readonly path: RegExp; readonly why: string }[] = [
  {
    file: 'kz.aml.yaml',
    path: /^minimums\/0\/term$/,
    why: 'policies map their dossiers to a minimum of the same length in the MFO rules, so this one keeps nothing (reading of the pack)',
  },
];

const placeOf = ({ file, path }: Figure): string => `${files[file]!.source} ${path.join('/')}`;
const isFelt = ({ file, path }: Figure): boolean =>
  !FELT_BY_NOBODY.some((one) => one.file === files[file]!.source && one.path.test(path.join('/')));

describe('what is worked out by hand', () => {
  it.each(CONTROLLERS)('is what the packs say of %s', (controller) => {
    expect(dueByClause(compile(packs, controller))).toEqual(
      DUE_BY_CLAUSE.filter((line) => line.startsWith(`${controller} `)),
    );
  });

  it.each(WORKED.map((row) => [row.says, row] as const))('%s', (_, { controller, ask, answer }) => {
    expect(ask(compile(packs, controller))).toEqual(answer);
  });

  it.each(['KG', 'KZ'])('are the days off of %s', (country) => {
    expect(wrongDaysOff(packs, country)).toBeUndefined();
  });

  it('are the holidays that are moved', () => {
    expect(wrongHolidays(packs)).toBeUndefined();
  });
});

describe('any one figure made another', () => {
  const figures = files.flatMap(({ content }, file) => figuresOf(content, file));

  it('is found whatever its form: no text with a digit is neither a figure nor prose', () => {
    expect(files.flatMap(({ source, content }) => strangersIn(content).map((one) => `${source} ${one}`))).toEqual([]);
    expect(figures.length).toBeGreaterThan(600);
  });

  it.each(files.map(({ source }, file) => [source, file] as const))('is told, of %s', (_, at) => {
    const mine = figures.filter((one) => one.file === at && isFelt(one));
    const survivors = mine.filter((one) => toldOf(one) === undefined);
    expect(survivors.map((one) => `${placeOf(one)}: ${one.was} -> ${String(one.becomes)}`)).toEqual([]);
  });

  it('keeps nothing for the one minimum that no organisation names for an item under its own law', () => {
    const named = packs.flatMap((pack) =>
      pack.kind === 'controller' ? pack.retention.map(({ minimum }) => ({ minimum, laws: pack.controller.laws })) : [],
    );
    const idle = packs.flatMap((pack) =>
      pack.kind === 'law'
        ? pack.minimums
            .filter(({ id }) => !named.some((one) => one.minimum === id && one.laws.includes(pack.meta.id)))
            .map(({ id }) => `${pack.source} ${id}`)
        : [],
    );
    expect(idle).toEqual(['kz.aml.yaml aml-file']);
  });

  it('is felt by nobody where that is said, and only there', () => {
    const unfelt = figures.filter((one) => !isFelt(one));
    expect(unfelt.length).toBeGreaterThan(0);
    expect(unfelt.map(toldOf)).toEqual(unfelt.map(() => undefined));
  });
});
