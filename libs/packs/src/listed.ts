/** Which ids may stand in a stored event as they are (`design.md`, Vault). */

import { editionId, type Pack } from './parse.js';
import { ID_KINDS, type IdKind } from './rulebook.js';
import { VOCABULARY } from './vocabulary.js';

/** Every id of every loaded pack, of whatever controller and date, and the words that need no pack. */
export function listedIds(packs: readonly Pack[]): ReadonlyMap<IdKind, ReadonlySet<string>> {
  const ids = new Map<IdKind, Set<string>>(ID_KINDS.map((kind) => [kind, new Set<string>()]));
  const add = (kind: IdKind, list: Iterable<string>): void => {
    for (const id of list) ids.get(kind)?.add(id);
  };
  const named = (list: readonly { readonly id: string }[]): string[] => list.map((one) => one.id);
  for (const [kind, list] of Object.entries(VOCABULARY)) add(kind as keyof typeof VOCABULARY, list);
  for (const pack of packs) {
    add('edition', [editionId(pack)]);
    if (pack.kind === 'calendar') continue;
    add('organisation', named(pack.kind === 'law' ? pack.organisations : pack.recipients));
    add('basis', named(pack.bases));
    add('ground', named(pack.grounds));
    add('term', named(pack.terms));
    add('undertaking', named(pack.undertakings));
    add('cause', named(pack.causes));
    if (pack.kind === 'law') continue;
    add('item', named(pack.items));
    add('purpose', named(pack.purposes));
    for (const [kind, list] of Object.entries(pack.vocabulary)) add(kind as keyof typeof pack.vocabulary, list ?? []);
  }
  return ids;
}
