/** From a parsed YAML file to a pack, or to every problem in it, each with its place. */

import type { z } from 'zod';
import { danglingOfLaw, danglingOfPolicy } from './references.js';
import { packSchema, type ControllerPack, type PackContent } from './schema.js';

/** A pack that has been checked, and the name of the file it came from. */
export type Pack = PackContent & {
  readonly source: string;
  /** SHA-256 of what the pack says, hex, where whoever loaded it said so: nothing here can hash. */
  readonly sha256?: string;
};

/** `pointer` is a JSON Pointer (RFC 6901) into the file; the host adds the line. */
export interface PackProblem {
  readonly source: string;
  readonly pointer: string;
  readonly reason: string;
}

export type Parsed =
  | { readonly kind: 'pack'; readonly pack: Pack }
  | { readonly kind: 'problems'; readonly problems: readonly PackProblem[] };

type Path = readonly PropertyKey[];
/** What a cross check found, before the file's name is known. */
interface Found {
  readonly path: Path;
  readonly reason: string;
}

/** Checks one file. All problems are told, not the first; cross checks run once the form is right. */
export function parsePack(parsed: unknown, source: string): Parsed {
  const result = packSchema.safeParse(parsed);
  const found = result.success ? withinPack(result.data) : result.error.issues.flatMap(ofIssue);
  if (result.success && found.length === 0) return { kind: 'pack', pack: { ...result.data, source } };
  return {
    kind: 'problems',
    problems: found.map((one) => ({ source, pointer: pointer(one.path), reason: one.reason })),
  };
}

/** An unknown key is told at its own place, not at its parent's: whoever writes a pack looks for the line. */
function ofIssue(issue: z.core.$ZodIssue): Found[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], reason: 'unknown key' }));
  }
  return [{ path: issue.path, reason: issue.message }];
}

function pointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function withinPack(pack: PackContent): Found[] {
  switch (pack.kind) {
    case 'law':
      return [
        ...order(pack.meta.validFrom, pack.meta.validTo, ['meta', 'validTo']),
        ...LISTS_OF_LAW.flatMap((list) => [...twice(pack[list], list), ...spans(pack[list], list)]),
        ...DATED_LISTS.flatMap((list) => spans(pack[list], list)),
        ...twice(pack.readings, 'readings'),
        ...twice(pack.statements, 'statements'),
        ...pack.deadlines.flatMap((deadline, at) =>
          missing(contractTerms(deadline), idsOf(pack.terms), ['deadlines', at, 'condition', 'contractTerm'], 'term'),
        ),
      ];
    case 'calendar':
      return [
        ...order(pack.meta.validFrom, pack.meta.validTo, ['meta', 'validTo']),
        ...pack.years.flatMap((edition, at) => withinYear(edition, ['years', at])),
        ...twice(pack.readings, 'readings'),
      ];
    case 'controller':
      return withinController(pack);
  }
}

/** Lists whose rules have dates of their own, and no id. */
const DATED_LISTS = [
  'deadlines',
  'itemBans',
  'transfers',
  'transferBans',
  'crossBorder',
  'undertakingsOwed',
  'staff',
  'requests',
] as const;
const LISTS_OF_LAW = ['organisations', 'bases', 'grounds', 'minimums', 'terms', 'causes', 'undertakings'] as const;
const LISTS_OF_CONTROLLER = ['recipients', 'bases', 'grounds', 'terms', 'causes', 'undertakings'] as const;

function withinController(pack: ControllerPack): Found[] {
  const items = idsOf(pack.items);
  const purposes = idsOf(pack.purposes);
  const recipients = idsOf(pack.recipients);
  const found: Found[] = [
    ...order(pack.edition.from, pack.edition.to, ['edition', 'to']),
    ...LISTS_OF_CONTROLLER.flatMap((list) => [...twice(pack[list], list), ...spans(pack[list], list)]),
    ...DATED_LISTS.flatMap((list) => spans(pack[list], list)),
    ...twice(pack.items, 'items'),
    ...twice(pack.statements, 'statements'),
    ...twice(pack.purposes, 'purposes'),
    ...twice(pack.readings, 'readings'),
    ...pack.items.flatMap((item, at) => missing(item.purposes, purposes, ['items', at, 'purposes'], 'purpose')),
    ...pack.retention.flatMap((rule, at) => missing(rule.items, items, ['retention', at, 'items'], 'item')),
    ...pack.origins.flatMap((origin, at) =>
      missing(origin.organisations, recipients, ['origins', at, 'organisations'], 'recipient'),
    ),
  ];
  const authoritative = pack.edition.texts.filter((text) => text.authoritative).length;
  if (authoritative !== 1) {
    found.push({ path: ['edition', 'texts'], reason: 'exactly one text is the authoritative one' });
  }
  return found;
}

function withinYear(edition: Extract<PackContent, { kind: 'calendar' }>['years'][number], path: Path): Found[] {
  const of = (days: readonly string[], key: string): Found[] =>
    days.flatMap((day, at) =>
      Number(day.slice(0, 4)) === edition.year
        ? []
        : [{ path: [...path, key, at], reason: `the day is not in ${edition.year}` }],
    );
  return [
    ...of(edition.off, 'off'),
    ...of(edition.worked, 'worked'),
    ...of(
      edition.moved.map((move) => move.to),
      'moved',
    ),
    ...of(
      edition.unknown.map((span) => span.from),
      'unknown',
    ),
    ...of(
      edition.unknown.map((span) => span.to),
      'unknown',
    ),
    ...edition.unknown.flatMap((span, at) => order(span.from, span.to, [...path, 'unknown', at, 'to'])),
    ...edition.worked.flatMap((day, at) =>
      edition.off.includes(day) ? [{ path: [...path, 'worked', at], reason: 'the day is off as well' }] : [],
    ),
  ];
}

function idsOf(list: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(list.map((one) => one.id));
}

function twice(list: readonly { readonly id: string }[], key: string): Found[] {
  const seen = new Set<string>();
  return list.flatMap((one, at) => {
    if (seen.has(one.id)) return [{ path: [key, at, 'id'], reason: 'the id stands twice in this list' }];
    seen.add(one.id);
    return [];
  });
}

function spans(list: readonly { from?: string | undefined; to?: string | undefined }[], key: string): Found[] {
  return list.flatMap((one, at) => order(one.from, one.to, [key, at, 'to']));
}

function order(from: string | undefined, to: string | undefined, path: Path): Found[] {
  return from !== undefined && to !== undefined && to < from ? [{ path, reason: 'it ends before it begins' }] : [];
}

function missing(ids: readonly string[], known: ReadonlySet<string>, path: Path, what: string): Found[] {
  return ids.flatMap((id, at) => (known.has(id) ? [] : [{ path: [...path, at], reason: `no such ${what} here` }]));
}

function contractTerms(deadline: {
  readonly condition?: { readonly contractTerm?: string | undefined } | undefined;
}): string[] {
  return deadline.condition?.contractTerm === undefined ? [] : [deadline.condition.contractTerm];
}

/**
 * Checks packs against each other: what a policy names of its laws and its calendar must be loaded, and no edition may
 * come twice, nor two that begin together. `compile` needs packs without such problems.
 */
export function checkPacks(packs: readonly Pack[]): readonly PackProblem[] {
  const problems: PackProblem[] = [];
  const tell = (pack: Pack, path: Path, reason: string): void => {
    problems.push({ source: pack.source, pointer: pointer(path), reason });
  };
  const seen = new Set<string>();
  const begins = new Map<string, string>();
  for (const pack of packs) {
    const key = [pack.kind, packId(pack), editionId(pack)].join(' ');
    if (seen.has(key))
      tell(pack, pack.kind === 'controller' ? ['edition', 'id'] : ['meta', 'edition'], 'this edition is loaded twice');
    seen.add(key);
    // Of two that begin together the order of files would decide which is in force.
    const beginning = `${pack.kind} ${packId(pack)} ${beginningOf(pack)}`;
    if (pack.kind !== 'calendar' && begins.has(beginning) && begins.get(beginning) !== key)
      tell(pack, pack.kind === 'controller' ? ['edition', 'from'] : ['meta', 'validFrom'], SAME_BEGINNING);
    begins.set(beginning, key);
    if (pack.kind === 'controller') checkController(pack, packs, (path, reason) => tell(pack, path, reason));
    if (pack.kind === 'law') for (const { path, reason } of danglingOfLaw(pack, packs)) tell(pack, path, reason);
  }
  return problems;
}

const SAME_BEGINNING = 'another edition begins on the same day, or neither bears one';

function beginningOf(pack: Pack): string {
  return (pack.kind === 'controller' ? pack.edition.from : pack.meta.validFrom) ?? 'always';
}

function checkController(
  pack: ControllerPack,
  packs: readonly Pack[],
  tell: (path: Path, reason: string) => void,
): void {
  const laws = packs.filter((one) => one.kind === 'law').filter((one) => pack.controller.laws.includes(one.meta.id));
  const loaded = new Set(laws.map((law) => law.meta.id));
  pack.controller.laws.forEach((law, at) => {
    if (!loaded.has(law)) tell(['controller', 'laws', at], 'no such law pack is loaded');
  });
  if (!packs.some((one) => one.kind === 'calendar' && one.meta.id === pack.controller.calendar)) {
    tell(['controller', 'calendar'], 'no such calendar pack is loaded');
  }
  const minimums = new Set(laws.flatMap((law) => law.minimums.map((minimum) => minimum.id)));
  pack.retention.forEach((rule, at) => {
    if (!minimums.has(rule.minimum)) tell(['retention', at, 'minimum'], 'no law of this controller has the minimum');
  });
  const terms = new Set([...laws, pack].flatMap((one) => one.terms.map((term) => term.id)));
  pack.deadlines.forEach((deadline, at) => {
    const term = deadline.condition?.contractTerm;
    if (term !== undefined && !terms.has(term)) tell(['deadlines', at, 'condition', 'contractTerm'], 'no such term');
  });
  for (const { path, reason } of danglingOfPolicy(pack, laws)) tell(path, reason);
  const ofLaws = new Set(laws.flatMap((law) => law.organisations.map((organisation) => organisation.id)));
  pack.recipients.forEach((recipient, at) => {
    if (ofLaws.has(recipient.id)) tell(['recipients', at, 'id'], 'a law of this controller has the organisation too');
  });
}

/** The id under which a pack is cited: a law's or calendar's own, or the controller's. */
export function packId(pack: PackContent): string {
  return pack.kind === 'controller' ? pack.controller.id : pack.meta.id;
}

/** The id of the pack's edition. */
export function editionId(pack: PackContent): string {
  return pack.kind === 'controller' ? pack.edition.id : pack.meta.edition;
}
