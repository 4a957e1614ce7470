/** What law and policy say against an act, done or imagined (`rules.md` 4 and 5). */
import type { Citation, Day, Listed, Rules } from '#packs';
import type { FindingCode } from './finding.js';
import type { Closing, Opened } from './found.js';
import type { Item } from './item.js';
import type { Person } from './person.js';

/** An item and the clause against what was done with it. */
export type Cited = readonly [Citation | undefined, Item];

/** Acts as they are judged on their day. Of one that is only imagined the most favourable basis counts. */
export class Judging {
  /** One for each code, clause and recipient, with its items as one set. */
  readonly verdicts: Opened[] = [];
  /** Of the day. */
  readonly rules: Rules;
  readonly listed: Listed;

  constructor(
    readonly person: Person,
    readonly on: Day,
    readonly imagined: boolean,
  ) {
    const { rulebook } = person.rules;
    this.rules = rulebook.rules(on);
    this.listed = rulebook.listed(on);
  }

  add(
    code: FindingCode,
    items: readonly Item[],
    cite: Citation | undefined,
    closing: Closing,
    { recipient, ofOther = false }: { readonly recipient?: string; readonly ofOther?: boolean } = {},
  ): void {
    this.verdicts.push({ code, on: this.on, items, cite, closing, recipient, ofOther });
  }

  /** One for each clause among the items; none where there are none, as of nearly every act. */
  addByClause(
    code: FindingCode,
    items: readonly Cited[] | undefined,
    closing: Closing,
    more?: { readonly recipient?: string; readonly ofOther?: boolean },
  ): void {
    if (items === undefined || items.length === 0) return;
    const groups: { readonly cite: Citation | undefined; readonly items: Item[] }[] = [];
    for (const [cite, item] of items) {
      const group = groups.find((one) => isSameClause(one.cite, cite));
      if (group === undefined) groups.push({ cite, items: [item] });
      else if (!group.items.includes(item)) group.items.push(item);
    }
    for (const group of groups) this.add(code, group.items, group.cite, closing, more);
  }
}

function isSameClause(a: Citation | undefined, b: Citation | undefined): boolean {
  return a === b || (a?.clause === b?.clause && a?.pack === b?.pack);
}

export const NEVER: Closing = { kind: 'never' };
export const GONE: Closing = { kind: 'gone' };
