/** Ids that no pack in force lists on the day of the act (`rules.md` 4, `unlisted`). */
import { addDays, type Day, daysBetween, type Rulebook } from '#packs';
import type { FindingRow } from './finding.js';
import { type Resolvers, shownId, shownIds } from './shown.js';
import type { StoredEvent, StoredType } from './stored.js';

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
  const missing = missingOf(event, rulebook, day);
  if (missing === undefined) return NONE;
  const row = (kind: Kind, ids: readonly string[], shown: Pick<FindingRow, 'items' | 'recipient'>): FindingRow => {
    const closedOn = listedFrom(rulebook, kind, ids, day, asOf);
    const state = closedOn === undefined ? 'open' : 'closed';
    const closed = closedOn === undefined ? {} : { closedOn };
    return { code: 'unlisted', on: day, ...shown, clause: null, pack: null, state, ...closed };
  };
  const { item: items, purpose: purposes, organisation: recipients } = missing;
  return [
    ...(items.size > 0 ? [row('item', [...items], { items: shownIds([...items], resolvers) })] : []),
    ...(purposes.size > 0 ? [row('purpose', [...purposes], { items: [] })] : []),
    ...[...recipients].map((id) => row('organisation', [id], { items: [], recipient: shownId(id, resolvers) })),
  ];
}

const NONE: readonly never[] = [];

/** The ids of an event that no pack lists on its day, each once. */
type Missing = Readonly<Record<Kind, Set<string>>>;

/** Undefined where there are none, as of nearly every act. */
function missingOf({ type, data }: StoredEvent, rulebook: Rulebook, on: Day): Missing | undefined {
  let missing: Missing | undefined;
  for (const field in data) {
    const value = (data as Readonly<Record<string, unknown>>)[field];
    if (field === 'parts' && Array.isArray(value)) {
      for (const { purpose, recipient } of value as readonly Part[]) {
        missing = looked(missing, rulebook, 'purpose', purpose, on);
        missing = looked(missing, rulebook, 'organisation', recipient, on);
      }
      continue;
    }
    const kind = kindIn(type, field);
    if (kind === undefined) continue;
    if (Array.isArray(value)) {
      for (const id of value as readonly string[]) missing = looked(missing, rulebook, kind, id, on);
    } else if (kind === 'organisation') missing = looked(missing, rulebook, kind, value as string, on);
  }
  return missing;
}

function looked(
  missing: Missing | undefined,
  rulebook: Rulebook,
  kind: Kind,
  id: string | undefined,
  on: Day,
): Missing | undefined {
  if (id === undefined || rulebook.lists(kind, id, on)) return missing;
  const found = missing ?? { item: new Set(), purpose: new Set(), organisation: new Set() };
  found[kind].add(id);
  return found;
}

interface Part {
  readonly purpose?: string;
  readonly recipient?: string;
}

/** The kind of the ids that stand in a field, in whatever type it stands. Items and purposes may be `all` as well. */
function kindIn(type: StoredType, field: string): Kind | undefined {
  switch (field) {
    case 'items':
      return 'item';
    case 'from':
      return type === 'derived' ? 'item' : undefined;
    case 'purposes':
      return 'purpose';
    case 'recipient':
    case 'recipients':
    case 'via':
      return 'organisation';
    case 'to':
      return type === 'ceded' ? 'organisation' : undefined;
    default:
      return undefined;
  }
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
