/**
 * What one pack names and another defines: a rule about an id that nobody lists would never be met, and nobody would
 * notice. The whole set of loaded packs is looked at, since laws name kinds that only policies fill.
 */

import type { ControllerPack, LawPack, PackContent } from './schema.js';
import { VOCABULARY } from './vocabulary.js';

export interface Dangling {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
}
type Rules = LawPack | ControllerPack;
/** Every id that a rule may name, by what it is. */
interface Known {
  readonly bases: ReadonlySet<string>;
  readonly undertakings: ReadonlySet<string>;
  readonly causes: ReadonlySet<string>;
  readonly organisations: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly purposes: ReadonlySet<string>;
  readonly items: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
}

/**
 * The names of a law that no pack fills. Purposes, items and categories are the policies': they are looked for in the
 * policies under that law, and not at all while none is loaded.
 */
export function danglingOfLaw(law: LawPack, packs: readonly PackContent[]): readonly Dangling[] {
  const policies = packs
    .filter((pack) => pack.kind === 'controller')
    .filter((policy) => policy.controller.laws.includes(law.meta.id));
  if (policies.length === 0) return [];
  const laws = packs
    .filter((pack) => pack.kind === 'law')
    .filter((one) => policies.some((policy) => policy.controller.laws.includes(one.meta.id)));
  const known = knownTo([...laws, ...policies], policies);
  return [
    ...ofRules(law, known),
    ...law.minimums.flatMap((minimum, at) =>
      minimum.after.kind === 'transferred'
        ? absent([minimum.after.purpose], known.purposes, ['minimums', at, 'after', 'purpose'], 'purpose', false)
        : [],
    ),
    ...(law.meta.replacedBy !== undefined && !laws.some((one) => one.meta.id === law.meta.replacedBy)
      ? [{ path: ['meta', 'replacedBy'], reason: 'no such law pack is loaded' }]
      : []),
  ];
}

/** The names of a policy that neither it nor its laws define. */
export function danglingOfPolicy(policy: ControllerPack, laws: readonly LawPack[]): readonly Dangling[] {
  const known = knownTo([...laws, policy], [policy]);
  const channel = policy.edition.change?.channel;
  return [
    ...ofRules(policy, known),
    ...(channel === undefined
      ? []
      : absent([channel], known.channels, ['edition', 'change', 'channel'], 'channel', false)),
    ...policy.items.flatMap((item, at) => absent(item.classes, known.classes, ['items', at, 'classes'], 'class')),
    ...policy.lawsCited.flatMap((cited, at) =>
      cited.pack === undefined || laws.some((law) => law.meta.id === cited.pack)
        ? []
        : [{ path: ['lawsCited', at, 'pack'], reason: 'the law is none of this controller' }],
    ),
  ];
}

function ofRules(pack: Rules, known: Known): readonly Dangling[] {
  const scoped = ['transfers', 'transferBans', 'undertakingsOwed'] as const;
  return [
    ...scoped.flatMap((list) => pack[list].flatMap((rule, at) => ofScope(rule, known, [list, at]))),
    ...pack.transfers.flatMap((rule, at) =>
      absent([rule.basis], known.bases, ['transfers', at, 'basis'], 'basis', false),
    ),
    ...[...pack.undertakingsOwed.entries()].flatMap(([at, rule]) =>
      absent(rule.undertakings, known.undertakings, ['undertakingsOwed', at, 'undertakings'], 'undertaking'),
    ),
    ...pack.staff.flatMap((rule, at) =>
      absent(rule.undertakings, known.undertakings, ['staff', at, 'undertakings'], 'undertaking'),
    ),
    ...pack.onward.flatMap((rule, at) =>
      absent([rule.undertaking], known.undertakings, ['onward', at, 'undertaking'], 'undertaking', false),
    ),
    ...pack.itemBans.flatMap((rule, at) =>
      absent(rule.purposes ?? [], known.purposes, ['itemBans', at, 'purposes'], 'purpose'),
    ),
    ...absent(pack.anonymised?.purposes ?? [], known.purposes, ['anonymised', 'purposes'], 'purpose'),
    ...pack.requests.flatMap((rule, at) =>
      absent(rule.channels, known.channels, ['requests', at, 'channels'], 'channel'),
    ),
    ...pack.deadlines.flatMap(({ condition }, at) => {
      const path = ['deadlines', at, 'condition'];
      return [
        ...absent(condition?.causes ?? [], known.causes, [...path, 'causes'], 'cause'),
        ...absent(condition?.categories ?? [], known.categories, [...path, 'categories'], 'category'),
      ];
    }),
  ];
}

function ofScope(
  rule: LawPack['transfers'][number] | LawPack['transferBans'][number] | LawPack['undertakingsOwed'][number],
  known: Known,
  path: readonly PropertyKey[],
): readonly Dangling[] {
  return [
    ...absent(rule.recipients ?? [], known.organisations, [...path, 'recipients'], 'organisation'),
    ...absent(rule.purposes ?? [], known.purposes, [...path, 'purposes'], 'purpose'),
    ...absent(rule.items ?? [], known.items, [...path, 'items'], 'item'),
  ];
}

/** A list's ids have a place each; a single id (`listed` false) stands at the path itself. */
function absent(
  ids: readonly string[],
  known: ReadonlySet<string>,
  path: readonly PropertyKey[],
  what: string,
  listed = true,
): readonly Dangling[] {
  return ids.flatMap((id, at) =>
    known.has(id)
      ? []
      : [{ path: listed ? [...path, at] : path, reason: `no such ${what} in this policy or its laws` }],
  );
}

function knownTo(packs: readonly Rules[], policies: readonly ControllerPack[]): Known {
  const ids = (of: (pack: Rules) => readonly { readonly id: string }[]): ReadonlySet<string> =>
    new Set(packs.flatMap((pack) => of(pack).map((one) => one.id)));
  const organisations = packs.flatMap((pack) => (pack.kind === 'law' ? pack.organisations : pack.recipients));
  return {
    bases: ids((pack) => pack.bases),
    undertakings: ids((pack) => pack.undertakings),
    causes: ids((pack) => pack.causes),
    organisations: new Set(organisations.map((one) => one.id)),
    categories: new Set(organisations.map((one) => one.category)),
    purposes: new Set(policies.flatMap((policy) => policy.purposes.map((purpose) => purpose.id))),
    items: new Set(policies.flatMap((policy) => policy.items.map((item) => item.id))),
    classes: new Set(
      packs.flatMap((pack) => [
        ...pack.special.map((one) => one.class),
        ...pack.itemBans.flatMap((ban) => ban.classes ?? []),
      ]),
    ),
    channels: new Set([...VOCABULARY.channel, ...policies.flatMap((policy) => policy.vocabulary.channel ?? [])]),
  };
}
