/** Judges what was done by what stood on its own day, before it took effect: acts of one place know nothing of each other. */
import type { Citation, Day } from '#packs';
import { found } from './found.js';
import { type Item, keyOf, newItem } from './item.js';
import { judgeCollection } from './judge-collection.js';
import { judgeTransfer } from './judge-transfer.js';
import { judgeOpenEnds, judgeUse } from './judge-use.js';
import type { Placed } from './order.js';
import { holdRuns, type Person } from './person.js';
import type { EventOf, StoredEvent } from './stored.js';
import { type Cited, Judging, NEVER } from './verdict.js';

export function judgePlace(person: Person, acts: readonly Placed[]): void {
  let judging: Judging | undefined;
  for (const { event, about, day } of acts) {
    if (about !== undefined || !CAN_BE_WRONG.has(event.type)) continue;
    judging ??= new Judging(person, day, false);
    judge(judging, event);
  }
  if (judging !== undefined) for (const opened of judging.verdicts) person.findings.push(found(opened));
}

/** Whatever else is done breaks no rule by itself. */
const CAN_BE_WRONG: ReadonlySet<string> = new Set([
  'collected',
  'derived',
  'used',
  'transferred',
  'ceded',
  'destroyed',
]);

function judge(judging: Judging, event: StoredEvent): void {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- nothing else can be wrong
  switch (event.type) {
    case 'collected':
      return collected(judging, event);
    case 'derived':
      return openEnds(judging, itemsOfFact(judging.person, event.data), event.data);
    case 'used':
      return used(judging, event);
    case 'transferred':
    case 'ceded':
      return transferred(judging, event);
    case 'destroyed':
      return destroyed(judging, event);
    default:
  }
}

interface Data {
  readonly items: readonly string[];
  readonly about?: Readonly<Record<string, string>> | undefined;
}

/** The items as they stood; one that nobody collected yet stands for itself. */
export function itemsOfFact(person: Person, { items, about }: Data, isOwn = false): readonly Item[] {
  if (isOwn) return items.map((id) => itemOfFact(person, id, about?.[id]));
  const found: Item[] = [];
  for (const id of items) {
    const tie = about?.[id];
    if (tie !== undefined) found.push(itemOfFact(person, id, tie));
    else {
      const known = person.known(id);
      if (known !== undefined) for (const item of known) found.push(item);
      else if (!person.elsewhere.has(id)) found.push(newItem(id, undefined));
    }
  }
  return found;
}

function itemOfFact(person: Person, id: string, tie: string | undefined): Item {
  return person.items.get(keyOf(id, tie)) ?? newItem(id, tie);
}

function openEnds(
  judging: Judging,
  items: readonly Item[],
  { purposes = [], note }: { readonly purposes?: readonly string[] | undefined; readonly note?: string | undefined },
  recipient?: string,
): void {
  if (note === undefined) judgeOpenEnds(judging, { items, purposes, recipient });
}

function collected(judging: Judging, { data }: EventOf<'collected'>): void {
  const { purposes, basis, contract, origin, medium = 'electronic', note } = data;
  const items = itemsOfFact(judging.person, data, true);
  const hasNote = note !== undefined;
  judgeCollection(judging, { items, purposes, basis, contract, origin, medium, hasNote });
  openEnds(judging, items, data);
}

function used(judging: Judging, { data }: EventOf<'used'>): void {
  const items = itemsOfFact(judging.person, data);
  const there = judgeUse(judging, { kind: 'used', items, purposes: data.purposes });
  if (there.length > 0) openEnds(judging, there, data);
}

function transferred(judging: Judging, event: EventOf<'transferred'> | EventOf<'ceded'>): void {
  const { data, type } = event;
  const { purposes = [], basis, contract } = data;
  const recipient = type === 'ceded' ? event.data.to : event.data.recipient;
  const there = judgeUse(judging, { kind: 'transferred', items: itemsOfFact(judging.person, data), purposes });
  const { country, role, undertakings = [], via } = type === 'ceded' ? UNSTATED : event.data;
  const act = { items: there, recipient, purposes, basis, contract, country, role, undertakings, via };
  judgeTransfer(judging, act);
  if (there.length > 0) openEnds(judging, there, data, recipient);
}

const UNSTATED = { country: undefined, role: undefined, undertakings: undefined, via: undefined };

/** `destroyed-while-kept`: a minimum or a hold keeps the item, each by its clause. */
function destroyed(judging: Judging, { data }: EventOf<'destroyed'>): void {
  const { person, on } = judging;
  const items = data.items === 'all' ? person.all : itemsOfFact(person, { items: data.items, about: data.about });
  const kept = items.flatMap((item): Cited[] =>
    item.fate === null ? keepersOf(person, item, on).map((cite) => [cite, item]) : [],
  );
  judging.addByClause('destroyed-while-kept', kept, NEVER);
}

/** The clauses that keep an item whatever its purposes; undefined for a hold without one. */
export function keepersOf(person: Person, item: Item, on: Day): readonly (Citation | undefined)[] {
  const minimums = person.minimums.keeping(person, item, on).map(({ minimum }) => minimum.cite);
  const holds = person.holds.filter((hold) => holdRuns(hold, item, on)).map(({ cite }) => cite);
  return [...minimums, ...holds];
}
