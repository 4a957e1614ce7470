/** The controller's own matters: its duties, what is wrong with them, its recipients, staff, register and editions. */
import { addDays, type Day, type Rulebook } from '#packs';
import { causeOf } from './act.js';
import { type ClockRow, inOrder as clocksInOrder, rowsOf } from './clock-view.js';
import { applies, meetWhole, OF_CONTROLLER, type Occasion, start } from './clock.js';
import { correctedIds } from './corrections.js';
import { type At, type Folded, type Moment, momentOf } from './fold.js';
import { type FindingRow, inOrder as findingsInOrder } from './finding.js';
import { knownBefore, readAsListed } from './known.js';
import { passTo } from './passing.js';
import { inOrder, place, type Placed } from './order.js';
import { Person } from './person.js';
import type { PersonRecord, Recorded } from './record.js';
import type { Resolvers } from './shown.js';
import type { EventOf } from './stored.js';
import { give, givenOn, isGiven, type Undertakings } from './undertaking.js';
import { unlisted } from './unlisted.js';

/** What is read from a store to answer for the controller itself. */
export interface ControllerRecord {
  /** Its own events, those without a person, by position. */
  readonly controller: readonly Recorded[];
  /** Corrections of them, in whatever dossier they lie. */
  readonly corrections?: readonly Recorded[];
  /** References whose text a loaded pack lists by now: they are read as that id. */
  readonly listed: ReadonlyMap<string, string>;
}

/** Its events that are known and count by a day, in order; they count by their day alone. */
export interface Matters {
  readonly moment: Moment;
  readonly day: Day;
  readonly events: readonly Placed[];
}

export function mattersOf(record: ControllerRecord, rulebook: Rulebook, at: At): Matters {
  const known = asPerson(record);
  const moment = momentOf(known, rulebook, at);
  const before = knownBefore(known, at.asKnown);
  const right = (recorded: readonly Recorded[]): readonly Recorded[] =>
    recorded
      .filter(({ position }) => position < before)
      .map((one) => ({ ...one, event: readAsListed(one.event, record.listed) }));
  const own = right(record.controller);
  const corrections = right(record.corrections ?? []);
  const wrong = correctedIds([own, corrections], new Map());
  const placed = own.flatMap(({ event, position }) => {
    const one = wrong.has(event.id) ? undefined : place(event, position, rulebook.zone, true);
    return one !== undefined && one.day <= moment.day ? [one] : [];
  });
  return { moment, day: moment.day, events: inOrder(placed, new Set()) };
}

/** A person without dossiers: moments and clocks are asked of it. */
function asPerson({ controller, corrections = [], listed }: ControllerRecord): PersonRecord {
  const none = { dossiers: [], about: [], clients: [], contacts: [] };
  const nobody = { subject: '' as PersonRecord['subject'], firsts: new Map<string, string>(), ...none };
  return { ...nobody, corrections, controller, listed };
}

// ---- clocks --------------------------------------------------------------------------------------------------------

/** The controller's duties: reports and measures of a breach, changes of the register, answers to authorities. */
export function controllerClocks(
  record: ControllerRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly ClockRow[] {
  const { moment, day, events } = mattersOf(record, rulebook, at);
  const person = new Person(moment.rules);
  for (const placed of events) {
    passTo(person, placed.day);
    evolve(person, placed);
  }
  passTo(person, addDays(day, 1));
  const folded: Folded = { person, day, events, links: { person: new Set(), conflicts: [] }, itemsAbout: undefined };
  return clocksInOrder(person.clocks.all.flatMap((clock) => rowsOf(folded, clock, undefined, resolvers)));
}

function evolve(person: Person, { event, day }: Placed): void {
  const cause = causeOf(event);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest starts and meets no duty of its own
  switch (event.type) {
    case 'breached': {
      const { breach, cause: reason, found } = event.data;
      return begin(person, 'breach.found', { cause, on: found, reason, request: breach, items: {} });
    }
    case 'breach-reported':
      return meetWhole(
        person,
        ({ duty, request }) =>
          duty === 'report-breach' && (event.data.breach === undefined || event.data.breach === request),
        day,
      );
    case 'measured':
      return meetWhole(person, ({ duty, request }) => duty === 'measures-breach' && event.data.breach === request, day);
    case 'asked':
      return begin(person, 'authority.asked', { cause, on: day, request: event.data.request, items: {} });
    case 'answered-authority':
      return meetWhole(
        person,
        ({ duty, request }) => duty === 'answer-authority' && event.data.request === request,
        day,
      );
    case 'undertook':
      return engaged(person, event, day);
    case 'registered': {
      person.register = event.data.named;
      return meetWhole(
        person,
        ({ duty, recipient }) =>
          duty === 'register-change' && recipient !== undefined && isRegistered(person, recipient, day),
        day,
      );
    }
    default:
  }
}

function begin(person: Person, trigger: Parameters<Rulebook['deadlines']>[0], occasion: Occasion, to?: string): void {
  for (const deadline of person.rules.rulebook.deadlines(trigger, occasion.on)) {
    if (!OF_CONTROLLER.has(deadline.duty) || !applies(person, deadline, occasion)) continue;
    start(person, deadline, occasion, occasion.on, to === undefined ? undefined : { recipient: to });
  }
}

/** A recipient that the register does not name yet. */
function engaged(person: Person, event: EventOf<'undertook'>, on: Day): void {
  const { recipient } = event.data;
  if (recipient === undefined || isRegistered(person, recipient, on)) return;
  const { role, category } = person.rules.rulebook.organisation(recipient, on) ?? {};
  const occasion = { cause: causeOf(event), on, recipient, role, category, items: {} };
  begin(person, 'recipient.engaged', occasion, recipient);
}

/** Named among the recipients, and one abroad in `cross-border` too. */
function isRegistered({ register, rules: { rulebook } }: Person, recipient: string, on: Day): boolean {
  const country = rulebook.organisation(recipient, on)?.country ?? rulebook.country;
  if (!register.recipients.includes(recipient)) return false;
  return country === rulebook.country || register['cross-border'].includes(recipient);
}

// ---- findings ------------------------------------------------------------------------------------------------------

/** `stale-law`, `access-without-undertaking`, an authority answered late, and what the controller's own acts name. */
export function controllerFindings(
  record: ControllerRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly FindingRow[] {
  const { day, events } = mattersOf(record, rulebook, at);
  return findingsInOrder([
    ...staleLaws(rulebook, day),
    ...lateAnswers(controllerClocks(record, rulebook, at)),
    ...withoutUndertaking(rulebook, events),
    ...events.flatMap((placed) => unlisted(placed, rulebook, day, resolvers)),
  ]);
}

/** One that a later edition no longer cites is closed from that edition's first day. */
function staleLaws(rulebook: Rulebook, day: Day): readonly FindingRow[] {
  return rulebook
    .staleLaws()
    .filter(({ on }) => on <= day)
    .map(({ on, to, cite: { clause, pack } }) => {
      const closed = to === undefined || to >= day ? undefined : addDays(to, 1);
      const state =
        closed === undefined ? ({ state: 'open' } as const) : ({ state: 'closed', closedOn: closed } as const);
      return { code: 'stale-law', on, items: [], clause, pack, ...state };
    });
}

function lateAnswers(rows: readonly ClockRow[]): readonly FindingRow[] {
  return rows.flatMap((row): FindingRow[] => {
    const { duty, due, metOn, state, clause, pack } = row;
    const isLate = state === 'late' || (metOn !== undefined && due !== null && metOn > due);
    if (duty !== 'answer-authority' || due === null || !isLate || !row.binds) return [];
    const closed = metOn === undefined ? ({ state: 'open' } as const) : ({ state: 'closed', closedOn: metOn } as const);
    return [{ code: 'answer-late', on: addDays(due, 1), items: [], clause, pack, ...closed }];
  });
}

/** Access given before the undertaking; closed when it is given, or the access ends. */
function withoutUndertaking(rulebook: Rulebook, events: readonly Placed[]): readonly FindingRow[] {
  const given = new Map<string, Undertakings>();
  const open: { staff: string; scope: Set<string>; missing: Set<string>; row: FindingRow }[] = [];
  const close = (entry: (typeof open)[number], on: Day): void => {
    if (entry.row.state === 'open') entry.row = { ...entry.row, state: 'closed', closedOn: on };
  };
  // What was undertaken on the day of the access came first: of one place nothing is before the other.
  const isAfter = ({ event }: Placed): number => (event.type === 'undertook' ? 0 : 1);
  const ordered = [...events].sort((a, b) => a.place - b.place || isAfter(a) - isAfter(b));
  for (const { event, day } of ordered) {
    if (event.type === 'undertook' && event.data.staff !== undefined) {
      const { staff } = event.data;
      const known: Undertakings = given.get(staff) ?? new Map();
      given.set(staff, known);
      give(known, event.data);
      for (const entry of open.filter((one) => one.staff === staff)) {
        for (const one of givenOn(known, day)) entry.missing.delete(one);
        if (entry.missing.size === 0) close(entry, day);
      }
    } else if (event.type === 'granted') {
      const { staff, scope } = event.data;
      for (const { undertakings, cite } of rulebook.rules(day).staff) {
        const missing = new Set(undertakings.filter((one) => !isGiven(given.get(staff), one, day)));
        if (missing.size === 0) continue;
        const { clause, pack } = cite;
        const row = { code: 'access-without-undertaking', on: day, items: [], clause, pack, state: 'open' } as const;
        open.push({ staff, scope: new Set(scope), missing, row });
      }
    } else if (event.type === 'revoked') {
      for (const entry of open.filter((one) => one.staff === event.data.staff)) {
        for (const one of event.data.scope) entry.scope.delete(one);
        if (entry.scope.size === 0) close(entry, day);
      }
    }
  }
  return open.map(({ row }) => row);
}
