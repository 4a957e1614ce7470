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

/** What acts of whatever type may name. */
interface Fields {
  readonly items?: readonly string[] | 'all';
  readonly purposes?: readonly string[] | 'all';
}

interface Part {
  readonly purpose?: string;
  readonly recipient?: string;
}

/** Undefined where there are none, as of nearly every act. */
function missingOf(event: StoredEvent, listed: Listed): Missing | undefined {
  const { item, purpose, organisation } = listed;
  const { items, purposes } = event.data as Fields;
  const missing = anyOf(anyOf(undefined, 'item', items, item), 'purpose', purposes, purpose);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest names nothing else
  switch (event.type) {
    case 'transferred': {
      const { recipient, via } = event.data;
      return looked(looked(missing, 'organisation', recipient, organisation), 'organisation', via, organisation);
    }
    case 'notified':
    case 'confirmed':
    case 'undertook':
      return looked(missing, 'organisation', event.data.recipient, organisation);
    case 'noticed':
    case 'breached':
      return anyOf(missing, 'organisation', event.data.recipients, organisation);
    case 'ceded':
      return looked(missing, 'organisation', event.data.to, organisation);
    case 'derived':
      return anyOf(missing, 'item', event.data.from, item);
    case 'consented':
    case 'refused-consent':
    case 'withdrew':
      return event.data.parts === 'all' ? missing : ofParts(missing, event.data.parts as readonly Part[], listed);
    default:
      return missing;
  }
}

function ofParts(missing: Missing | undefined, parts: readonly Part[], listed: Listed): Missing | undefined {
  let found = missing;
  for (const { purpose, recipient } of parts) {
    found = looked(found, 'purpose', purpose, listed.purpose);
    found = looked(found, 'organisation', recipient, listed.organisation);
  }
  return found;
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
