/** Which edition and which rule stand on a day, and how a rule is cited. */

import type { Citation, Day, Mark } from './citation.js';
import { editionId, packId, type Pack } from './parse.js';
import type { ControllerPack, LawPack } from './schema.js';

/** The packs that hold rules; calendars hold days. */
export type Rules = LawPack | ControllerPack;

export type Dated = { readonly from?: Day | undefined; readonly to?: Day | undefined };

/** Before every day that can be written. */
export const ALWAYS: Day = '0000-01-01';

export function covers(rule: Dated, day: Day): boolean {
  return (rule.from === undefined || rule.from <= day) && (rule.to === undefined || day <= rule.to);
}

export function newestOn<T extends Pack | Rules>(sorted: readonly T[], day: Day): T | undefined {
  return sorted.findLast((pack) => covers(periodOf(pack), day));
}

export function periodOf(pack: Pack | Rules): Dated {
  return pack.kind === 'controller' ? pack.edition : { from: pack.meta.validFrom, to: pack.meta.validTo };
}

export function byStart(a: Pack | Rules, b: Pack | Rules): number {
  const first = periodOf(a).from ?? ALWAYS;
  const second = periodOf(b).from ?? ALWAYS;
  return first < second ? -1 : first > second ? 1 : 0;
}

export function datedRulesOf(pack: Rules): readonly Dated[] {
  return [
    ...organisationsOf(pack),
    ...pack.bases,
    ...pack.grounds,
    ...pack.causes,
    ...pack.deadlines,
    ...(pack.kind === 'law' ? pack.minimums : []),
    ...pack.itemBans,
    ...pack.transfers,
    ...pack.transferBans,
    ...pack.crossBorder,
    ...pack.undertakingsOwed,
    ...pack.staff,
    ...pack.requests,
  ];
}

export function organisationsOf(pack: Rules): LawPack['organisations'] {
  return pack.kind === 'law' ? pack.organisations : pack.recipients;
}

export function citing(rule: { readonly clause: string; readonly mark: Mark }, pack: Rules): Citation {
  return { clause: rule.clause, pack: packId(pack), edition: editionId(pack), mark: rule.mark };
}
