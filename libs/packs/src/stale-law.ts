/** Laws that a policy still cites after another one has taken their place (`rules.md` 4, `stale-law`). */

import { addDays } from './day.js';
import type { Day } from './citation.js';
import { ALWAYS, citing } from './in-force.js';
import type { StaleLaw } from './rules.js';
import type { ControllerPack, LawPack } from './schema.js';

/** `policies` sorted by their first day; `acts` all loaded editions of laws. */
export function staleLawsOf(policies: readonly ControllerPack[], acts: readonly LawPack[]): readonly StaleLaw[] {
  const rows = policies.flatMap((policy, at) => {
    const next = policies[at + 1]?.edition.from;
    const last = policy.edition.to ?? (next === undefined ? undefined : addDays(next, -1));
    return policy.lawsCited.flatMap((cited): StaleLaw[] => {
      const replaced = cited.replacedFrom ?? replacedOn(acts, cited.pack);
      if (replaced === undefined || (last !== undefined && last < replaced)) return [];
      const first = policy.edition.from ?? ALWAYS;
      const on = first < replaced ? replaced : first;
      return [{ citation: cited.citation, on, to: last, cite: citing(cited, policy) }];
    });
  });
  return joined(rows).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** The first day without the law: its last edition has ended, and names what stands in its place. */
function replacedOn(acts: readonly LawPack[], id: string | undefined): Day | undefined {
  const editions = acts.filter((act) => act.meta.id === id);
  if (editions.length === 0 || editions.some((act) => act.meta.validTo === undefined)) return undefined;
  const last = editions
    .map((act) => act.meta.validTo ?? ALWAYS)
    .sort()
    .at(-1);
  return last === undefined ? undefined : addDays(last, 1);
}

/** A later edition that cites the same replaced law goes on with the finding of the one before it. */
function joined(rows: readonly StaleLaw[]): StaleLaw[] {
  const out: StaleLaw[] = [];
  for (const row of rows) {
    const before = out.findLastIndex((one) => one.citation === row.citation);
    const one = out[before];
    if (one?.to !== undefined && addDays(one.to, 1) === row.on) out[before] = { ...one, to: row.to };
    else out.push(row);
  }
  return out;
}
