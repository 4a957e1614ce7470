/** Ties between a client's items and the people they are about (`rules.md` 2): one name for each person described. */
import type { PersonRecord, Tie } from './record.js';

/**
 * A client known first by a phone and then by a number has two dossiers, and from each a tie to the same contact person:
 * they are one. Gives the one name for each of several; which of them it is says nothing.
 */
export function sameTies(ties: readonly Tie[]): ReadonlyMap<string, string> {
  const least = new Map<string, string>();
  for (const { contact, about } of ties) {
    const before = least.get(contact);
    if (before === undefined || about < before) least.set(contact, about);
  }
  const names = new Map<string, string>();
  for (const { contact, about } of ties) {
    const name = least.get(contact)!;
    if (name !== about) names.set(about, name);
  }
  return names;
}

/** What is read instead of each reference: ids that packs list by now, and the one name of each person described. */
export function readings(record: PersonRecord): ReadonlyMap<string, string> {
  const ties = sameTies(record.about);
  return ties.size === 0 ? record.listed : new Map([...record.listed, ...ties]);
}

/** One for each person described, and each of their dossiers, under the one name. */
export function distinct<T extends { readonly tie: Tie; readonly record: PersonRecord }>(
  ties: readonly T[],
  ofClient: (one: T) => readonly Tie[],
): readonly (T & { readonly name: string })[] {
  const seen = new Set<string>();
  return ties.flatMap((one) => {
    const name = sameTies(ofClient(one)).get(one.tie.about) ?? one.tie.about;
    if (seen.has(name)) return [];
    seen.add(name);
    return [{ ...one, name }];
  });
}
