/** One event and what it does to what is known of a person. Facts are never judged here: findings do that. */
import type { Day } from '#packs';
import { agreed } from './about-other.js';
import { causeOf, itemsOf, knownItems, occasion, wakeForMinimums } from './act.js';
import { breached } from './breach.js';
import {
  type Cause,
  countAnew,
  extend,
  giveWay,
  meetItems,
  meetWhole,
  open,
  reviewAnew,
  supersede,
  supersedeKept,
} from './clock.js';
import { consentOf, inScope, lastDayOf, takenBack, withdraw, type Withdrawn } from './consent.js';
import { judgePlace } from './judge.js';
import { evolveByContact } from './contact.js';
import { destroy } from './destruction.js';
import { ceded, performed, reached } from './ending.js';
import { addSource, bringPurpose, doubtGap, giveValue, isBlocked, renewSource } from './item.js';
import { gained, held, releaseHolds } from './keeping.js';
import type { Placed } from './order.js';
import { holdRuns, type Person } from './person.js';
import { noticed, refusalOf } from './notice.js';
import { endOfTransfers, oweOrders } from './propagation.js';
import { revive, stopNamed } from './purpose.js';
import { complained, disputed, identified, openRequest, ordered, requested, resolved } from './request.js';
import { confirmed, notified, transferred, undertook } from './sharing.js';
import type { EventOf } from './stored.js';
import { holdBack, withdrew } from './withdrawal.js';

/**
 * Lets the acts of one place happen. They commute: first whatever of them changes what the others are judged by, then each
 * act, and last what they start, when all have taken effect.
 */
export function evolvePlace(person: Person, acts: readonly Placed[]): void {
  if (person.judged) judgePlace(person, acts);
  const withdrawn = withdrawals(person, acts);
  for (const act of acts) {
    const { event, about, day } = act;
    if (about !== undefined) continue;
    if (event.type === 'withdrew') {
      holdBack(person, withdrawn?.get(act) ?? NONE, day);
      withdraw(person.consents.all, event.data, withdrawn?.get(act) ?? NONE);
    }
    if (event.type === 'performed') person.contracts.perform(event.data.contract, day);
    if (event.type === 'ceded') person.contracts.cede(event.data.contract);
  }
  for (const act of acts) {
    if (act.about === undefined) evolve(person, act, withdrawn?.get(act) ?? NONE);
    else evolveByContact(person, act, act.about);
  }
  person.settle();
  const [first] = acts;
  if (first === undefined) return;
  if (person.ended.size > 0) {
    const causes = acts.filter(({ event }) => ENDING.has(event.type)).map(causeOfPlaced);
    endOfTransfers(person, causes, first.day);
  }
  person.today = first.day;
}

const NONE: readonly Withdrawn[] = [];

/** What each withdrawal of the person takes back of consents as they stood; undefined where nothing is withdrawn. */
function withdrawals(person: Person, acts: readonly Placed[]): ReadonlyMap<Placed, readonly Withdrawn[]> | undefined {
  let found: Map<Placed, readonly Withdrawn[]> | undefined;
  for (const act of acts) {
    const { event, about } = act;
    if (event.type !== 'withdrew' || about !== undefined) continue;
    found ??= new Map();
    found.set(act, takenBack(person.consents.all, event.data));
  }
  return found;
}

/** Acts by which purposes stop or end; of several of one place each is a trigger. */
const ENDING: ReadonlySet<string> = new Set(['withdrew', 'requested', 'stopped', 'performed', 'reached', 'ceded']);

function causeOfPlaced({ event, about }: Placed): Cause {
  return { kind: 'event', event: event.id, byContact: about !== undefined };
}

/** Exhaustive: an event type that is forgotten here does not compile. */
function evolve(person: Person, { event, day, place }: Placed, withdrawn: readonly Withdrawn[]): void {
  switch (event.type) {
    case 'consented':
      return consented(person, event, day);
    case 'withdrew':
      return withdrew(person, event, day, place, withdrawn);
    case 'collected':
      return collected(person, event, day, place);
    case 'derived':
      return derived(person, event, day, place);
    case 'rectified':
      return rectified(person, event, day, place);
    case 'verified':
      return reviewAnew(person, itemsOf(person, event.data), day);
    case 'used':
      return void itemsOf(person, event.data);
    case 'transferred':
      return transferred(person, event, event.data.recipient, day, place);
    case 'ceded':
      return ceded(person, event, day, place);
    case 'notified':
      return notified(person, event, day);
    case 'confirmed':
      return confirmed(person, event, day);
    case 'contracted':
      person.contracts.open(event.data.contract, day, event.data.terms ?? []);
      return supersedeKept(person, day);
    case 'defaulted':
      return defaulted(person, event, day);
    case 'performed':
      return performed(person, event, day, place);
    case 'reached':
      return reached(person, event, day, place);
    case 'requested':
      openRequest(person, event, event.data.right, day, place);
      return requested(person, event, day, causeOf(event));
    case 'disputed':
      openRequest(person, event, 'dispute', day, place);
      return disputed(person, event, day, causeOf(event));
    case 'resolved':
      return resolved(person, event, day, causeOf(event));
    case 'answered':
      return answered(person, event, day);
    case 'refused':
      return refused(person, event, day);
    case 'blocked':
      return blocked(person, event, day);
    case 'unblocked':
      return unblocked(person, event, day);
    case 'held':
      return held(person, event, day);
    case 'released':
      return released(person, event, day);
    case 'stopped':
      return stopped(person, event, day);
    case 'destroyed':
    case 'depersonalised':
      return destroyed(person, event, day, place);
    case 'not-destroyed':
      return giveWay(person, itemsOf(person, event.data), day);
    case 'breached':
      return breached(person, event);
    case 'backed-up':
      return void person.backups.push(event.data.until);
    case 'noticed':
      return noticed(person, event, day);
    case 'refused-consent':
      return void person.refusals.push(refusalOf(event));
    case 'extended':
      return extend(person, event.data.request, event.data.until, day);
    case 'registered':
      person.register = event.data.named;
      return;
    case 'undertook':
      return undertook(person, event, day);
    case 'identified':
      return identified(person, event);
    case 'complained':
      return complained(person, event, day);
    case 'ordered':
      return ordered(person, event, day);
    case 'linked':
    case 'unlinked':
    case 'corrected':
    case 'published':
    case 'activated':
    case 'granted':
    case 'revoked':
    case 'asked':
    case 'answered-authority':
    case 'breach-reported':
    case 'measured':
    case 'accessed':
    case 'continued':
    case 'destroying':
      return;
  }
  event satisfies never;
}

// ---- consent -------------------------------------------------------------------------------------------------------

function consented(person: Person, event: EventOf<'consented'>, on: Day): void {
  const consent = consentOf(event, on, person.consents.setOf);
  person.consents.add(consent);
  // A later consent that names what was refused takes the refusal back.
  for (const { items, purposes } of person.refusals) {
    if (items === undefined) for (const purpose of consent.purposes) purposes.delete(purpose);
    else if (consent.items !== 'all') for (const item of consent.items) items.delete(item);
  }
  if (person.withdrawn.size > 0) {
    for (const item of person.all) if (inScope(consent.items, item.item)) person.withdrawn.delete(item.key);
  }
  const last = lastDayOf(consent);
  if (last !== undefined) {
    // A purpose that nothing ends may last until that day.
    person.lookAnew();
    if (last >= on) person.wakeAtEndOf(last);
  }
  revive(person, consent, on);
  supersedeKept(person, on);
}

// ---- contracts -----------------------------------------------------------------------------------------------------

function defaulted(person: Person, event: EventOf<'defaulted'>, on: Day): void {
  person.contracts.default(event.data.contract, on);
  person.later(() => open(person, 'contract.defaulted', occasion(event, on)));
}

// ---- data ----------------------------------------------------------------------------------------------------------

function collected(person: Person, event: EventOf<'collected'>, on: Day, place: number): void {
  const { origin, basis } = event.data;
  gain(person, event, { kind: origin.kind, name: origin.name, on }, basis, place);
  wakeForMinimums(person, on, ({ after }) => after.kind === 'collected');
}

function derived(person: Person, event: EventOf<'derived'>, on: Day, place: number): void {
  gain(person, event, { kind: 'derived', name: undefined, on }, null, place);
}

function gain(
  person: Person,
  event: EventOf<'collected'> | EventOf<'derived'>,
  source: { readonly kind: string; readonly name: string | undefined; readonly on: Day },
  basis: string | null,
  place: number,
): void {
  const { data } = event;
  const { on } = source;
  const { contracts, rules } = person;
  const entry = { basis, contract: data.contract, on, place };
  for (const name of data.items) {
    const item = gained(person, event, name, on);
    const other = item.about === null ? undefined : person.others.get(item.about);
    if (other !== undefined && agreed(other, item.item, data.purposes, on)) item.consentedByContact = true;
    // A purpose that comes looks by itself, so that one which was active and says the gap says it still.
    doubtGap(item);
    addSource(item, source, place);
    for (const purpose of data.purposes) bringPurpose(contracts, item, purpose, entry);
    giveValue(item, event, place);
  }
  supersedeKept(person, on);
  if (!data.purposes.some((purpose) => rules.rulebook.purpose(purpose, on)?.list === true)) return;
  const review = data.items.map((name) => person.item(name, data.about?.[name]));
  person.later(() => open(person, 'listed', { ...occasion(event, on), items: { review } }));
}

function rectified(person: Person, event: EventOf<'rectified'>, on: Day, place: number): void {
  const items = itemsOf(person, event.data);
  for (const item of items) {
    renewSource(item, on);
    giveValue(item, event, place);
  }
  meetItems(person, ['rectify'], items, on);
  person.later(() => {
    open(person, 'rectified', occasion(event, on));
    oweOrders(person, { order: 'rectify', trigger: 'rectified', cause: causeOf(event), on }, items);
  });
}

// ---- rights and state ----------------------------------------------------------------------------------------------

function isAnswer(duty: string): boolean {
  return duty.startsWith('answer-');
}

function answered(person: Person, event: EventOf<'answered'>, on: Day): void {
  const request = person.requests.get(event.data.request);
  if (request !== undefined) request.answered ??= on;
  meetWhole(person, (clock) => isAnswer(clock.duty) && clock.request === event.data.request, on);
}

function refused(person: Person, event: EventOf<'refused'>, on: Day): void {
  const { request, items } = event.data;
  const part = items === undefined ? undefined : knownItems(person, event.data);
  person.requests.get(request)?.refusals.push({ on, items: part });
  meetWhole(
    person,
    ({ duty, request: of }) => {
      if (of !== request) return false;
      // A refusal of some items refuses that part of an access only.
      return duty === 'answer-access' ? items === undefined : isAnswer(duty) || duty === 'stop';
    },
    on,
  );
  supersede(
    person,
    ['block', 'rectify'],
    (clock, key) => clock.request === request && (part === undefined || part.some((item) => item.key === key)),
  );
}

function blocked(person: Person, event: EventOf<'blocked'>, on: Day): void {
  const { request, until, cause } = event.data;
  const items = itemsOf(person, event.data).filter((item) => item.fate === null);
  for (const item of items) item.blocks.push({ request, until, cause });
  meetItems(person, ['block'], items, on);
  person.later(() => {
    open(person, 'blocked', { ...occasion(event, on), reason: cause });
    oweOrders(person, { order: 'block', trigger: 'blocked', cause: causeOf(event), on }, items);
  });
}

function unblocked(person: Person, event: EventOf<'unblocked'>, on: Day): void {
  const { request } = event.data;
  const items = knownItems(person, event.data);
  for (const item of items) {
    item.blocks = request === undefined ? [] : item.blocks.filter((block) => block.request !== request);
  }
  const free = items.filter((item) => request !== undefined || !isBlocked(item, on));
  meetItems(person, ['unblock'], free, on, (clock) => request === undefined || clock.request === request);
  person.later(() => {
    open(person, 'unblocked', occasion(event, on));
    oweOrders(person, { order: 'unblock', trigger: 'unblocked', cause: causeOf(event), on }, items);
  });
}

function released(person: Person, event: EventOf<'released'>, on: Day): void {
  releaseHolds(person, event);
  countAnew(person, on, (item) => person.holds.some((hold) => holdRuns(hold, item, on)));
}

function stopped(person: Person, event: EventOf<'stopped'>, on: Day): void {
  const { purposes, items } = event.data;
  stopNamed(person, items === undefined ? person.all : knownItems(person, event.data), purposes, on, 'stop');
  meetWhole(
    person,
    (clock) => {
      if (clock.duty !== 'stop') return false;
      if (purposes === 'all' || clock.purposes === undefined) return true;
      for (const purpose of purposes) clock.purposes.delete(purpose);
      return clock.purposes.size === 0;
    },
    on,
  );
}

function destroyed(
  person: Person,
  event: EventOf<'destroyed'> | EventOf<'depersonalised'>,
  on: Day,
  place: number,
): void {
  const method = event.type === 'destroyed' ? event.data.method : undefined;
  const items = itemsOf(person, event.data);
  destroy(person, items, { kind: event.type, on, place, method });
  person.later(() => {
    open(person, 'destroyed', occasion(event, on));
    if (event.type !== 'destroyed') return;
    oweOrders(person, { order: 'destroy', trigger: 'destroyed', cause: causeOf(event), on }, items);
  });
}
