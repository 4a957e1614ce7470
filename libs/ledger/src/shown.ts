/** How what stands in events is shown: references as their texts to those entitled, else as `unlisted`. */
import { isReference } from './names.js';

/** What only the vault knows, given to whoever is entitled to it. Without a resolver nothing is shown. */
export interface Resolvers {
  /** The value that an event gave to an item; undefined where none is held any more. */
  readonly values?: (event: string, item: string) => string | undefined;
  /** The text that a reference stands for. */
  readonly texts?: (reference: string) => string | undefined;
  /** A sealed text of an event by its field: `note`, `reason`, `document`. */
  readonly sealed?: (event: string, field: string) => string | undefined;
}

/** A row while it is made. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What stands for an id that no loaded pack lists, to those who may not see its text (`wire.md`, An action). */
export const UNLISTED = 'unlisted';

export function shownId(id: string, resolvers: Resolvers): string {
  return isReference(id) ? (resolvers.texts?.(id) ?? UNLISTED) : id;
}

/** Each once, in order. */
export function shownIds(ids: readonly string[], resolvers: Resolvers): readonly string[] {
  const names = ids.map((id) => shownId(id, resolvers));
  if (names.length < 2) return names;
  names.sort();
  return names.filter((name, at) => at === 0 || name !== names[at - 1]);
}

/** Compares by UTF-16 units: ids are ASCII, and texts of references need any order that is always the same. */
export function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
