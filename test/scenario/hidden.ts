/** What nobody else may see of a person (`test/scenarios/README.md`, Asks, `hides`). */
import type { Scenario } from './scenario.js';

/** Identifiers, contacts, and what entries of theirs call their consents, contracts and requests. */
export function secretsOf(told: Scenario, alias: string): readonly string[] {
  const { contacts = {}, ...identifiers } = told.people[alias]!;
  const mine = told.feed.filter((entry) => entry.person === alias);
  const references = mine.flatMap((entry) =>
    ['request', 'consent', 'contract'].flatMap((field) => (entry[field] as string | undefined) ?? []),
  );
  const values = told.feed.flatMap((entry) => {
    const about = (entry['describes'] ?? {}) as Readonly<Record<string, string>>;
    return Object.entries((entry['values'] ?? {}) as Readonly<Record<string, string>>)
      .filter(([item]) => about[item] === alias)
      .map(([, value]) => value);
  });
  return [...Object.values(identifiers), ...Object.values(contacts as object), ...references, ...values].map(String);
}

/** The secrets that stand in a text as words of their own, and not by chance inside a random reference. */
export function tellsOf(text: string, secrets: readonly string[]): readonly string[] {
  const escape = (secret: string): string => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return secrets.filter((secret) => new RegExp(`(?<![\\w-])${escape(secret)}(?![\\w-])`).test(text));
}
