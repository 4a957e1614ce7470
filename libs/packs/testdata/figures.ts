/**
 * Every figure that a pack file states, found by its form wherever it stands, so that none can be forgotten: a number, a
 * term, a day, a day of every year, how many entries a list has. And the same files with one of them made another.
 */
import { addDays, isDay, parseIsoTerm, parseTerm } from '../src/index.js';
import type { PackFile } from './load.js';

type Path = readonly (string | number)[];

export interface Figure {
  readonly file: number;
  readonly path: Path;
  readonly was: string;
  /** What it is made; `undefined` takes an entry out of its list. */
  readonly becomes: unknown;
}

/** What a person reads: a digit in it counts nothing. */
const PROSE: ReadonlySet<string> = new Set(['labels', 'names', 'titles', 'form', 'readings', 'sources']);
/** Texts that a person reads, and by which packs find each other. */
const WORDS: ReadonlySet<string> = new Set([
  ...['citation', 'text', 'why', 'computed', 'sha256', 'approvedBy', 'address', 'source', 'replacedBy', 'clause'],
  ...['id', 'edition', 'pack', 'laws', 'minimum'],
]);

/** Lists of which a clause says how many there are, or which: nine elements, twelve fields, six kinds of assignee. */
const COUNTED: ReadonlySet<string> = new Set([
  ...['elements', 'fields', 'adequate', 'categoriesExcept', 'undertakings', 'requires', 'notAfter', 'subjectLines'],
  ...['retention/items'],
]);

function isCounted(path: Path, entry: unknown): boolean {
  const [first, last] = [path[0], path.at(-1)];
  // The words of the packs stand under the same name as the lists that use them.
  if (path.length === 1 && first === 'undertakings') return false;
  return isFigure(entry) || COUNTED.has(String(last)) || COUNTED.has(`${first}/${last}`);
}

const isProse = (key: string, value: unknown): boolean =>
  PROSE.has(key) || (WORDS.has(key) && (typeof value === 'string' || key === 'laws'));

/** Every figure of one file, with each of its neighbours. */
export function figuresOf(content: unknown, file: number): readonly Figure[] {
  const found: Figure[] = [];
  const add = (path: Path, was: unknown, ...becomes: readonly unknown[]): void => {
    for (const one of becomes) found.push({ file, path, was: String(was), becomes: one });
  };
  const walk = (node: unknown, path: Path): void => {
    if (typeof node === 'number') add(path, node, node + 1, node - 1);
    else if (typeof node === 'string') add(path, node, ...neighbours(node));
    else if (Array.isArray(node)) {
      if (path.at(-1) === 'adequate') add([...path, node.length], 'none', 'TR');
      node.forEach((one: unknown, at) => {
        if (isCounted(path, one)) add([...path, at], `entry ${at} of ${node.length}`, undefined);
        walk(one, [...path, at]);
      });
    } else if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node)) if (!isProse(key, value)) walk(value, [...path, key]);
    }
  };
  walk(content, []);
  return found;
}

/** Texts with a digit that are neither a figure nor prose: figures of a form that nothing here knows. */
export function strangersIn(node: unknown, path: Path = []): readonly string[] {
  if (typeof node === 'string') return /\d/.test(node) && !isFigure(node) ? [`${path.join('/')}: ${node}`] : [];
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (isProse(key, value) ? [] : strangersIn(value, [...path, key])));
}

function isFigure(node: unknown): boolean {
  return typeof node === 'number' || (typeof node === 'string' && neighbours(node).length > 0);
}

function neighbours(text: string): readonly string[] {
  const ofYear = /^\d\d-\d\d$/.test(text) && isDay(`2000-${text}`);
  if (isDay(text)) return [addDays(text, 1), addDays(text, -1)];
  if (ofYear) return [1, -1].map((days) => addDays(`2000-${text}`, days).slice(5));
  if (text === 'at once') return ['1 working day'];
  if (parseTerm(text) !== undefined || parseIsoTerm(text) !== undefined) return [1, -1].flatMap((more) => counted(text, more)); // prettier-ignore
  return [];
}

/** A term of one more, or one less; none of nothing. */
function counted(text: string, more: number): readonly string[] {
  const count = Number(/\d+/.exec(text)![0]) + more;
  if (count === 0) return [];
  const other = text.replace(/\d+/, String(count));
  return [other.startsWith('P') ? other : `${other.replace(/s$/, '')}${count === 1 ? '' : 's'}`];
}

/** The files with that figure changed. */
export function changed(files: readonly PackFile[], { file, path, becomes }: Figure): readonly PackFile[] {
  const content = structuredClone(files[file]!.content);
  let at = content as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  const last = path.at(-1)!;
  if (becomes === undefined) (at as unknown as unknown[]).splice(Number(last), 1);
  else at[last] = becomes;
  return files.map((one, index) => (index === file ? { ...one, content } : one));
}
