/** Items of which neither law nor policy says until when they are kept (`rules.md` 4, `gap`). */
import { type Citation, type Day, dayNumber } from '#packs';
import { destroyBy } from './clock.js';
import { type Found, found } from './found.js';
import { BY_PURPOSE, FOREVER, type Item, livesOn } from './item.js';
import type { Person } from './person.js';
import { endsSilently, silentPurpose } from './retention.js';

/** Looks at the items as they stand when a day is over: new gaps open, others close. */
export function findGaps(person: Person, on: Day): void {
  const { gapWatch } = person;
  const today = dayNumber(on);
  if (gapWatch.stand >= today) return;
  gapWatch.stand = BY_PURPOSE;
  let opened: Map<string, Opening> | undefined;
  for (const item of person.all) {
    const silent = item.gapStands < today ? newlySilent(person, item, on) : undefined;
    if (silent !== undefined) add((opened ??= new Map<string, Opening>()), silent, item);
    if (item.gapStands < gapWatch.stand) gapWatch.stand = item.gapStands;
  }
  if (opened === undefined) return;
  for (const { cite, items } of opened.values()) {
    const gap = found({ code: 'gap', on, items, cite: cite ?? undefined, closing: { kind: 'term' } });
    person.findings.push(gap);
    for (const item of items) person.gaps.set(item.key, gap);
  }
}

/** Closes the gap that is over; gives the clause of one that opens. */
function newlySilent(person: Person, item: Item, on: Day): Citation | null | undefined {
  const silent = gapOf(person, item, on);
  const known = person.gaps.get(item.key);
  if (known === undefined) return silent;
  if (silent === undefined) closeGap(person, known, item, on);
  return undefined;
}

/** The gap of one clause, with the items of which it opens on a day. */
interface Opening {
  readonly cite: Citation | null;
  readonly items: Item[];
}

function add(opened: Map<string, Opening>, silent: Citation | null, item: Item): void {
  const key = silent === null ? '' : `${silent.clause} ${silent.pack}`;
  const group = opened.get(key);
  if (group === undefined) opened.set(key, { cite: silent, items: [item] });
  else group.items.push(item);
}

function closeGap(person: Person, gap: Found, item: Item, on: Day): void {
  if (!gap.closed.has(item.key)) gap.closed.set(item.key, on);
  person.gaps.delete(item.key);
}

/** The clause of the purpose that nothing ends; null where nothing keeps the item and nobody says when it goes. */
function gapOf(person: Person, item: Item, on: Day): Citation | null | undefined {
  if (item.fate !== null) {
    item.gapStands = FOREVER;
    return undefined;
  }
  let lives = false;
  let isActive = false;
  let isSilent = false;
  let staysSilent = false;
  for (const purpose of item.purposes) {
    if (!livesOn(purpose, on)) continue;
    // What ended may live on through a day, and then time alone makes a gap, or ends one.
    const active = purpose.state === 'active';
    lives = true;
    isActive ||= active;
    if (!endsSilently(person, purpose, on)) continue;
    isSilent = true;
    staysSilent ||= active;
  }
  if (isSilent) {
    const silent = silentPurpose(person, item, on);
    if (staysSilent && !person.consents.anyDated) item.gapStands = BY_PURPOSE;
    return silent === undefined ? undefined : (silent.cite ?? null);
  }
  if (lives) {
    if (isActive) item.gapStands = BY_PURPOSE;
    return undefined;
  }
  const [kept] = person.minimums.keeping(person, item, on);
  if (kept !== undefined) {
    item.gapStands = kept.through === null ? FOREVER : dayNumber(kept.through);
    return undefined;
  }
  if (destroyBy(person, item) !== undefined) {
    item.gapStands = FOREVER;
    return undefined;
  }
  return person.isHeld(item, on) ? undefined : null;
}
