/** Requests of a person and what is answered to each (`wire.md`, `…/requests`, `…/requests/{id}/answer`). */
import type { Day, Rulebook } from '#packs';
import { binds } from './clock.js';
import { type At, foldAt, momentOf } from './fold.js';
import type { Item } from './item.js';
import type { Person } from './person.js';
import type { PersonRecord } from './record.js';
import { type Defect, judgeForm, type ToCheck } from './request-form.js';
import type { Request } from './request.js';
import { untilOf } from './retention.js';
import { compare, type Resolvers, shownId } from './shown.js';

export type RequestOutcome = 'open' | 'answered' | 'refused' | 'answered-in-part';

export interface RequestRow {
  /** Depter's reference, by which commands name it. */
  readonly id: string;
  /** The emitter's own number, to those entitled; else the reference. */
  readonly request: string;
  readonly right: Request['right'];
  readonly on: Day;
  readonly state: RequestOutcome;
  /** The last day for the answer, where a pack gives it a term. */
  readonly due?: Day;
  /** To whom it was complained about, and what was concluded or ordered on it, by day; absent where nothing. */
  readonly complaints?: readonly { readonly on: Day; readonly to: string }[];
  readonly orders?: readonly { readonly on: Day; readonly by: string; readonly what: string }[];
  /** What of its form law or policy wants otherwise; absent where nothing. */
  readonly defects?: readonly Defect[];
  /** What else is wanted of it, which only a reader of the request can say; absent where nothing. */
  readonly toCheck?: readonly ToCheck[];
}

/** In order of day, then id. */
export function requests(
  record: PersonRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly RequestRow[] {
  const { person } = foldAt(record, momentOf(record, rulebook, at), at);
  return [...person.requests.values()]
    .map((request) => {
      const { reference, right, on } = request;
      const last = dueOf(person, reference);
      const { defects, toCheck } = judgeForm(request, rulebook, on);
      const told = resolvers.texts?.(reference) ?? reference;
      const complaints = byDay(request.complaints.map(({ on: day, to }) => ({ on: day, to: shownId(to, resolvers) })));
      const orders = byDay(
        request.orders.map(({ on: day, by, what }) => ({
          on: day,
          by: shownId(by, resolvers),
          what,
        })),
      );
      return {
        id: reference,
        request: told,
        right,
        on,
        state: outcomeOf(request),
        ...(last === undefined ? {} : { due: last }),
        ...(complaints.length === 0 ? {} : { complaints }),
        ...(orders.length === 0 ? {} : { orders }),
        ...(defects.length === 0 ? {} : { defects }),
        ...(toCheck.length === 0 ? {} : { toCheck }),
      };
    })
    .sort((a, b) => compare(a.on, b.on) || compare(a.request, b.request));
}

function byDay<Row extends { readonly on: Day }>(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => compare(a.on, b.on) || compare(JSON.stringify(a), JSON.stringify(b)));
}

export interface AnswerRow {
  readonly request: string;
  /** What law wants the answer to say, by the day on which it was asked. */
  readonly elements: readonly string[];
  readonly fee: 'none' | 'medium-only';
  readonly outcome: RequestOutcome;
  /** The last day through which what is refused is kept, where it has one. */
  readonly until?: Day;
}

/** The answer to one request, by Depter's reference; undefined where the person has none of it. */
export function answer(
  record: PersonRecord,
  rulebook: Rulebook,
  id: string,
  at: At,
  resolvers: Resolvers = {},
): AnswerRow | undefined {
  const { person, day } = foldAt(record, momentOf(record, rulebook, at), at);
  const request = person.requests.get(id);
  if (request === undefined) return undefined;
  const { answer: rules } = rulebook.rules(request.on);
  const until = refusedUntil(person, request, day);
  return {
    request: resolvers.texts?.(id) ?? id,
    elements: rules.elements.map((element) => element.id),
    // Only a medium may be charged for, and only where one is asked for.
    fee: rules.mediumFee !== undefined && request.medium === 'paper' ? 'medium-only' : 'none',
    outcome: outcomeOf(request),
    ...(until === undefined ? {} : { until }),
  };
}

/** A refusal of some items refuses that part of an access only, which still awaits its answer. */
function outcomeOf({ right, answered, refusals }: Request): RequestOutcome {
  if (refusals.length === 0) return answered === undefined ? 'open' : 'answered';
  if (answered !== undefined) return 'answered-in-part';
  const isPart = right === 'access' && refusals.every(({ items }) => items !== undefined);
  return isPart ? 'open' : 'refused';
}

function dueOf(person: Person, reference: string): Day | undefined {
  const answers = person.clocks.all.filter(
    (clock) => clock.request === reference && clock.duty.startsWith('answer-') && binds(clock, undefined),
  );
  return answers.flatMap(({ whole }) => whole.due ?? []).sort()[0];
}

/** What keeps the refused items longest, if each has a last day. */
function refusedUntil(person: Person, { refusals, items: asked }: Request, on: Day): Day | undefined {
  const refused = new Set<Item>();
  for (const { items } of refusals) for (const item of items ?? asked ?? person.all) refused.add(item);
  let last: Day | undefined;
  for (const item of refused) {
    const until = untilOf(person, item, on);
    if (until.kind === 'gone') continue;
    if (until.kind !== 'date') return undefined;
    if (last === undefined || until.date > last) last = until.date;
  }
  return last;
}
