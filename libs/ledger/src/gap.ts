/** Items of which neither law nor policy says until when they are kept (`rules.md` 4, `gap`). */
import type { Citation, Day } from '#packs';
import { destroyBy } from './clock.js';
import { type Found, found } from './found.js';
import { type Item, livesOn } from './item.js';
import type { Person } from './person.js';
import { silentBy } from './retention.js';

/** Looks at every item as it stands when a day is over: new gaps open, others close. */
export function findGaps(person: Person, on: Day): void {
  const opened = new Map<string, { readonly cite: Citation | null; readonly items: Item[] }>();
  for (const item of person.items.values()) {
    if (item.hasNoGap) continue;
    const silent = gapOf(person, item, on);
    const known = person.gaps.get(item.key);
    if (silent === undefined) {
      if (known !== undefined) closeGap(person, known, item, on);
    } else if (known === undefined) {
      const key = silent === null ? '' : `${silent.clause} ${silent.pack}`;
      const group = opened.get(key);
      if (group === undefined) opened.set(key, { cite: silent, items: [item] });
      else group.items.push(item);
    }
  }
  for (const { cite, items } of opened.values()) {
    const gap = found({ code: 'gap', on, items, cite: cite ?? undefined, closing: { kind: 'term' } });
    person.findings.push(gap);
    for (const item of items) person.gaps.set(item.key, gap);
  }
}

function closeGap(person: Person, gap: Found, item: Item, on: Day): void {
  if (!gap.closed.has(item.key)) gap.closed.set(item.key, on);
  person.gaps.delete(item.key);
}

/** The clause of the purpose that nothing ends; null where nothing keeps the item and nobody says when it goes. */
function gapOf(person: Person, item: Item, on: Day): Citation | null | undefined {
  if (item.fate !== null) {
    item.hasNoGap = true;
    return undefined;
  }
  const { rulebook } = person.rules;
  let lives = false;
  let isActive = false;
  let endsSilently = false;
  for (const purpose of item.purposes.values()) {
    if (!livesOn(purpose, on)) continue;
    lives = true;
    endsSilently ||= (rulebook.purpose(purpose.purpose, on)?.ends ?? 'silent') === 'silent';
    isActive ||= purpose.state === 'active';
  }
  if (endsSilently) {
    const silent = silentBy(person, item, on);
    return silent === undefined ? undefined : (silent.cite ?? null);
  }
  // What ended may live on through a day, and then time alone makes a gap.
  item.hasNoGap = isActive;
  if (lives || person.minimums.keeps(person, item, on) || person.isHeld(item, on)) return undefined;
  return destroyBy(person, item) === undefined ? null : undefined;
}
