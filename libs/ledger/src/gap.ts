/** Items of which neither law nor policy says until when they are kept (`rules.md` 4, `gap`). */
import type { Citation, Day, Rulebook, Rules } from '#packs';
import { destroyBy } from './clock.js';
import { type Found, found } from './found.js';
import { type Item, livesOn } from './item.js';
import type { Person } from './person.js';
import { untilOf } from './retention.js';

/** Looks at every item as it stands when a day is over: new gaps open, others close. */
export function findGaps(person: Person, on: Day): void {
  const opened = new Map<string, { readonly cite: Citation | null; readonly items: Item[] }>();
  const endsSilently = silentEnds(person.rules.rulebook, on);
  for (const item of person.items.values()) {
    const known = person.gaps.get(item.key);
    const silent = silentBy(person, item, on, endsSilently);
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
function silentBy(
  person: Person,
  item: Item,
  on: Day,
  endsSilently: (purpose: string) => boolean,
): Citation | null | undefined {
  if (item.fate !== null) return undefined;
  let lives = false;
  let isSilent = false;
  for (const purpose of item.purposes.values()) {
    if (!livesOn(purpose, on)) continue;
    lives = true;
    isSilent ||= endsSilently(purpose.purpose);
  }
  if (isSilent) {
    const until = untilOf(person, item, on);
    return until.kind === 'silent' ? (until.reasons[0]?.cite ?? null) : undefined;
  }
  if (lives || person.minimums.keeps(person, item, on) || person.isHeld(item, on)) return undefined;
  return destroyBy(person, item) === undefined ? null : undefined;
}

const silent = new WeakMap<Rules, Map<string, boolean>>();

/** Asked for every purpose of every item of every day, so what the packs of a span of days say is remembered. */
function silentEnds(rulebook: Rulebook, on: Day): (purpose: string) => boolean {
  const rules = rulebook.rules(on);
  let known = silent.get(rules);
  if (known === undefined) silent.set(rules, (known = new Map()));
  return (purpose) => {
    let is = known.get(purpose);
    if (is === undefined) known.set(purpose, (is = (rulebook.purpose(purpose, on)?.ends ?? 'silent') === 'silent'));
    return is;
  };
}
