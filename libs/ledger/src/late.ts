/** What was due and not done by the end of its day: `kept-past-term`, `answer-late` (`rules.md` 4). */
import { addDays, type Day, DUTIES, type Duty } from '#packs';
import { binds, type Clock, type Progress } from './clock.js';
import { found } from './found.js';
import type { Item } from './item.js';
import type { Person } from './person.js';

const OF_ITEMS: readonly Duty[] = ['destroy', 'destroy-blocked'];
const ANSWERS = DUTIES.filter((duty) => duty.startsWith('answer-'));

export function findLate(person: Person, last: Day): void {
  for (const clock of person.clocks.running(OF_ITEMS)) keptPastTerm(person, clock, last);
  for (const clock of person.clocks.running(ANSWERS)) answerLate(person, clock, last);
}

function isLate({ state, due, told }: Progress, last: Day): boolean {
  return state === 'running' && !told && due !== null && due <= last;
}

/** Items as they stood when the day was over: what a hold paused opens nothing. Rows of one clock with one day are one. */
function keptPastTerm(person: Person, clock: Clock, last: Day): void {
  let byDay: Map<Day, Item[]> | undefined;
  for (const progress of clock.items?.values() ?? []) {
    const { item } = progress;
    if (item === undefined || !isLate(progress, last)) continue;
    const paused = clock.duty === 'destroy' && person.isHeld(item, last);
    if (paused || !binds(clock, item.key)) continue;
    progress.told = true;
    byDay ??= new Map<Day, Item[]>();
    const items = byDay.get(progress.due!);
    if (items === undefined) byDay.set(progress.due!, [item]);
    else items.push(item);
  }
  if (byDay === undefined) return;
  for (const [due, items] of byDay) {
    const { cite } = clock.deadline;
    person.findings.push(
      found({ code: 'kept-past-term', on: addDays(due, 1), items, cite, closing: { kind: 'gone' } }),
    );
  }
}

function answerLate(person: Person, clock: Clock, last: Day): void {
  const progress = clock.whole;
  if (!isLate(progress, last) || !binds(clock, undefined)) return;
  progress.told = true;
  const { cite } = clock.deadline;
  const on = addDays(progress.due!, 1);
  person.findings.push(found({ code: 'answer-late', on, items: [], cite, closing: { kind: 'met', clock } }));
}
