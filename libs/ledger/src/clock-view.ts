/** The clocks of a person (`wire.md`, `…/clocks`): what is due, met, late. */
import type { Day, Duty, Mark, Rulebook } from '#packs';
import { binds, type Clock, type Progress } from './clock.js';
import { type At, foldAt, type Folded, type Moment, momentOf } from './fold.js';
import { itemsAbout } from './lineage.js';
import { idsOf, type Item } from './item.js';
import { isReference } from './names.js';
import type { PersonRecord } from './record.js';
import { compare, type Resolvers, shownId, shownIds, type Writable } from './shown.js';

export interface ClockRow {
  readonly duty: Duty;
  /** All in one state. */
  readonly items?: readonly string[];
  readonly recipient?: string;
  /** An event's id, or `minimum-reached`, `consent-expired`, `relation-ended`. */
  readonly trigger: string;
  readonly on: Day;
  /** The last day; null where no term is known. */
  readonly due: Day | null;
  /** As the pack writes it. */
  readonly term: string;
  readonly clause: string;
  readonly pack: string;
  readonly mark: Mark;
  readonly binds: boolean;
  readonly provisional: boolean;
  readonly state: 'running' | 'met' | 'late' | 'extended' | 'paused' | 'superseded';
  readonly metOn?: Day;
}

/** In order of the trigger's day, then duty, then what tells them apart. */
export function clocks(
  record: PersonRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly ClockRow[] {
  const moment = momentOf(record, rulebook, at);
  return clocksOf(record, foldAt(record, moment, at), moment, resolvers);
}

/** The same of somebody who is folded. */
export function clocksOf(
  record: PersonRecord,
  folded: Folded,
  moment: Moment,
  resolvers: Resolvers,
): readonly ClockRow[] {
  const rows: ClockRow[] = [];
  for (const clock of folded.person.clocks.all) {
    // What a contact person asks of an item about them is theirs alone to see.
    if (clock.cause.kind === 'event' && clock.cause.byContact) continue;
    for (const row of rowsOf(folded, clock, undefined, resolvers)) rows.push(row);
  }
  for (const { folded: client, item } of itemsAbout(record, folded, moment)) {
    for (const clock of client.person.clocks.all) {
      if (!clock.items?.has(item.key)) continue;
      const isOwn = clock.cause.kind === 'event' && clock.cause.byContact;
      if (isOwn || clock.duty === 'destroy' || clock.duty === 'destroy-blocked') {
        rows.push(...rowsOf(client, clock, item, resolvers));
      }
    }
  }
  return inOrder(rows);
}

export function inOrder(rows: ClockRow[]): readonly ClockRow[] {
  return rows.sort(
    (a, b) =>
      compare(a.on, b.on) ||
      compare(a.duty, b.duty) ||
      compare(a.recipient ?? '', b.recipient ?? '') ||
      compare(a.due ?? '~', b.due ?? '~') ||
      compare(`${a.clause} ${a.pack} ${a.items?.join(' ')}`, `${b.clause} ${b.pack} ${b.items?.join(' ')}`) ||
      compare(withoutEvent(a), withoutEvent(b)) ||
      // What nothing else tells apart stands in some order that is always the same.
      compare(a.trigger, b.trigger),
  );
}

/** Ids of events are random: they put nothing in order. */
function withoutEvent(row: ClockRow): string {
  return JSON.stringify({ ...row, trigger: isReference(row.trigger) ? '' : row.trigger });
}

/** One row for each state in which items of the clock are; `only` is a client's item, shown to whom it is about. */
export function rowsOf(
  folded: Folded,
  clock: Clock,
  only: Item | undefined,
  resolvers: Resolvers,
): readonly ClockRow[] {
  if (clock.items === undefined) {
    const { whole } = clock;
    const group = {
      progress: whole,
      state: stateOf(folded, clock, whole, undefined),
      isBinding: binds(clock, undefined),
    };
    return [rowOf(clock, { ...group, items: undefined }, resolvers, false)];
  }
  const groups: Group[] = [];
  for (const progress of clock.items.values()) {
    const { item } = progress;
    if (item === undefined || (only !== undefined && item !== only)) continue;
    const state = stateOf(folded, clock, progress, item);
    const isBinding = binds(clock, item.key);
    const known = alike(groups, progress, state, isBinding);
    if (known === undefined) groups.push({ progress, state, isBinding, items: [item] });
    else known.items?.push(item);
  }
  return groups.map((group) => rowOf(clock, group, resolvers, only !== undefined));
}

/** Items of one clock that stand alike; of one without items, the whole. */
interface Group {
  readonly progress: Progress;
  readonly state: ClockRow['state'];
  readonly isBinding: boolean;
  readonly items: Item[] | undefined;
}

function alike(
  groups: readonly Group[],
  { due, provisional, metOn, extended }: Progress,
  state: ClockRow['state'],
  isBinding: boolean,
): Group | undefined {
  for (const group of groups) {
    const { progress } = group;
    if (group.state !== state || group.isBinding !== isBinding) continue;
    if (progress.due !== due || progress.provisional !== provisional) continue;
    if (progress.metOn === metOn && progress.extended === extended) return group;
  }
  return undefined;
}

function rowOf(clock: Clock, group: Group, resolvers: Resolvers, masked: boolean): ClockRow {
  const { duty, deadline, cause, on, recipient } = clock;
  const { clause, pack, mark } = deadline.cite;
  const { progress, state, isBinding, items } = group;
  // Field by field, in the order in which an answer shows them: to spread what may be absent takes ten times as long.
  const row: Partial<Writable<ClockRow>> = { duty };
  if (items !== undefined) row.items = shownIds(idsOf(items), resolvers);
  if (recipient !== undefined) row.recipient = shownId(recipient, resolvers);
  row.trigger = cause.kind === 'passing' ? cause.word : masked && !cause.byContact ? 'relation-ended' : cause.event;
  row.on = on;
  row.due = progress.due;
  row.term = deadline.termText;
  row.clause = clause;
  row.pack = pack;
  row.mark = mark;
  row.binds = isBinding;
  row.provisional = progress.provisional;
  row.state = state;
  if (progress.metOn !== undefined) row.metOn = progress.metOn;
  return row as ClockRow;
}

/** Late from the day after `due`; what was met after it is met. A hold pauses only destruction. */
function stateOf({ person, day }: Folded, clock: Clock, progress: Progress, item: Item | undefined): ClockRow['state'] {
  if (progress.state !== 'running') return progress.state;
  if (clock.duty === 'destroy' && item !== undefined && person.isHeld(item, day)) return 'paused';
  if (progress.due !== null && progress.due < day) return 'late';
  return progress.extended ? 'extended' : 'running';
}
