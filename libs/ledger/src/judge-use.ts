/** Whether data were used as their state and purposes allow (`rules.md` 4, `use-…`, `not-depersonalised`, open ends). */
import type { Citation, OpenClause } from '#packs';
import { inScope } from './consent.js';
import { isBlocked, type Item, livesOn, purposeOf, type PurposeState } from './item.js';
import { type Cited, type Judging, NEVER } from './verdict.js';

export interface Use {
  readonly kind: 'used' | 'transferred';
  readonly items: readonly Item[];
  readonly purposes: readonly string[];
}

/** Gives the items that are still there: of what is gone nothing else is said. */
export function judgeUse(judging: Judging, act: Use): readonly Item[] {
  const { person, on } = judging;
  const { kind, purposes } = act;
  const there = act.items.some(isGone) ? act.items.filter((item) => !isGone(item)) : act.items;
  if (there.length < act.items.length) afterDestruction(judging, act);
  let blocked: Cited[] | undefined;
  let over: Cited[] | undefined;
  let off: Cited[] | undefined;
  for (const item of there) {
    if (isBlocked(item, on)) (blocked ??= []).push([blockedBy(judging, item), item]);
    for (const purpose of purposes) {
      const known = purposeOf(item, purpose);
      if (known === undefined) {
        if (kind === 'used') (off ??= []).push([againstPurpose(judging, item, purpose), item]);
      } else if (!livesOn(known, on)) (over ??= []).push([againstUse(judging, known), item]);
    }
  }
  judging.addByClause('use-while-blocked', blocked, NEVER);
  judging.addByClause('use-after-stop', over, NEVER);
  judging.addByClause('use-off-purpose', off, NEVER);
  let reserved: Cited[] | undefined;
  for (const purpose of purposes) {
    const rule = person.rules.rulebook.purpose(purpose, on)?.depersonalised;
    if (rule?.acts.includes(kind) !== true) continue;
    for (const item of there) (reserved ??= []).push([rule.cite, item]);
  }
  judging.addByClause('not-depersonalised', reserved, NEVER);
  return there;
}

function afterDestruction(judging: Judging, act: Use): void {
  const gone = act.items.filter((item) => isGone(item) && !isForDepersonalised(judging, act, item));
  if (gone.length > 0) judging.add('use-after-destruction', gone, undefined, NEVER);
}

function isGone({ fate }: Item): boolean {
  return fate !== null;
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
function againstUse({ person, on, rules }: Judging, { purpose, state }: PurposeState): Citation | undefined {
  return state === 'stopped' ? rules.withdrawal.stop : person.rules.rulebook.purpose(purpose, on)?.cite;
}

/** Of a purpose newer than the edition of the newest consent about the item, that edition's change clause; else the limit. */
function againstPurpose({ person, on, rules }: Judging, item: Item, purpose: string): Citation | undefined {
  const { rulebook } = person.rules;
  const consent = person.consents.all.findLast(({ items }) => inScope(items, item.item));
  const edition = consent === undefined ? undefined : rulebook.editionById(consent.edition);
  const agreedOn = edition?.from ?? consent?.on;
  const isNewer =
    agreedOn !== undefined && rulebook.lists('purpose', purpose, on) && !rulebook.lists('purpose', purpose, agreedOn);
  return (isNewer ? edition?.change?.cite : undefined) ?? rules.purposeLimit;
}

export interface Openly {
  readonly items: readonly Item[];
  readonly purposes: readonly string[];
  /** Of a transfer. */
  readonly recipient: string | undefined;
}

/** A clause with an open end is used without saying why: one finding for each clause. */
export function judgeOpenEnds(judging: Judging, act: Openly): void {
  const { items, purposes, recipient } = act;
  const { plainly, organisation } = judging.listed;
  let found: Cited[] | undefined;
  for (const item of items) {
    if (plainly.item.has(item.item)) continue;
    for (const cite of openEndsOf(judging, 'item', item.item)) (found ??= []).push([cite, item]);
  }
  for (const purpose of purposes) {
    if (plainly.purpose.has(purpose)) continue;
    for (const cite of openEndsOf(judging, 'purpose', purpose)) {
      for (const item of items) (found ??= []).push([cite, item]);
    }
  }
  judging.addByClause('open-ended-without-reason', found, NEVER);
  if (recipient === undefined || organisation.has(recipient)) return;
  const cite = openClause(judging, 'recipients');
  if (cite !== undefined) judging.add('open-ended-without-reason', items, cite, NEVER, { recipient });
}

/** The clauses by whose open end an id may stand: its own, and that by which any other may. */
function openEndsOf(judging: Judging, kind: 'item' | 'purpose', id: string): readonly Citation[] {
  const { person, on } = judging;
  const { rulebook } = person.rules;
  const known = rulebook[kind](id, on);
  const own = known?.openEnded === true ? known.cite : undefined;
  const other = judging.listed[kind].has(id) ? undefined : openClause(judging, `${kind}s`);
  return [own, other].filter((cite) => cite !== undefined);
}

function openClause({ rules }: Judging, of: OpenClause['of']): Citation | undefined {
  return rules.open.find((one) => one.of === of)?.cite;
}
