/** Ids that no pack in force lists on the day of the act (`rules.md` 4, `unlisted`). */
import { addDays, type Day, daysBetween, type Rulebook } from '#packs';
import type { FindingRow } from './finding.js';
import { type Resolvers, shownId } from './shown.js';
import type { StoredEvent } from './stored.js';

export type Kind = 'item' | 'purpose' | 'organisation';

/**
 * One row for the act's unlisted items, one for each unlisted recipient, one without items for its purposes; `day` is
 * the act's, `asOf` the day asked for.
 */
export function unlisted(
  { event, day }: { readonly event: StoredEvent; readonly day: Day },
  rulebook: Rulebook,
  asOf: Day,
  resolvers: Resolvers,
): readonly FindingRow[] {
  const isListed = (kind: Kind, ids: readonly string[]): boolean => ids.every((id) => rulebook.lists(kind, id, day));
  const named = idsOf(event);
  // Nearly every act names nothing else.
  if (
    isListed('item', named.items) &&
    isListed('purpose', named.purposes) &&
    isListed('organisation', named.recipients)
  )
    return NONE;
  const missing = (kind: Kind, ids: readonly string[]): readonly string[] =>
    [...new Set(ids)].filter((id) => !rulebook.lists(kind, id, day));
  const row = (kind: Kind, ids: readonly string[], shown: Pick<FindingRow, 'items' | 'recipient'>): FindingRow => {
    const closedOn = listedFrom(rulebook, kind, ids, day, asOf);
    const state = closedOn === undefined ? 'open' : 'closed';
    const closed = closedOn === undefined ? {} : { closedOn };
    return { code: 'unlisted', on: day, ...shown, clause: null, pack: null, state, ...closed };
  };
  const items = missing('item', named.items);
  const purposes = missing('purpose', named.purposes);
  const names = [...new Set(items.map((id) => shownId(id, resolvers)))].sort();
  return [
    ...(items.length > 0 ? [row('item', items, { items: names })] : []),
    ...(purposes.length > 0 ? [row('purpose', purposes, { items: [] })] : []),
    ...missing('organisation', named.recipients).map((id) =>
      row('organisation', [id], { items: [], recipient: shownId(id, resolvers) }),
    ),
  ];
}

interface Named {
  readonly items: readonly string[];
  readonly purposes: readonly string[];
  readonly recipients: readonly string[];
}

/** Fields that hold ids of items, purposes and recipients, in whatever type they stand. */
interface Fields {
  readonly items?: readonly string[] | 'all';
  readonly from?: readonly string[];
  readonly purposes?: readonly string[] | 'all';
  readonly recipient?: string;
  readonly recipients?: readonly string[];
  readonly to?: string;
  readonly via?: string;
  readonly parts?: readonly Readonly<Record<string, unknown>>[] | 'all';
}

function idsOf(event: StoredEvent): Named {
  const { items, from, purposes, recipient, recipients, to, via, parts } = event.data as Fields;
  const named = { items: listOf(items), purposes: listOf(purposes), recipients: recipients ?? NONE };
  if (event.type === 'derived' && from !== undefined) named.items = [...named.items, ...from];
  const single = [recipient, event.type === 'ceded' ? to : undefined, via].filter((id) => id !== undefined);
  if (single.length > 0) named.recipients = [...single, ...named.recipients];
  if (parts === undefined || parts === 'all') return named;
  named.purposes = [...named.purposes, ...ofParts(parts, 'purpose')];
  named.recipients = [...named.recipients, ...ofParts(parts, 'recipient')];
  return named;
}

const NONE: readonly never[] = [];

function listOf(ids: readonly string[] | 'all' | undefined): readonly string[] {
  return ids === undefined || ids === 'all' ? NONE : ids;
}

function ofParts(parts: readonly Readonly<Record<string, unknown>>[], field: string): readonly string[] {
  return parts.flatMap((part) => (typeof part[field] === 'string' ? [part[field]] : []));
}

/** The first day after the act on which packs in force list all of the ids; a list once made is taken to stay. */
export function listedFrom(
  rulebook: Rulebook,
  kind: Kind,
  ids: readonly string[],
  act: Day,
  asOf: Day,
): Day | undefined {
  const all = (day: Day): boolean => ids.every((id) => rulebook.lists(kind, id, day));
  if (!all(asOf)) return undefined;
  let [before, listed] = [0, daysBetween(act, asOf)];
  while (listed - before > 1) {
    const middle = Math.floor((before + listed) / 2);
    if (all(addDays(act, middle))) listed = middle;
    else before = middle;
  }
  return addDays(act, listed);
}
