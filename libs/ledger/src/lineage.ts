/** The lineage answer (`wire.md`, Answers): what is held on a person, from where, shared with whom, until when. */
import type { Day, Mark, Rulebook } from '#packs';
import { breachRows, type BreachRow, inOrder } from './breach.js';
import { disclosuresOf, type Disclosure, type OrderName } from './disclosure.js';
import {
  actsOfContact,
  type At,
  foldAt,
  type Folded,
  foldPerson,
  isDescribed,
  type ItemAbout,
  type Moment,
  momentOf,
} from './fold.js';
import type { Fate, Item } from './item.js';
import type { AsKnown } from './known.js';
import type { Instant, Position } from './names.js';
import { compareCodePoints } from './order.js';
import type { PersonRecord } from './record.js';
import { type Reason, untilOf, type UntilEvent } from './retention.js';
import { compare, type Resolvers, shownId } from './shown.js';
import { sameTies } from './tie.js';

export interface SourceRow {
  readonly kind: string;
  readonly name?: string;
  readonly on: Day;
}

export interface PurposeRow {
  readonly purpose: string;
  /** Null for what was derived. */
  readonly basis: string | null;
  readonly state: 'active' | 'stopped' | 'ended';
  /** Absent while it is active. */
  readonly since?: Day;
}

export interface OrderRow {
  readonly order: OrderName;
  readonly on: Day;
  /** Null while it is outstanding. */
  readonly confirmed: Day | null;
}

export interface SharedRow {
  readonly recipient: string;
  /** Null where neither the event nor a pack says. */
  readonly country: string | null;
  readonly role: string | null;
  readonly purposes: readonly string[];
  readonly basis: string | null;
  readonly on: Day;
  readonly orders: readonly OrderRow[];
}

export interface ReasonRow {
  readonly kind: Reason['kind'];
  readonly id: string;
  readonly clause: string | null;
  readonly pack: string | null;
  readonly edition: string | null;
  readonly mark: Mark | null;
  readonly binds: boolean;
}

export type UntilRow =
  | { readonly kind: 'date'; readonly date: Day; readonly provisional: boolean; readonly reasons: readonly ReasonRow[] }
  | {
      readonly kind: 'event';
      readonly event: UntilEvent;
      /** ISO 8601, `P5Y`: the term that follows the event. */
      readonly then?: string;
      readonly provisional: boolean;
      readonly reasons: readonly ReasonRow[];
    }
  | { readonly kind: 'silent'; readonly provisional: boolean; readonly reasons: readonly ReasonRow[] }
  | { readonly kind: 'gone'; readonly provisional: boolean; readonly reasons: readonly ReasonRow[] };

export interface FateRow {
  readonly kind: Fate['kind'];
  readonly on: Day;
  readonly due?: Day;
  readonly method?: string;
  readonly backupsUntil?: Day;
}

export interface ItemRow {
  readonly item: string;
  /** A reference: the other person whom the item is about. */
  readonly about?: string;
  /** Only where a resolver of values is given and holds one. */
  readonly value?: string;
  readonly state: 'active' | 'kept' | 'blocked' | 'stopped' | 'destroyed' | 'depersonalised';
  readonly from: readonly SourceRow[];
  readonly purposes: readonly PurposeRow[];
  readonly shared: readonly SharedRow[];
  readonly until: UntilRow;
  readonly fate: FateRow | null;
}

/** An event that the answer rests on; receipts are added by whoever holds the log. */
export interface EvidenceEvent {
  readonly position: Position;
  readonly event: string;
  readonly recorded: Instant;
}

export interface Lineage {
  readonly controller: string;
  /** The reference asked for. */
  readonly subject: string;
  /** A local day, meaning its end, or an instant: as it was asked. */
  readonly asOf: string;
  readonly asKnown: Position | Instant | null;
  readonly items: readonly ItemRow[];
  /** Breaches of security that touched the person; absent where none did. */
  readonly breaches?: readonly BreachRow[];
  /** The only part that depends on how the events arrived. */
  readonly evidence: { readonly events: readonly EvidenceEvent[] };
}

/**
 * The lineage of the person to whom the record's subject belongs. Items stand in order of their id, everything else in
 * order of day, then kind or recipient, then name. An item about someone else is masked: it never has a value.
 */
export function lineage(record: PersonRecord, rulebook: Rulebook, at: At, resolvers: Resolvers = {}): Lineage {
  const moment = momentOf(record, rulebook, at);
  const folded = foldAt(record, moment, at, false);
  const rows = folded.person.all.map((item) => {
    const value = item.about === null ? valueOf(item, item.given, resolvers) : undefined;
    return itemRow(folded, item, resolvers, { value, of: 'own' });
  });
  const breaches = [...breachRows(folded.person.breaches, resolvers)];
  const parts = partsByFirst(record, folded);
  for (const { folded: client, item } of itemsAbout(record, folded, moment)) {
    const given = item.given.flatMap(({ place, event }) =>
      (parts.get(`${event} ${item.item}`) ?? []).map((part) => ({ place, event: part })),
    );
    rows.push(itemRow(client, item, resolvers, { value: valueOf(item, given, resolvers), of: 'client' }));
    breaches.push(...breachRows(client.person.breaches, resolvers, new Set([item])));
  }
  return {
    controller: rulebook.controller,
    subject: record.subject,
    asOf: at.asOf,
    asKnown: recordedBy(at.asKnown),
    items: rows.sort(compareRows),
    ...(breaches.length === 0 ? {} : { breaches: inOrder(breaches) }),
    evidence: { events: evidenceOf(folded) },
  };
}

function recordedBy(asKnown: AsKnown): Position | Instant | null {
  return asKnown ?? null;
}

/** The items of clients that are about this person: clients are folded once for all views of the person's fold. */
export function itemsAbout(record: PersonRecord, folded: Folded, moment: Moment): readonly ItemAbout[] {
  folded.itemsAbout ??= foldClients(record, folded, moment);
  return folded.itemsAbout;
}

function foldClients(record: PersonRecord, folded: Folded, moment: Moment): readonly ItemAbout[] {
  // Several dossiers of one client lead to one fold; dossiers that are not linked are clients of their own.
  const shown = new Set<string>();
  return record.clients.flatMap(({ tie, record: client }) => {
    const name = sameTies(client.about).get(tie.about) ?? tie.about;
    if (!folded.links.person.has(tie.contact) || shown.has(`${name} ${tie.client}`)) return [];
    const clientFold = foldPerson(
      { ...client, contacts: [] },
      moment,
      actsOfContact(folded.events, name),
      folded.person.judged,
    );
    for (const subject of clientFold.links.person) shown.add(`${name} ${subject}`);
    return clientFold.person.all.filter((item) => item.about === name).map((item) => ({ folded: clientFold, item }));
  });
}

/** The person's own parts of actions that gave a value, by the client's event of the same action and the item. */
function partsByFirst(record: PersonRecord, folded: Folded): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  for (const { event } of folded.events) {
    if (!isDescribed(event) || !('values' in event.data)) continue;
    const first = record.firsts.get(event.id) ?? event.id;
    for (const item of Object.keys(event.data.values ?? {})) {
      const key = `${first} ${item}`;
      parts.set(key, [...(parts.get(key) ?? []), event.id]);
    }
  }
  return parts;
}

/** The value given last; of two given at once the greater by code points is shown. */
function valueOf(item: Item, given: Item['given'], { values }: Resolvers): string | undefined {
  if (values === undefined) return undefined;
  const last = Math.max(...given.map(({ place }) => place));
  let greatest: string | undefined;
  for (const { place, event } of given) {
    const value = place === last ? values(event, item.item) : undefined;
    if (value !== undefined && (greatest === undefined || compareCodePoints(value, greatest) > 0)) greatest = value;
  }
  return greatest;
}

interface Shown {
  readonly value: string | undefined;
  /** A client's item is shown to the person whom it is about without a trace of the client. */
  readonly of: 'own' | 'client';
}

function itemRow({ person, day }: Folded, item: Item, resolvers: Resolvers, { value, of }: Shown): ItemRow {
  const name = (id: string): string => shownId(id, resolvers);
  return {
    item: name(item.item),
    ...(item.about === null || of === 'client' ? {} : { about: item.about }),
    ...(value === undefined ? {} : { value }),
    state: person.state(item, day),
    from: of === 'client' ? maskedSources(item) : sourceRows(item, name),
    purposes: purposeRows(item, day, name),
    shared: sharedRows(person.orders, item, name),
    until: untilRow(untilOf(person, item, day), of, name),
    fate: fateRow(item.fate, name),
  };
}

type Name = (id: string) => string;

function sourceRows(item: Item, name: Name): readonly SourceRow[] {
  return item.sources
    .map((source) => ({
      kind: source.kind,
      ...(source.name === undefined ? {} : { name: name(source.name) }),
      on: source.on,
    }))
    .sort((a, b) => compare(a.on, b.on) || compare(a.kind, b.kind) || compare(a.name ?? '', b.name ?? ''));
}

/** Whom it came from is the client's matter: only the days are told. */
function maskedSources(item: Item): readonly SourceRow[] {
  return [...new Set(item.sources.map((source) => source.on))].sort().map((on) => ({ kind: 'another-subject', on }));
}

function purposeRows(item: Item, day: Day, name: Name): readonly PurposeRow[] {
  return item.purposes
    .map((purpose): PurposeRow => {
      const { basis, state, since } = purpose;
      const shown = { purpose: name(purpose.purpose), basis: basis === null ? null : name(basis) };
      // A consent keeps through its last day: what expired with it ends the day after.
      return state === 'active' || since > day ? { ...shown, state: 'active' } : { ...shown, state, since };
    })
    .sort((a, b) => compare(a.since ?? '', b.since ?? '') || compare(a.purpose, b.purpose));
}

/** Disclosures that are shown alike, of one recipient and day, are one row. They stand in order of day. */
function sharedRows(orders: Folded['person']['orders'], item: Item, name: Name): readonly SharedRow[] {
  const rows: SharedRowOf[] = [];
  const rowOf = item.disclosures.map((disclosure) => {
    for (let at = rows.length - 1; at >= 0 && rows[at]!.of.on === disclosure.on; at -= 1)
      if (isAlike(rows[at]!, disclosure, name)) return rows[at]!.row;
    const row = sharedRow(disclosure, name);
    rows.push({ row, of: disclosure });
    return row;
  });
  for (const order of orders) {
    if (!order.items.has(item.key)) continue;
    const told = new Set(disclosuresOf(order, item.disclosures));
    for (const row of new Set(rowOf.filter((_, at) => told.has(item.disclosures[at]!)))) addOrder(row.orders, order);
  }
  for (const { row } of rows) if (row.orders.length > 1) row.orders.sort(compareOrders);
  return rows
    .map(({ row }) => row)
    .sort((a, b) => compare(a.on, b.on) || compare(a.recipient, b.recipient) || compare(purposeKey(a), purposeKey(b)));
}

/** A row, and the first of the disclosures that it shows. */
interface SharedRowOf {
  readonly row: SharedRow & { readonly orders: OrderRow[] };
  readonly of: Disclosure;
}

function sharedRow({ recipient, country, role, purposes, basis, on }: Disclosure, name: Name) {
  return {
    recipient: name(recipient),
    country: country ?? null,
    role: role ?? null,
    purposes: namesOf(purposes, name),
    basis: basis === null ? null : name(basis),
    on,
    orders: [] as OrderRow[],
  };
}

/** Whether a disclosure of the same day is shown as the row shows it, and is of the same recipient. */
function isAlike(
  { row, of }: SharedRowOf,
  { recipient, country, role, purposes, basis }: Disclosure,
  name: Name,
): boolean {
  if (of.recipient !== recipient || of.country !== country || of.role !== role) return false;
  if (of.basis !== basis && row.basis !== (basis === null ? null : name(basis))) return false;
  if (of.purposes === purposes) return true;
  const shown = namesOf(purposes, name);
  return shown.length === row.purposes.length && shown.every((one, at) => one === row.purposes[at]);
}

/** Each once, in order. */
function namesOf(ids: readonly string[], name: Name): readonly string[] {
  return ids.length === 1 ? [name(ids[0]!)] : [...new Set(ids.map(name))].sort();
}

function addOrder(rows: OrderRow[], { order, on, confirmed }: OrderRow): void {
  if (rows.some((row) => row.order === order && row.on === on && row.confirmed === confirmed)) return;
  rows.push({ order, on, confirmed });
}

function compareOrders(a: OrderRow, b: OrderRow): number {
  return compare(a.on, b.on) || compare(a.order, b.order) || compare(a.confirmed ?? '~', b.confirmed ?? '~');
}

function purposeKey(row: SharedRow): string {
  return JSON.stringify([row.purposes, row.basis, row.role, row.country]);
}

function untilRow(until: ReturnType<typeof untilOf>, of: Shown['of'], name: Name): UntilRow {
  if (until.kind === 'gone') return { kind: 'gone', provisional: false, reasons: [] };
  const reasons = until.reasons.map(({ kind, id, cite }, at): ReasonRow => {
    const { clause = null, pack = null, edition = null, mark = null } = cite ?? {};
    return { kind, id: name(id), clause, pack, edition, mark, binds: at === 0 };
  });
  switch (until.kind) {
    case 'silent':
      return { kind: 'silent', provisional: false, reasons };
    case 'date':
      return { kind: 'date', date: until.date, provisional: until.provisional, reasons };
    case 'event': {
      // The client's contract is not the contact person's business: to them it is the end of a relation.
      const event = of === 'client' && until.event !== 'released' ? 'relation-ended' : until.event;
      // oxlint-disable-next-line unicorn/no-thenable -- the word of the wire
      const then = until.after === undefined ? {} : { then: until.after };
      return { kind: 'event', event, ...then, provisional: false, reasons };
    }
  }
}

function fateRow(fate: Fate | null, name: Name): FateRow | null {
  if (fate === null) return null;
  const { kind, on, due, method, backupsUntil } = fate;
  return {
    kind,
    on,
    ...(due === undefined ? {} : { due }),
    ...(method === undefined ? {} : { method: name(method) }),
    ...(backupsUntil === undefined ? {} : { backupsUntil }),
  };
}

/** By id; rows of one id by their content without the random `about`, so that references decide nothing. */
function compareRows(a: ItemRow, b: ItemRow): number {
  if (a.item !== b.item) return compare(a.item, b.item);
  return compare(JSON.stringify({ ...a, about: '' }), JSON.stringify({ ...b, about: '' }));
}

function evidenceOf({ events }: Folded): readonly EvidenceEvent[] {
  return events
    .map(({ position, event }) => ({ position, event: event.id, recorded: event.recorded }))
    .sort((a, b) => a.position - b.position);
}
