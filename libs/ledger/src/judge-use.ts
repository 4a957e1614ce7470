/** Whether data were used as their state and purposes allow (`rules.md` 4, `use-…`, `not-depersonalised`, open ends). */
import type { Citation, OpenClause } from '#packs';
import { inScope } from './consent.js';
import { isBlocked, type Item, livesOn } from './item.js';
import { type Cited, type Judging, NEVER, type Verdicts } from './verdict.js';

export interface Use {
  readonly kind: 'used' | 'transferred';
  readonly items: readonly Item[];
  readonly purposes: readonly string[];
}

/** Gives the items that are still there: of what is gone nothing else is said. */
export function judgeUse(judging: Judging, act: Use, verdicts: Verdicts): readonly Item[] {
  const { person, on } = judging;
  const there = act.items.filter((item) => item.fate === null);
  if (there.length < act.items.length) {
    const gone = act.items.filter((item) => item.fate !== null && !isForDepersonalised(judging, act, item));
    if (gone.length > 0) verdicts.add('use-after-destruction', gone, undefined, NEVER);
  }
  const blocked: Cited[] = [];
  for (const item of there) if (isBlocked(item, on)) blocked.push([blockedBy(judging, item), item]);
  verdicts.addByClause('use-while-blocked', blocked, NEVER);
  verdicts.addByClause('use-after-stop', stopped(judging, act, there), NEVER);
  if (act.kind === 'used') verdicts.addByClause('use-off-purpose', offPurpose(judging, act, there), NEVER);
  const reserved: Cited[] = [];
  for (const purpose of act.purposes) {
    const rule = person.rules.rulebook.purpose(purpose, on)?.depersonalised;
    if (rule?.acts.includes(act.kind) === true) for (const item of there) reserved.push([rule.cite, item]);
  }
  verdicts.addByClause('not-depersonalised', reserved, NEVER);
  return there;
}

/** What nobody can be known by any more may serve the purposes that are kept for such data. */
function isForDepersonalised({ person, on }: Judging, { kind, purposes }: Use, item: Item): boolean {
  if (item.fate?.kind !== 'depersonalised') return false;
  return purposes.every((purpose) => {
    return person.rules.rulebook.purpose(purpose, on)?.depersonalised?.acts.includes(kind) === true;
  });
}

function blockedBy({ person, on }: Judging, item: Item): Citation | undefined {
  const block = item.blocks.find(({ until }) => until === undefined || until >= on);
  return block === undefined ? undefined : person.rules.rulebook.cause(block.cause, on)?.cite;
}

/** What stopped, by the clause by which a withdrawal stops; what ended, by the purpose's own. */
function stopped({ person, on }: Judging, { purposes }: Use, items: readonly Item[]): readonly Cited[] {
  const { rulebook } = person.rules;
  const found: Cited[] = [];
  for (const item of items) {
    for (const purpose of purposes) {
      const known = item.purposes.get(purpose);
      if (known === undefined || livesOn(known, on)) continue;
      const { stop } = rulebook.rules(on).withdrawal;
      found.push([known.state === 'stopped' ? stop : rulebook.purpose(purpose, on)?.cite, item]);
    }
  }
  return found;
}

function offPurpose(judging: Judging, { purposes }: Use, items: readonly Item[]): readonly Cited[] {
  const found: Cited[] = [];
  for (const item of items) {
    for (const purpose of purposes) {
      if (!item.purposes.has(purpose)) found.push([againstPurpose(judging, item, purpose), item]);
    }
  }
  return found;
}

/** Of a purpose newer than the edition of the newest consent about the item, that edition's change clause; else the limit. */
function againstPurpose({ person, on }: Judging, item: Item, purpose: string): Citation | undefined {
  const { rulebook } = person.rules;
  const consent = person.consents.all.findLast(({ items }) => inScope(items, item.item));
  const edition = consent === undefined ? undefined : rulebook.editionById(consent.edition);
  const agreedOn = edition?.from ?? consent?.on;
  const isNewer =
    agreedOn !== undefined && rulebook.lists('purpose', purpose, on) && !rulebook.lists('purpose', purpose, agreedOn);
  return (isNewer ? edition?.change?.cite : undefined) ?? rulebook.rules(on).purposeLimit;
}

export interface Openly {
  readonly items: readonly Item[];
  readonly purposes: readonly string[];
  /** Of a transfer. */
  readonly recipient: string | undefined;
}

/** A clause with an open end is used without saying why: one finding for each clause. */
export function judgeOpenEnds({ person, on }: Judging, act: Openly, verdicts: Verdicts): void {
  const { rulebook } = person.rules;
  const { open } = rulebook.rules(on);
  const clauseOf = (of: OpenClause['of']): Citation | undefined => open.find((one) => one.of === of)?.cite;
  const found: Cited[] = [];
  for (const item of act.items) {
    const known = rulebook.item(item.item, on);
    if (known?.openEnded === true) found.push([known.cite, item]);
    const unlisted = rulebook.lists('item', item.item, on) ? undefined : clauseOf('items');
    if (unlisted !== undefined) found.push([unlisted, item]);
  }
  for (const purpose of act.purposes) {
    const known = rulebook.purpose(purpose, on);
    if (known?.openEnded === true) for (const item of act.items) found.push([known.cite, item]);
    const unlisted = rulebook.lists('purpose', purpose, on) ? undefined : clauseOf('purposes');
    if (unlisted !== undefined) for (const item of act.items) found.push([unlisted, item]);
  }
  verdicts.addByClause('open-ended-without-reason', found, NEVER);
  const { recipient } = act;
  if (recipient === undefined || rulebook.lists('organisation', recipient, on)) return;
  const cite = clauseOf('recipients');
  if (cite !== undefined) verdicts.add('open-ended-without-reason', act.items, cite, NEVER, { recipient });
}
