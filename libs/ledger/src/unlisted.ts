/** Ids that no pack in force lists on the day of the act (`rules.md` 4, `unlisted`). */
import { addDays, type Day, daysBetween, type Ids, type Listed, type Rulebook } from '#packs';
import type { FindingRow } from './finding.js';
import { type Resolvers, shownId, shownIds } from './shown.js';
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
  const missing = missingOf(event, rulebook.listed(day));
  return missing === undefined ? NONE : rowsOf(missing, { rulebook, day, asOf, resolvers });
}

interface Asked {
  readonly rulebook: Rulebook;
  readonly day: Day;
  readonly asOf: Day;
  readonly resolvers: Resolvers;
}

function rowsOf({ item: items, purpose: purposes, organisation: recipients }: Missing, asked: Asked): FindingRow[] {
  const { resolvers } = asked;
  return [
    ...(items.size > 0 ? [rowOf('item', [...items], { items: shownIds([...items], resolvers) }, asked)] : []),
    ...(purposes.size > 0 ? [rowOf('purpose', [...purposes], { items: [] }, asked)] : []),
    ...[...recipients].map((id) =>
      rowOf('organisation', [id], { items: [], recipient: shownId(id, resolvers) }, asked),
    ),
  ];
}

function rowOf(
  kind: Kind,
  ids: readonly string[],
  shown: Pick<FindingRow, 'items' | 'recipient'>,
  { rulebook, day, asOf }: Asked,
): FindingRow {
  const closedOn = listedFrom(rulebook, kind, ids, day, asOf);
  const state = closedOn === undefined ? 'open' : 'closed';
  const closed = closedOn === undefined ? {} : { closedOn };
  return { code: 'unlisted', on: day, ...shown, clause: null, pack: null, state, ...closed };
}

const NONE: readonly never[] = [];

/** The ids of an event that no pack lists on its day, each once. */
type Missing = Readonly<Record<Kind, Set<string>>>;

/** The fields of an act in which ids of packs stand, in whatever type. Items and purposes may be `all` as well. */
interface Fields {
  readonly items?: readonly string[] | 'all';
  readonly purposes?: readonly string[] | 'all';
  readonly parts?: readonly Part[] | 'all';
  readonly recipient?: string;
  readonly recipients?: readonly string[];
  readonly via?: string;
  readonly from?: readonly string[];
  readonly to?: string;
}

interface Part {
  readonly purpose?: string;
  readonly recipient?: string;
}

/** Undefined where there are none, as of nearly every act. */
function missingOf({ type, data }: StoredEvent, { item, purpose, organisation }: Listed): Missing | undefined {
  const { items, purposes, parts, recipient, recipients, via, from, to } = data as Fields;
  let missing: Missing | undefined;
  missing = anyOf(missing, 'item', items, item);
  missing = anyOf(missing, 'purpose', purposes, purpose);
  missing = looked(missing, 'organisation', recipient, organisation);
  missing = anyOf(missing, 'organisation', recipients, organisation);
  missing = looked(missing, 'organisation', via, organisation);
  if (type === 'derived') missing = anyOf(missing, 'item', from, item);
  if (type === 'ceded') missing = looked(missing, 'organisation', to, organisation);
  if (parts === undefined || parts === 'all') return missing;
  for (const part of parts) {
    missing = looked(missing, 'purpose', part.purpose, purpose);
    missing = looked(missing, 'organisation', part.recipient, organisation);
  }
  return missing;
}

function anyOf(
  missing: Missing | undefined,
  kind: Kind,
  ids: readonly string[] | 'all' | undefined,
  listed: Ids,
): Missing | undefined {
  if (ids === undefined || ids === 'all') return missing;
  let found = missing;
  for (const id of ids) found = looked(found, kind, id, listed);
  return found;
}

function looked(missing: Missing | undefined, kind: Kind, id: string | undefined, listed: Ids): Missing | undefined {
  if (id === undefined || listed.has(id)) return missing;
  const found = missing ?? { item: new Set(), purpose: new Set(), organisation: new Set() };
  found[kind].add(id);
  return found;
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
