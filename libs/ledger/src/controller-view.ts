/** Recipients, staff, register and editions of a controller (`wire.md`, Answers). */
import type { Day, EditionChange, Rulebook } from '#packs';
import { type ControllerRecord, mattersOf } from './controller.js';
import type { At } from './fold.js';
import { compare, type Resolvers, shownId } from './shown.js';
import { ENTRY_FIELDS } from './stored.js';
import { give, givenOn, lastDayOfAll, type Undertakings } from './undertaking.js';

export interface RecipientRow {
  readonly recipient: string;
  /** Null where no pack lists it. */
  readonly role: string | null;
  readonly country: string | null;
  /** The contract or paper by which it undertook, to those entitled. */
  readonly contract?: string;
  /** What it undertook and is still bound by on the day. */
  readonly undertakings: readonly string[];
  /** What law and policy want it to undertake first. */
  readonly needs: readonly string[];
  /** The last day on which all that it undertook holds; absent where none of it ends. */
  readonly validUntil?: Day;
  /** Orders that it was told and has not confirmed. */
  readonly outstanding: number;
}

/**
 * Whoever the packs in force on the day list, and whoever undertook something. `outstanding` says how many orders each
 * recipient has not confirmed, which only a projection over all persons knows.
 */
export function recipients(
  record: ControllerRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
  outstanding: ReadonlyMap<string, number> = new Map(),
): readonly RecipientRow[] {
  const { day, events } = mattersOf(record, rulebook, at);
  const given = new Map<string, { readonly what: Undertakings; contract: string | undefined }>();
  for (const { event } of events) {
    if (event.type !== 'undertook' || event.data.recipient === undefined) continue;
    const { recipient, contract } = event.data;
    const known = given.get(recipient) ?? { what: new Map<string, Day>(), contract: undefined };
    give(known.what, event.data);
    const paper = event.data.document === undefined ? undefined : resolvers.sealed?.(event.id, 'document');
    known.contract = (contract === undefined ? paper : resolvers.texts?.(contract)) ?? known.contract;
    given.set(recipient, known);
  }
  const listed = rulebook.all('organisation').filter((id) => rulebook.lists('organisation', id, day));
  return [...new Set([...listed, ...given.keys()])]
    .map((id) => {
      const known = rulebook.organisation(id, day);
      const { what = new Map<string, Day>(), contract } = given.get(id) ?? {};
      const validUntil = lastDayOfAll(what);
      return {
        recipient: shownId(id, resolvers),
        role: known?.role ?? null,
        country: known?.country ?? null,
        ...(contract === undefined ? {} : { contract }),
        undertakings: givenOn(what, day)
          .map((one) => shownId(one, resolvers))
          .sort(),
        needs: [...(known?.needs ?? [])].sort(),
        ...(validUntil === undefined ? {} : { validUntil }),
        outstanding: outstanding.get(id) ?? 0,
      };
    })
    .sort((a, b) => compare(a.recipient, b.recipient));
}

export interface StaffRow {
  /** As the emitter calls them, to those entitled; else the reference. */
  readonly staff: string;
  readonly access: readonly string[];
  /** The day on which the last access ended. */
  readonly ended?: Day;
  readonly undertakings: readonly string[];
  /**
   * How long the duty lasts after access ended: `regime-ends` where the law says so, else the last day of what was
   * undertaken, where it has one.
   */
  readonly until?: string;
}

export function staff(
  record: ControllerRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly StaffRow[] {
  const { day, events } = mattersOf(record, rulebook, at);
  const members = new Map<string, { access: Set<string>; ended: Day | undefined; undertakings: Undertakings }>();
  const member = (reference: string) => {
    let known = members.get(reference);
    if (known === undefined) {
      known = { access: new Set(), ended: undefined, undertakings: new Map() };
      members.set(reference, known);
    }
    return known;
  };
  for (const { event, day: on } of events) {
    if (event.type === 'undertook' && event.data.staff !== undefined) {
      give(member(event.data.staff).undertakings, event.data);
    } else if (event.type === 'granted') {
      const one = member(event.data.staff);
      for (const scope of event.data.scope) one.access.add(scope);
      one.ended = undefined;
    } else if (event.type === 'revoked') {
      const one = member(event.data.staff);
      for (const scope of event.data.scope) one.access.delete(scope);
      if (one.access.size === 0) one.ended ??= on;
    }
  }
  const lastOf = (given: Undertakings): string | undefined => {
    const rules = rulebook.rules(day).staff.filter(({ undertakings }) => undertakings.some((one) => given.has(one)));
    if (rules.some(({ until }) => until === 'for-ever')) return undefined;
    return rules.length > 0 ? 'regime-ends' : lastDayOfAll(given);
  };
  const name = (id: string): string => resolvers.texts?.(id) ?? id;
  return [...members]
    .map(([reference, { access, ended, undertakings }]) => {
      const until = ended === undefined ? undefined : lastOf(undertakings);
      return {
        staff: name(reference),
        access: [...access].map((id) => shownId(id, resolvers)).sort(),
        ...(ended === undefined ? {} : { ended }),
        undertakings: [...undertakings.keys()].map((id) => shownId(id, resolvers)).sort(),
        ...(until === undefined ? {} : { until }),
      };
    })
    .sort((a, b) => compare(a.staff, b.staff));
}

export interface RegisterRow {
  /** Counted from 1. */
  readonly version: number;
  readonly on: Day;
  readonly fields: readonly string[];
  /** The texts, to those entitled. */
  readonly entry: Readonly<Record<string, string>>;
  /** What else the law of its day wants of an entry, which only its reader can say; absent where nothing. */
  readonly toCheck?: readonly RegisterToCheck[];
}

interface RegisterToCheck {
  /** That the authority agreed the list of data; that the measures are those of the array's security level. */
  readonly want: 'agreed-list' | 'security-level';
  readonly clause: string;
  readonly pack: string;
}

/** Every version of the entry, in order. */
export function register(
  record: ControllerRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly RegisterRow[] {
  const { events } = mattersOf(record, rulebook, at);
  return events
    .filter(({ event }) => event.type === 'registered')
    .map(({ event, day }, index) => {
      const texts = ENTRY_FIELDS.map((field) => [field, resolvers.sealed?.(event.id, `entry.${field}`)] as const);
      const known = texts.filter((one): one is [(typeof ENTRY_FIELDS)[number], string] => one[1] !== undefined);
      const toCheck = registerToCheck(rulebook, day);
      return {
        version: index + 1,
        on: day,
        fields: [...ENTRY_FIELDS],
        entry: Object.fromEntries(known),
        ...(toCheck.length === 0 ? {} : { toCheck }),
      };
    });
}

function registerToCheck(rulebook: Rulebook, on: Day): readonly RegisterToCheck[] {
  const rules = rulebook.rules(on).register;
  return [['agreed-list', rules?.agreedList] as const, ['security-level', rules?.securityLevels] as const].flatMap(
    ([want, cite]) => (cite === undefined ? [] : [{ want, clause: cite.clause, pack: cite.pack }]),
  );
}

export interface PackRow {
  readonly pack: string;
  readonly edition: string;
  /** Null where it bears no date: the policy has always been in force, the law's edition is the oldest that was read. */
  readonly from: Day | null;
  readonly to?: Day;
  /** SHA-256, hex: of a policy its authoritative text; of a law or a calendar, whose text is not kept, what the pack says. */
  readonly hash: string | null;
  /** Of a law: the clause by which the policy in force that day cites it. */
  readonly cited?: string;
  /** Of a policy: whether each person is told of a change, by what, and which changes need no new consent. */
  readonly change?: {
    readonly notice: 'none' | 'may' | 'must';
    readonly channel?: string;
    readonly consentFree: 'any' | 'better-protection';
    readonly clause: string;
  };
}

/** The editions of the policy, of its laws and of its calendar that were in force by the day, in order; the policy's first. */
export function packs(rulebook: Rulebook, day: Day): readonly PackRow[] {
  const laws = rulebook
    .lawEditions()
    .filter(({ from }) => from === undefined || from <= day)
    .map(({ pack, edition, from, to, hash }): PackRow => {
      const cited = rulebook.citedIn(pack, day);
      return {
        pack,
        edition,
        from: from ?? null,
        ...(to === undefined ? {} : { to }),
        hash: hash ?? null,
        ...(cited === undefined ? {} : { cited: cited.clause }),
      };
    });
  return [...policies(rulebook, day), ...laws];
}

function policies(rulebook: Rulebook, day: Day): readonly PackRow[] {
  return rulebook
    .all('edition')
    .flatMap((id) => rulebook.editionById(id) ?? [])
    .filter(({ from }) => from === undefined || from <= day)
    .map(({ id, from, to, hash, cite, change }) => ({
      pack: cite.pack,
      edition: id,
      from: from ?? null,
      ...(to === undefined ? {} : { to }),
      hash,
      ...(change === undefined ? {} : { change: changeOf(change) }),
    }))
    .sort((a, b) => compare(a.from ?? '', b.from ?? ''));
}

function changeOf({ notice, channel, consentFree, cite }: EditionChange): NonNullable<PackRow['change']> {
  return { notice, ...(channel === undefined ? {} : { channel }), consentFree, clause: cite.clause };
}
