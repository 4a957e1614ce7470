/** What a person asks or disputes, and what it opens (`rules.md` 3). */
import type { Day, Trigger } from '#packs';
import { knownItems } from './act.js';
import { applies, type Cause, meetItems, open, type Occasion, supersede } from './clock.js';
import { isBlocked, type Item } from './item.js';
import { unkept } from './passing.js';
import type { Person } from './person.js';
import { stopNamed } from './purpose.js';
import type { EventOf } from './stored.js';

export interface Request {
  /** The emitter's reference, or of what names none Depter's number. */
  readonly reference: string;
  readonly right: EventOf<'requested'>['data']['right'] | 'dispute';
  readonly on: Day;
  readonly place: number;
  readonly medium: 'electronic' | 'paper';
  /** By which it came; undefined where nobody said it. */
  readonly channel: string | undefined;
  readonly hasDocument: boolean;
  readonly byRepresentative: boolean;
  isIdentified: boolean;
  /** Undefined where none is named: all of the person. */
  readonly items: readonly Item[] | undefined;
  answered: Day | undefined;
  readonly refusals: { readonly on: Day; readonly items: readonly Item[] | undefined }[];
  /** To whom it was complained about. */
  readonly complaints: { readonly on: Day; readonly to: string }[];
  /** What an agency concluded or a court ordered on it. */
  readonly orders: { readonly on: Day; readonly by: string; readonly what: EventOf<'ordered'>['data']['what'] }[];
}

/** Opened by the first that names it; of two of one place the greater counts, which is the later one. */
export function openRequest(
  person: Person,
  event: EventOf<'requested'> | EventOf<'withdrew'> | EventOf<'disputed'>,
  right: Request['right'],
  on: Day,
  place: number,
): string {
  const { medium = 'electronic', items, document } = event.data;
  const reference = event.data.request ?? event.id;
  const known = person.requests.get(reference);
  if (known !== undefined && known.place !== place) return reference;
  person.requests.set(reference, {
    reference,
    right,
    on,
    place,
    medium,
    channel: 'channel' in event.data ? event.data.channel : undefined,
    hasDocument: document !== undefined,
    byRepresentative: 'by-representative' in event.data && event.data['by-representative'] === true,
    isIdentified: known?.isIdentified ?? false,
    items: items === undefined ? undefined : askedFor(person, event.data),
    answered: undefined,
    refusals: [],
    complaints: [],
    orders: [],
  });
  return reference;
}

export function identified(person: Person, event: EventOf<'identified'>): void {
  const request = person.requests.get(event.data.request);
  if (request !== undefined) request.isIdentified = true;
}

/** Of what names no request the trail tells, and nothing else. */
export function complained(person: Person, { data: { request, to } }: EventOf<'complained'>, on: Day): void {
  if (request !== undefined) person.requests.get(request)?.complaints.push({ on, to });
}

export function ordered(person: Person, { data: { request, by, what } }: EventOf<'ordered'>, on: Day): void {
  if (request !== undefined) person.requests.get(request)?.orders.push({ on, by, what });
}

const TRIGGER_OF: Readonly<Record<EventOf<'requested'>['data']['right'], Trigger | undefined>> = {
  access: 'access.requested',
  rectify: 'rectification.requested',
  block: 'block.requested',
  destroy: 'destruction.requested',
  withdraw: undefined,
  'object-automated': 'objection.received',
  'see-documents': 'documents.requested',
  authority: undefined,
};

/** The items asked for; those of the person where none is named. Asking makes no item. */
export function askedFor(
  person: Person,
  data: {
    readonly items?: readonly string[] | undefined;
    readonly about?: Readonly<Record<string, string>> | undefined;
  },
): readonly Item[] {
  const items = data.items === undefined ? person.all : knownItems(person, data);
  return items.filter((item) => item.fate === null);
}

export function requested(person: Person, event: EventOf<'requested'>, on: Day, cause: Cause): void {
  const { right, request, contract } = event.data;
  const trigger = TRIGGER_OF[right];
  if (trigger === undefined) return;
  const asked = askedFor(person, event.data);
  if (right === 'destroy') for (const item of asked) person.demanded.add(item.key);
  if (right === 'destroy' && demandHasTerm(person, on)) stopNamed(person, asked, 'all', on, 'demand');
  openFor(person, trigger, () => ({
    cause,
    on,
    request,
    contract,
    items: { rectify: asked, block: asked, destroy: right === 'destroy' ? unkept(person, asked, on) : [] },
  }));
}

/** Only where the pack gives it a term does a demand stop purposes. */
export function demandHasTerm(person: Person, on: Day): boolean {
  return person.rules.rulebook
    .deadlines('destruction.requested', on)
    .some(({ duty, term }) => duty === 'destroy' && term !== undefined);
}

export function disputed(person: Person, event: EventOf<'disputed'>, on: Day, cause: Cause): void {
  const { contract, document, alleges = 'unlawful' } = event.data;
  const items = askedFor(person, event.data);
  const request = event.data.request ?? event.id;
  const before = person.disputes.get(request);
  // Of two with one number the graver counts.
  const graver = before === undefined || before.alleges === alleges ? alleges : 'unlawful';
  person.disputes.set(request, { items: new Set([...(before?.items ?? []), ...items]), alleges: graver });
  openFor(person, 'dispute.opened', () => ({
    cause,
    on,
    request,
    contract,
    alleges,
    items: { rectify: items, block: items, destroy: unkept(person, items, on) },
  }));
  // Proof of unlawfulness takes the disputed items, whatever keeps them.
  if (document === undefined || alleges === 'untrue') return;
  openFor(person, 'unlawful.proved', () => ({
    cause,
    on,
    request,
    contract,
    alleges,
    items: { block: items, destroy: items },
  }));
}

export function resolved(person: Person, event: EventOf<'resolved'>, on: Day, cause: Cause): void {
  const { request, contract, upheld } = event.data;
  supersede(person, ['block'], (clock) => clock.request === request);
  const trigger: Trigger = upheld ? 'dispute.upheld' : 'dispute.rejected';
  openFor(person, trigger, () => {
    const dispute = person.disputes.get(request);
    const alleges = dispute?.alleges;
    const disputedItems = [...(dispute?.items ?? [])].filter((item) => item.fate === null);
    const rows = person.rules.rulebook.deadlines(trigger, on).filter((row) => row.duty === 'destroy');
    const occasion = { cause, on, alleges, items: {} };
    const destroy = rows.some((row) => applies(person, row, occasion)) ? unkept(person, disputedItems, on) : [];
    const blockedFor = person.all.filter((item) => isBlockedFor(item, request));
    const unblock = blockedFor.filter((item) => !destroy.includes(item) && !awaitsDestroy(person, item, request));
    return { cause, on, request, contract, alleges, items: { rectify: disputedItems, destroy, unblock } };
  });
}

function isBlockedFor(item: Item, request: string): boolean {
  return item.blocks.some((block) => block.request === request);
}

function awaitsDestroy(person: Person, item: Item, request: string): boolean {
  return person.clocks
    .running(['destroy'])
    .some((clock) => clock.request === request && clock.items?.get(item.key)?.state === 'running');
}

/** What is blocked already needs no second block. */
function openFor(person: Person, trigger: Trigger, occasion: () => Occasion): void {
  person.later(() => {
    const made = occasion();
    open(person, trigger, made);
    const blocked = (made.items.block ?? []).filter((item) => isBlocked(item, made.on));
    if (blocked.length > 0) meetItems(person, ['block'], blocked, made.on);
  });
}
