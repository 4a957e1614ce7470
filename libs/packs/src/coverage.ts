/**
 * Which clause of an organisation's document became which field of a pack, and which was left out and why. The list of
 * a document's clauses is written beside the rows, so that a clause cannot be forgotten: both must be the same set.
 */

import { z } from 'zod';
import { packId, type Pack, type PackProblem } from './parse.js';
import { id, text } from './schema-words.js';

const mapped = z.strictObject({
  clause: text,
  says: text,
  /** Where it stands: `/transfers/policy 2.3(3)`, in another pack `kg.law-58#/notice`. */
  at: z.array(z.string().regex(/^(?:[a-z0-9.-]+#)?(?:\/[^/]+)+$/, 'a place is /key/id or pack#/key/id')).min(1),
});
const unmapped = z.strictObject({ clause: text, says: text, unmapped: text });

export const coverageSchema = z.strictObject({
  document: text,
  pack: id,
  /** Every clause that the document has, in its order. */
  clauses: z.array(text).min(1),
  rows: z.array(z.union([mapped, unmapped])).min(1),
});

export type Coverage = z.infer<typeof coverageSchema>;
type Row = Coverage['rows'][number];

/**
 * What is missing from a document's coverage: a clause without a row, a row without such a clause, a place that does
 * not exist or cites another clause, a clause that the pack cites and no row has. Empty where it is whole.
 */
export function coverageProblems(coverage: Coverage, packs: readonly Pack[], source: string): readonly PackProblem[] {
  const tell = (pointer: string, reason: string): PackProblem => ({ source, pointer, reason });
  const clauses = new Set(coverage.clauses);
  const rowed = new Set(coverage.rows.map((row) => row.clause));
  const own = packs.filter((pack) => packId(pack) === coverage.pack);
  if (own.length === 0) return [tell('/pack', 'no such pack is loaded')];
  return [
    ...coverage.clauses.flatMap((clause, at) =>
      rowed.has(clause) ? [] : [tell(`/clauses/${at}`, `clause ${clause} has no row`)],
    ),
    ...coverage.rows.flatMap((row, at) => [
      ...(clauses.has(row.clause) ? [] : [tell(`/rows/${at}/clause`, `the document has no clause ${row.clause}`)]),
      ...('at' in row ? placesOf(row, coverage.pack, packs, (n, reason) => tell(`/rows/${at}/at/${n}`, reason)) : []),
    ]),
    ...[...new Set(own.flatMap(clausesCited))]
      .filter((clause) => !clauses.has(clause) && !isOfLaw(clause))
      .map((clause) => tell('/clauses', `the pack cites clause ${clause}, which is not listed`)),
  ];
}

function placesOf(
  row: Extract<Row, { at: unknown }>,
  ownPack: string,
  packs: readonly Pack[],
  tell: (n: number, reason: string) => PackProblem,
): readonly PackProblem[] {
  return row.at.flatMap((place, n) => {
    const [pack, path] = place.includes('#')
      ? [place.slice(0, place.indexOf('#')), place.slice(place.indexOf('#') + 1)]
      : [ownPack, place];
    const found = packs
      .filter((one) => packId(one) === pack)
      .flatMap((one) => resolve(one, path.slice(1).split('/')) ?? []);
    if (found.length === 0) return [tell(n, `nothing stands at ${place}`)];
    const clause = clauseOf(found[0]);
    if (pack !== ownPack || clause === undefined || isOfLaw(clause) || shortened(clause) === row.clause) return [];
    return [tell(n, `${place} cites ${clause}, not ${row.clause}`)];
  });
}

/** A key of an object; of a list the element whose id, clause, kind or duty it is. */
function resolve(node: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return node;
  if (Array.isArray(node)) {
    const next = (node as readonly unknown[]).find((one) =>
      ['id', 'clause', 'kind', 'duty', 'of'].some((name) => field(one, name) === key),
    );
    return next === undefined ? undefined : resolve(next, rest);
  }
  const next = field(node, key);
  return next === undefined ? undefined : resolve(next, rest);
}

function field(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key)
    ? (node as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function clauseOf(node: unknown): string | undefined {
  const clause = field(node, 'clause');
  return typeof clause === 'string' ? clause : undefined;
}

/** `policy 2.1` is clause 2.1 of the document. */
function shortened(clause: string): string {
  return clause.startsWith('policy ') ? clause.slice('policy '.length) : clause;
}

function clausesCited(node: unknown): readonly string[] {
  if (Array.isArray(node)) return (node as readonly unknown[]).flatMap(clausesCited);
  if (typeof node !== 'object' || node === null) return [];
  const own = clauseOf(node);
  return [...(own === undefined ? [] : [shortened(own)]), ...Object.values(node).flatMap(clausesCited)];
}

/** A policy may cite the law, and a default of the packs; neither is a clause of its document. */
function isOfLaw(clause: string): boolean {
  return /^(?:Law \d|\d+-[IVX]+ |pack default$|register \d)/.test(clause);
}

/** The coverage of every document as one page of Markdown. */
export function coverageTable(coverages: readonly Coverage[]): string {
  const parts = coverages.map(({ document, pack, rows }) => {
    const mappedRows = rows.filter((row) => 'at' in row).length;
    return [
      `## ${document} (\`${pack}\`)`,
      '',
      `${mappedRows} rows have a field, ${rows.length - mappedRows} are left out.`,
      '',
      '| clause | says | where, or why not |',
      '| --- | --- | --- |',
      ...rows.map((row) => `| ${cell(row.clause)} | ${cell(row.says)} | ${whereOf(row)} |`),
      '',
    ].join('\n');
  });
  return [
    '# Coverage',
    '',
    'Which clause of each document became which field of a pack. Made from `coverage/*.yaml` by `coverage.spec.ts`; do not edit by hand.',
    '',
    ...parts,
  ].join('\n');
}

function whereOf(row: Row): string {
  return 'at' in row ? row.at.map((place) => `\`${cell(place)}\``).join('<br>') : `_not mapped:_ ${cell(row.unmapped)}`;
}

function cell(written: string): string {
  return written.replaceAll('|', '\\|');
}
