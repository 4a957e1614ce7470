/**
 * Which dossiers are one person (`rules.md` 1 and `wire.md`, person). A link has no day: once known it counts for every
 * `asOf`; only the order in which links are counted follows the days.
 */
import type { Day } from '#packs';
import { type Placed, inOrder } from './order.js';
import type { Dossier, IdentifierKind } from './record.js';
import { IDENTIFIER_KINDS } from './record.js';
import type { SubjectRef } from './names.js';

/** A link that would make one person of two who have each their own number. */
export interface Conflict {
  readonly event: string;
  readonly subject: string;
  readonly other: string;
  readonly on: Day;
  /** The day on which the pair was unlinked; undefined while the link stands. */
  readonly cutOn?: Day;
}

export interface Links {
  /** The dossiers of one person with the one asked for, which is among them. */
  readonly person: ReadonlySet<string>;
  /** Links that do not count, of whatever person of the record. */
  readonly conflicts: readonly Conflict[];
}

interface Link {
  readonly at: Placed;
  readonly a: string;
  readonly b: string;
  readonly automatic: boolean;
}

/**
 * `events` are the `linked` and `unlinked` known and not corrected, of every dossier of the record. Of `crowded` dossiers
 * no link counts.
 */
export function linksOf(
  subject: string,
  dossiers: readonly Dossier[],
  events: readonly Placed[],
  coarse: ReadonlySet<Day>,
  crowded: ReadonlySet<string> = new Set(),
): Links {
  const ordered = inOrder(
    events.filter((placed) => !leadsTo(crowded, placed)),
    coarse,
  );
  const { parts, conflicts } = joined(dossiers, ordered);
  const root = parts.root(subject);
  const person = new Set<string>([subject]);
  for (const dossier of dossiers) if (parts.root(dossier.subject) === root) person.add(dossier.subject);
  return { person, conflicts: [...conflicts, ...cut(dossiers, ordered)] };
}

function leadsTo(crowded: ReadonlySet<string>, { event }: Placed): boolean {
  if (crowded.size === 0 || (event.type !== 'linked' && event.type !== 'unlinked')) return false;
  return crowded.has(event.data.other) || (event.subject !== null && crowded.has(event.subject));
}

/** Conflicts of the links with whom the person stands, each once. */
export function conflictsOf({ person, conflicts }: Links): readonly Conflict[] {
  return conflicts.filter(({ subject }) => person.has(subject));
}

/** Links that did not count until an `unlinked` cut them: what was known before it says so. */
function cut(dossiers: readonly Dossier[], ordered: readonly Placed[]): readonly Conflict[] {
  const found = new Map<string, Conflict>();
  for (const [at, { event, day }] of ordered.entries()) {
    if (event.type !== 'unlinked' || event.subject === null) continue;
    const pair = new Set<string>([event.subject, event.data.other]);
    for (const conflict of joined(dossiers, ordered.slice(0, at)).conflicts) {
      const isPair = pair.has(conflict.subject) && pair.has(conflict.other);
      if (isPair && !found.has(conflict.event)) found.set(conflict.event, { ...conflict, cutOn: day });
    }
  }
  return [...found.values()];
}

function joined(
  dossiers: readonly Dossier[],
  ordered: readonly Placed[],
): { readonly parts: Parts; readonly conflicts: readonly Conflict[] } {
  const parts = new Parts(dossiers);
  const conflicts: Conflict[] = [];
  for (const group of byPlace(standing(ordered))) {
    for (const link of joinTogether(group, parts)) {
      const { event, day } = link.at;
      conflicts.push({ event: event.id, subject: link.a, other: link.b, on: day });
    }
  }
  return { parts, conflicts };
}

/** One link for each pair that is linked at all, in order: an `unlinked` beats all but a later one that was sent. */
function standing(events: readonly Placed[]): readonly Link[] {
  const pairs = new Pairs();
  for (const at of events) {
    const { event } = at;
    if ((event.type !== 'linked' && event.type !== 'unlinked') || event.subject === null) continue;
    const a = event.subject;
    const b = event.data.other;
    const pair = pairs.of(a, b);
    if (event.type === 'unlinked') {
      pair.cut = true;
      pair.link = undefined;
      continue;
    }
    const automatic = event.data.automatic === true;
    if (pair.cut && automatic) continue;
    // Of the links of one place the one that was sent counts; the earliest place is the pair's.
    if (pair.link === undefined || (pair.link.at.place === at.place && pair.link.automatic)) {
      pair.link = { at, a, b, automatic };
    }
  }
  const links: Link[] = [];
  for (const { link } of pairs.all) if (link !== undefined) links.push(link);
  return links.sort((x, y) => x.at.place - y.at.place || Number(x.automatic) - Number(y.automatic));
}

/** What stands between two dossiers. */
interface Pair {
  link: Link | undefined;
  cut: boolean;
}

/** By both ends, whichever is named first: most acts of a person name the same two, so that no key is written for each. */
class Pairs {
  /** In the order in which they were named first. */
  readonly all: Pair[] = [];
  readonly #byEnds = new Map<string, Map<string, Pair>>();

  of(a: string, b: string): Pair {
    const [less, greater] = a < b ? [a, b] : [b, a];
    let pairs = this.#byEnds.get(less);
    if (pairs === undefined) this.#byEnds.set(less, (pairs = new Map<string, Pair>()));
    let pair = pairs.get(greater);
    if (pair === undefined) {
      pair = { link: undefined, cut: false };
      pairs.set(greater, pair);
      this.all.push(pair);
    }
    return pair;
  }
}

/** Links of one place that nothing but references tells apart are counted together; those sent stand before. */
function byPlace(links: readonly Link[]): readonly (readonly Link[])[] {
  const groups: Link[][] = [];
  let last: Link | undefined;
  for (const link of links) {
    if (last !== undefined && last.at.place === link.at.place && last.automatic === link.automatic) {
      groups.at(-1)!.push(link);
    } else groups.push([link]);
    last = link;
  }
  return groups;
}

/**
 * Joins what the links of one place join, and gives those that do not count: of a part that would hold two numbers, every
 * link on a way between them, since nothing tells which of them is wrong.
 */
function joinTogether(group: readonly Link[], parts: Parts): readonly Link[] {
  const refused: Link[] = [];
  let open = group.filter((link) => parts.root(link.a) !== parts.root(link.b));
  // Mostly one link has its place alone: then nothing is tried on a copy.
  const [alone] = open;
  if (alone !== undefined && open.length === 1) {
    if (parts.wouldConflict(alone.a, alone.b)) return [alone];
    parts.join(alone.a, alone.b);
    return [];
  }
  for (;;) {
    const trial = parts.copy();
    for (const link of open) trial.join(link.a, link.b);
    const wrong = open.filter((link) => trial.conflicts(link.a));
    if (wrong.length === 0) break;
    const between = new Set(onWays(wrong, parts));
    refused.push(...between);
    open = open.filter((link) => !between.has(link));
  }
  for (const link of open) parts.join(link.a, link.b);
  return refused;
}

/** The links that are left when ends without a number of their own are cut off, again and again. */
function onWays(links: readonly Link[], parts: Parts): readonly Link[] {
  let left = [...links];
  for (;;) {
    const degree = new Map<string, number>();
    for (const link of left) {
      for (const root of [parts.root(link.a), parts.root(link.b)]) degree.set(root, (degree.get(root) ?? 0) + 1);
    }
    const isEnd = (root: string): boolean => degree.get(root) === 1 && !parts.numbered(root);
    const next = left.filter((link) => !isEnd(parts.root(link.a)) && !isEnd(parts.root(link.b)));
    if (next.length === left.length || next.length === 0) return left;
    left = next;
  }
}

/** Dossiers joined so far, each part with how many IIN and PIN it holds. */
class Parts {
  readonly #parents: Map<string, string>;
  readonly #numbers: Map<string, { iin: number; pin: number }>;

  constructor(dossiers: readonly Dossier[] | Parts) {
    if (dossiers instanceof Parts) {
      this.#parents = new Map(dossiers.#parents);
      this.#numbers = new Map([...dossiers.#numbers].map(([root, count]) => [root, { ...count }]));
      return;
    }
    this.#parents = new Map(dossiers.map(({ subject }) => [subject, subject]));
    this.#numbers = new Map(
      dossiers.map(({ subject, kind }) => [subject, { iin: kind === 'iin' ? 1 : 0, pin: kind === 'pin' ? 1 : 0 }]),
    );
  }

  copy(): Parts {
    return new Parts(this);
  }

  /** A dossier that only a link names, and which holds nothing, has no kind to conflict with. */
  root(subject: string): string {
    let at = subject;
    for (;;) {
      const parent = this.#parents.get(at);
      if (parent === undefined || parent === at) return at;
      at = parent;
    }
  }

  join(a: string, b: string): void {
    const [first, second] = [this.root(a), this.root(b)];
    if (first === second) return;
    const [one, two] = [this.#count(first), this.#count(second)];
    this.#parents.set(first, first);
    this.#parents.set(second, first);
    this.#numbers.set(first, { iin: one.iin + two.iin, pin: one.pin + two.pin });
  }

  wouldConflict(a: string, b: string): boolean {
    const [one, two] = [this.#count(this.root(a)), this.#count(this.root(b))];
    return one.iin + two.iin > 1 || one.pin + two.pin > 1;
  }

  conflicts(subject: string): boolean {
    const { iin, pin } = this.#count(this.root(subject));
    return iin > 1 || pin > 1;
  }

  numbered(root: string): boolean {
    const { iin, pin } = this.#count(root);
    return iin + pin > 0;
  }

  #count(root: string): { iin: number; pin: number } {
    return this.#numbers.get(root) ?? { iin: 0, pin: 0 };
  }
}

/** The dossier of a person's highest-ranking identifier; of two of one kind the lesser reference, which says nothing. */
export function highestRanking(dossiers: readonly Dossier[], person: ReadonlySet<string>): SubjectRef | undefined {
  const rank = (kind: IdentifierKind): number => IDENTIFIER_KINDS.indexOf(kind);
  return dossiers
    .filter((dossier) => person.has(dossier.subject))
    .sort((a, b) => rank(a.kind) - rank(b.kind) || (a.subject < b.subject ? -1 : 1))[0]?.subject;
}
