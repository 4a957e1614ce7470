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
  const named = idsOf(event);
  // Nearly every act names nothing else.
  if (
    areListed(rulebook, 'item', named.items, day) &&
    areListed(rulebook, 'purpose', named.purposes, day) &&
    areListed(rulebook, 'organisation', named.recipients, day)
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

function areListed(rulebook: Rulebook, kind: Kind, ids: readonly string[], on: Day): boolean {
  for (const id of ids) if (!rulebook.lists(kind, id, on)) return false;
  return true;
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
  readonly parts?: readonly Part[] | 'all';
}

interface Part {
  readonly purpose?: string;
  readonly recipient?: string;
}

function idsOf(event: StoredEvent): Named {
  const { items, from, purposes, recipient, recipients, to, via, parts } = event.data as Fields;
  const named = { items: listOf(items), purposes: listOf(purposes), recipients: recipients ?? NONE };
  if (event.type === 'derived' && from !== undefined) named.items = [...named.items, ...from];
  for (const single of [via, event.type === 'ceded' ? to : undefined, recipient]) {
    if (single !== undefined) named.recipients = [single, ...named.recipients];
  }
  if (parts === undefined || parts === 'all') return named;
  named.purposes = [...named.purposes, ...parts.flatMap(({ purpose }) => purpose ?? [])];
  named.recipients = [...named.recipients, ...parts.flatMap(({ recipient: part }) => part ?? [])];
  return named;
}

const NONE: readonly never[] = [];

function listOf(ids: readonly string[] | 'all' | undefined): readonly string[] {
  return ids === undefined || ids === 'all' ? NONE : ids;
}

/** The first day after the act on which packs in force list all of the ids; a list once made is taken to stay. */
export function listedFrom(
  rulebook: Rulebook,
  kind: Kind,
  ids: readonly string[],
  act: Day,
  asOf: Day,
): Day | undefined {
  const all = (day: Day): boolean => areListed(rulebook, kind, ids, day);
  if (!all(asOf)) return undefined;
  let [before, listed] = [0, daysBetween(act, asOf)];
  while (listed - before > 1) {
    const middle = Math.floor((before + listed) / 2);
    if (all(addDays(act, middle))) listed = middle;
    else before = middle;
  }
  return addDays(act, listed);
}
