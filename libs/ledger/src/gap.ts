/** Items of which neither law nor policy says until when they are kept (`rules.md` 4, `gap`). */
import type { Citation, Day, Purpose, Rulebook, Rules } from '#packs';
import { destroyBy } from './clock.js';
import { type Found, found } from './found.js';
import { type Item, livesOn } from './item.js';
import type { Person } from './person.js';
import { untilOf } from './retention.js';

/** Looks at every item as it stands when a day is over: new gaps open, others close. */
export function findGaps(person: Person, on: Day): void {
  const opened = new Map<string, { readonly cite: Citation | null; readonly items: Item[] }>();
  for (const item of person.items.values()) {
    const known = person.gaps.get(item.key);
    const silent = silentBy(person, item, on);
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
function silentBy(person: Person, item: Item, on: Day): Citation | null | undefined {
  if (item.fate !== null) return undefined;
  let lives = false;
  let silent = false;
  for (const purpose of item.purposes.values()) {
    if (!livesOn(purpose, on)) continue;
    lives = true;
    if (endsSilently(person.rules.rulebook, purpose.purpose, on)) silent = true;
  }
  if (silent) {
    const until = untilOf(person, item, on);
    return until.kind === 'silent' ? (until.reasons[0]?.cite ?? null) : undefined;
  }
  if (lives || person.minimums.keeps(person, item, on) || person.isHeld(item, on)) return undefined;
  return destroyBy(person, item) === undefined ? null : undefined;
}

type Ends = Map<string, Purpose['ends']>;
const ends = new WeakMap<Rules, Ends>();

/** Asked for every purpose of every item of every day, so what the packs of a span of days say is remembered. */
function endsSilently(rulebook: Rulebook, purpose: string, on: Day): boolean {
  const rules = rulebook.rules(on);
  let known = ends.get(rules);
  if (known === undefined) ends.set(rules, (known = new Map()));
  let end = known.get(purpose);
  if (end === undefined) known.set(purpose, (end = rulebook.purpose(purpose, on)?.ends ?? 'silent'));
  return end === 'silent';
}
