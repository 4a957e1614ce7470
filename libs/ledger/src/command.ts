/**
 * What Depter is asked to do itself is decided here, and may be refused with a code and a clause (`wire.md`, Commands;
 * `rules.md` 5). A fact is never refused for any of this.
 */
import { type Citation, type Day, due, type Rulebook } from '#packs';
import { type At, foldAt, momentOf } from './fold.js';
import type { Item } from './item.js';
import { itemsOfFact, keepersOf } from './judge.js';
import { itemsAbout } from './lineage.js';
import type { Person } from './person.js';
import type { PersonRecord } from './record.js';
import type { ActionName, EventOf } from './stored.js';

type Right = EventOf<'requested'>['data']['right'];
type Named = readonly string[];

/** The own fields of the action of that name; a request is named by Depter's reference. */
export type Command =
  | {
      readonly name: 'request';
      readonly request: string;
      readonly right: Right;
      readonly channel: string;
      readonly items?: Named;
      readonly medium?: 'electronic' | 'paper';
      readonly 'by-representative'?: boolean;
    }
  | { readonly name: 'answer'; readonly request: string; readonly medium?: 'electronic' | 'paper' }
  | {
      readonly name: 'refuse';
      readonly request: string;
      /** Absent or null: a refusal without a ground. */
      readonly ground?: string | null;
      readonly items?: Named;
      readonly purposes?: Named;
    }
  | { readonly name: 'extend'; readonly request: string; readonly until: Day; readonly reason: string }
  | {
      readonly name: 'block';
      readonly items: Named | 'all';
      readonly cause: string;
      readonly until?: Day;
      readonly request?: string;
    }
  | { readonly name: 'unblock'; readonly items: Named; readonly request?: string }
  | { readonly name: 'hold'; readonly authority: string; readonly until?: Day; readonly items?: Named }
  | { readonly name: 'release'; readonly authority?: string }
  | { readonly name: 'stop'; readonly purposes: Named | 'all'; readonly items?: Named; readonly request?: string }
  | { readonly name: 'destroy'; readonly items: Named | 'all'; readonly method: string; readonly request?: string }
  | { readonly name: 'depersonalise'; readonly items: Named | 'all'; readonly request?: string };

export const COMMAND_REFUSALS = ['ground-required', 'ground-not-met', 'kept-by-law', 'not-allowed'] as const;
export type CommandRefusal = (typeof COMMAND_REFUSALS)[number];

/** An action that follows, as an emitter would send it, but for its person, time and id. */
export interface Draft {
  readonly name: ActionName;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Outcome =
  | { readonly kind: 'accepted'; readonly drafts: readonly Draft[] }
  /** `clause` and `pack` are null where no pack says it; `items` are those that the refusal is about. */
  | {
      readonly kind: 'refused';
      readonly code: CommandRefusal;
      readonly clause: string | null;
      readonly pack: string | null;
      readonly items: readonly string[];
    }
  /** There is no such request of this person. */
  | { readonly kind: 'unknown-request' };

/** The action that a command becomes. */
export const ACTION_OF = {
  request: 'requested',
  answer: 'answered',
  refuse: 'refused',
  extend: 'extended',
  block: 'blocked',
  unblock: 'unblocked',
  hold: 'held',
  release: 'released',
  stop: 'stopped',
  destroy: 'destroyed',
  depersonalise: 'depersonalised',
} as const satisfies Record<Command['name'], ActionName>;

/** Decides on the fold of all the person's linked dossiers to the end of a day, or to an instant. */
export function decideCommand(record: PersonRecord, rulebook: Rulebook, command: Command, asOf: string): Outcome {
  const at: At = { asOf, asKnown: undefined };
  const moment = momentOf(record, rulebook, at);
  const folded = foldAt(record, moment, at);
  const { person } = folded;
  const refusal = isEnding(command)
    ? againstEnding(person, command, itemsAbout(record, folded, moment), moment.day)
    : against(person, command, moment.day);
  return refusal ?? { kind: 'accepted', drafts: [draftOf(command)] };
}

function draftOf(command: Command): Draft {
  const { name, ...data } = command;
  return {
    name: ACTION_OF[name],
    data: Object.fromEntries(Object.entries(data).filter(([, one]) => one !== undefined)),
  };
}

type Ending = Extract<Command, { readonly name: 'destroy' | 'depersonalise' }>;

function isEnding(command: Command): command is Ending {
  return command.name === 'destroy' || command.name === 'depersonalise';
}

function against(person: Person, command: Exclude<Command, Ending>, on: Day): Outcome | undefined {
  switch (command.name) {
    case 'refuse':
      return againstRefusal(person, command, on);
    case 'extend':
      return againstExtension(person, command, on);
    case 'answer':
      return person.requests.has(command.request) ? undefined : { kind: 'unknown-request' };
    case 'request':
    case 'block':
    case 'unblock':
    case 'hold':
    case 'release':
    case 'stop':
      return undefined;
  }
}

function refuse(code: CommandRefusal, cite: Citation | undefined, items: readonly Item[] = []): Outcome {
  const names = [...new Set(items.map(({ item }) => item))].sort();
  return { kind: 'refused', code, clause: cite?.clause ?? null, pack: cite?.pack ?? null, items: names };
}

function named(person: Person, items: Named | 'all'): readonly Item[] {
  const found = items === 'all' ? person.all : itemsOfFact(person, { items });
  return found.filter((item) => item.fate === null);
}

// ---- refusing a request --------------------------------------------------------------------------------------------

function againstRefusal(
  person: Person,
  { request: reference, ground: id, items }: Command & { readonly name: 'refuse' },
  on: Day,
): Outcome | undefined {
  const request = person.requests.get(reference);
  if (request === undefined) return { kind: 'unknown-request' };
  const { rulebook } = person.rules;
  const { refusal } = rulebook.rules(on);
  // A ground that no pack in force lists is none.
  const ground = rulebook.grounds(on).find((one) => one.id === id);
  if (ground === undefined) return refuse('ground-required', refusal?.closed ?? refusal?.cite);
  const asked = items === undefined ? (request.items ?? person.all) : named(person, items);
  const fails = unmet(person, ground.condition, asked, items !== undefined, on);
  return fails === undefined ? undefined : refuse('ground-not-met', ground.cite, fails);
}

/** The items for which the ground's condition does not hold; undefined where it is met. */
function unmet(
  person: Person,
  condition: 'obligation-open' | 'kept-by-law' | 'rights-of-others' | undefined,
  items: readonly Item[],
  isPart: boolean,
  on: Day,
): readonly Item[] | undefined {
  switch (condition) {
    case undefined:
      return undefined;
    case 'obligation-open':
      return person.contracts.anyOpen('all') ? undefined : [];
    case 'kept-by-law':
      return without(items, isPart, (item) => keepersOf(person, item, on).length > 0);
    case 'rights-of-others':
      return without(items, isPart, (item) => isAboutOther(person, item, on));
  }
}

/** Of items that a refusal names each must be touched; of a whole request one is enough. */
function without(
  items: readonly Item[],
  isPart: boolean,
  touched: (item: Item) => boolean,
): readonly Item[] | undefined {
  const untouched = items.filter((item) => !touched(item));
  return (isPart ? items.length > 0 && untouched.length === 0 : untouched.length < items.length)
    ? undefined
    : untouched;
}

function isAboutOther(person: Person, item: Item, on: Day): boolean {
  return item.about !== null || person.rules.rulebook.item(item.item, on)?.describes === 'other';
}

// ---- putting off ---------------------------------------------------------------------------------------------------

/** Only where the pack knows an extension of the duty, within its term, and before the answer was due. */
function againstExtension(
  person: Person,
  { request: reference, until }: Command & { readonly name: 'extend' },
  on: Day,
): Outcome | undefined {
  const request = person.requests.get(reference);
  if (request === undefined) return { kind: 'unknown-request' };
  const { rulebook, calendar } = person.rules;
  const { extensions } = rulebook.rules(on);
  const running = person.clocks
    .running()
    .filter(
      (clock) => clock.request === reference && clock.duty.startsWith('answer-') && clock.whole.state === 'running',
    );
  for (const { duty, whole } of running) {
    const extension = extensions.find((one) => one.duty === duty);
    if (extension === undefined || whole.due === null || whole.due < on) continue;
    const last = due(calendar, whole.due, extension.term).due;
    return last !== null && until <= last ? undefined : refuse('not-allowed', extension.cite);
  }
  return refuse('not-allowed', running[0]?.deadline.cite);
}

// ---- destroying and depersonalising --------------------------------------------------------------------------------

/** Items of clients that are about the person, each in the client's own fold. */
type ItemsAbout = ReturnType<typeof itemsAbout>;

function againstEnding(person: Person, command: Ending, about: ItemsAbout, on: Day): Outcome | undefined {
  const { items } = command;
  const barred = command.name === 'depersonalise' ? againstDepersonalising(person, items, on) : undefined;
  return barred ?? keptByLaw(person, items, about, on);
}

/**
 * All is refused, and the items that are kept are named. What is held about somebody in a client's dossier is kept by what
 * keeps it there.
 */
function keptByLaw(person: Person, items: Named | 'all', about: ItemsAbout, on: Day): Outcome | undefined {
  const theirs = about
    .filter(({ item }) => item.fate === null && (items === 'all' || items.includes(item.item)))
    .map(({ folded, item }) => ({ item, by: keepersOf(folded.person, item, on) }));
  const own = named(person, items).map((item) => ({ item, by: keepersOf(person, item, on) }));
  const kept = [...own, ...theirs].filter(({ by }) => by.length > 0);
  if (kept.length === 0) return undefined;
  const cite = kept.flatMap(({ by }) => by).find((one) => one !== undefined);
  return refuse(
    'kept-by-law',
    cite,
    kept.map(({ item }) => item),
  );
}

/** Keeping what nobody can be known by is over with a demand or a withdrawal, where the pack says so. */
function againstDepersonalising(person: Person, items: Named | 'all', on: Day): Outcome | undefined {
  const rule = person.rules.rulebook.rules(on).anonymised;
  if (rule === undefined) return undefined;
  const isAfter = ({ key }: Item): boolean =>
    (rule.notAfter.includes('consent.withdrawn') && person.withdrawn.has(key)) ||
    (rule.notAfter.includes('destruction.requested') && person.demanded.has(key));
  const barred = named(person, items).filter(isAfter);
  return barred.length > 0 ? refuse('not-allowed', rule.cite, barred) : undefined;
}
