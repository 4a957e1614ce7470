/** Whether data were used as their state and purposes allow (`rules.md` 4, `use-…`, `not-depersonalised`, open ends). */
import type { Citation, OpenClause } from '#packs';
import { inScope } from './consent.js';
import { isBlocked, type Item, livesOn } from './item.js';
import { type Judging, NEVER, type Verdicts } from './verdict.js';

export interface Use {
  readonly kind: 'used' | 'transferred';
  readonly items: readonly Item[];
  readonly purposes: readonly string[];
}

type Cited = readonly [Citation | undefined, Item];

/** Gives the items that are still there: of what is gone nothing else is said. */
export function judgeUse(judging: Judging, act: Use, verdicts: Verdicts): readonly Item[] {
  const { person, on } = judging;
  const never = () => NEVER;
  const gone = act.items.filter((item) => item.fate !== null && !isForDepersonalised(judging, act, item));
  if (gone.length > 0) verdicts.add('use-after-destruction', gone, undefined, NEVER);
  const there = act.items.filter((item) => item.fate === null);
  const blocked = there.filter((item) => isBlocked(item, on));
  verdicts.addByClause(
    'use-while-blocked',
    blocked.map((item): Cited => [blockedBy(judging, item), item]),
    never,
  );
  verdicts.addByClause(
    'use-after-stop',
    there.flatMap((item) => stopped(judging, act, item)),
    never,
  );
  if (act.kind === 'used') {
    verdicts.addByClause(
      'use-off-purpose',
      there.flatMap((item) => offPurpose(judging, act, item)),
      never,
    );
  }
  const { rulebook } = person.rules;
  const reserved = act.purposes.flatMap((purpose): Cited[] => {
    const rule = rulebook.purpose(purpose, on)?.depersonalised;
    return rule?.acts.includes(act.kind) === true ? there.map((item): Cited => [rule.cite, item]) : [];
  });
  verdicts.addByClause('not-depersonalised', reserved, never);
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
function stopped({ person, on }: Judging, { purposes }: Use, item: Item): readonly Cited[] {
  const { rulebook } = person.rules;
  return purposes.flatMap((purpose): Cited[] => {
    const known = item.purposes.get(purpose);
    if (known === undefined || livesOn(known, on)) return [];
    const { stop } = rulebook.rules(on).withdrawal;
    return [[known.state === 'stopped' ? stop : rulebook.purpose(purpose, on)?.cite, item]];
  });
}

function offPurpose({ person, on }: Judging, { purposes }: Use, item: Item): readonly Cited[] {
  const { rulebook } = person.rules;
  return purposes.flatMap((purpose): Cited[] => {
    if (item.purposes.has(purpose)) return [];
    // The newest consent about the item: whether its edition knew the purpose.
    const consent = person.consents.all.findLast(({ items }) => inScope(items, item.item));
    const edition = consent === undefined ? undefined : rulebook.editionById(consent.edition);
    const agreedOn = edition?.from ?? consent?.on;
    const isNewer =
      agreedOn !== undefined && rulebook.lists('purpose', purpose, on) && !rulebook.lists('purpose', purpose, agreedOn);
    return [[(isNewer ? edition?.change?.cite : undefined) ?? rulebook.rules(on).purposeLimit, item]];
  });
}

export interface Openly {
  readonly items: readonly Item[];
  readonly purposes: readonly string[];
  /** Of a transfer. */
  readonly recipient?: string;
  readonly hasNote: boolean;
}

/** A clause with an open end is used without saying why: one finding for each clause. */
export function judgeOpenEnds({ person, on }: Judging, act: Openly, verdicts: Verdicts): void {
  if (act.hasNote) return;
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
    const cite = known?.openEnded === true ? known.cite : undefined;
    const unlisted = rulebook.lists('purpose', purpose, on) ? undefined : clauseOf('purposes');
    for (const one of [cite, unlisted]) if (one !== undefined) for (const item of act.items) found.push([one, item]);
  }
  verdicts.addByClause('open-ended-without-reason', found, () => NEVER);
  const { recipient } = act;
  if (recipient === undefined || rulebook.lists('organisation', recipient, on)) return;
  const cite = clauseOf('recipients');
  if (cite !== undefined) verdicts.add('open-ended-without-reason', act.items, cite, NEVER, { recipient });
}
