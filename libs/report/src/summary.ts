/** The answer in a few sentences, for whoever reads no further. */
import type { Day } from '#packs';
import type { Breach, ItemRow, ItemState, OrderKind } from './answer.js';
import { HELD, keptWhys } from './cards.js';
import type { Badge, Tone } from './content.js';
import { listed, peopleOf, withinSentence, type Naming } from './naming.js';
import { entry, fill, fillCount } from './words.js';

export function summaryOf(naming: Naming, rows: readonly ItemRow[], breaches: readonly Breach[]): readonly Badge[] {
  return [
    ...holding(naming, rows),
    ...stoppedUses(naming, rows),
    ...sharing(naming, rows),
    ...outstanding(naming, rows),
    ...breaches.map((breach) => breachOf(naming, breach)),
  ];
}

function point(text: string, tone: Tone = 'plain'): Badge {
  return { text, tone };
}

function holding(naming: Naming, rows: readonly ItemRow[]): readonly Badge[] {
  const { words, language } = naming;
  const { summary } = words;
  const of = (state: ItemState): readonly ItemRow[] => rows.filter((row) => row.state === state);
  const count = (state: 'stopped' | 'blocked' | 'destroyed' | 'depersonalised', tone: Tone): readonly Badge[] => {
    const n = of(state).length;
    return n === 0 ? [] : [point(fillCount(language, summary[state], n, {}), tone)];
  };
  const held = rows.filter((row) => HELD.includes(row.state)).length;
  const uses = [...new Set(of('active').flatMap(livePurposes))];
  const kept = of('kept');
  const whys = keptWhys(naming, kept).map((why) => why ?? words.minimum.unknown);
  return [
    point(held === 0 ? summary.holdsNothing : fillCount(language, summary.holds, held, {})),
    ...(held === 0
      ? []
      : uses.length === 0
        ? [point(summary.usesNone)]
        : [point(fill(summary.uses, { purposes: naming.purposes(uses) }))]),
    ...(kept.length === 0 ? [] : [point(fillCount(language, summary.kept, kept.length, { why: listed(whys) }))]),
    ...count('blocked', 'plain'),
    ...count('stopped', 'plain'),
    ...count('destroyed', 'good'),
    ...count('depersonalised', 'good'),
  ];
}

function livePurposes(row: ItemRow): readonly string[] {
  return row.purposes.filter(({ state }) => state === 'active').map(({ purpose }) => purpose);
}

/** What a withdrawal stopped, unless some item still lives by it. */
function stoppedUses(naming: Naming, rows: readonly ItemRow[]): readonly Badge[] {
  const live = new Set(rows.flatMap(livePurposes));
  const byDay = new Map<Day, Set<string>>();
  for (const { purpose, state, since } of rows.flatMap((row) => row.purposes)) {
    if (state !== 'stopped' || typeof since !== 'string' || live.has(purpose)) continue;
    byDay.set(since, (byDay.get(since) ?? new Set()).add(purpose));
  }
  return [...byDay].map(([day, purposes]) =>
    point(
      fill(naming.words.summary.notUsed, { day: naming.day(day), purposes: naming.purposes([...purposes]) }),
      'good',
    ),
  );
}

function sharing(naming: Naming, rows: readonly ItemRow[]): readonly Badge[] {
  const { words, language } = naming;
  const { summary } = words;
  const shared = rows.flatMap((row) => row.shared);
  shared.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  if (shared.length === 0) return [point(summary.sharedNone)];
  const names = (some: typeof shared): readonly string[] => [
    ...new Set(some.map(({ recipient }) => naming.organisation(recipient))),
  ];
  const abroad = shared.filter(({ country }) => naming.isAbroad(country));
  const places = [
    ...new Set(
      abroad.map(({ recipient, country }) => `${naming.organisation(recipient)} — ${naming.country(country)}`),
    ),
  ];
  const assignees = new Map(
    shared.filter(({ role }) => role === 'assignee').map(({ recipient, on }) => [recipient, on]),
  );
  const all = names(shared);
  return [
    point(fillCount(language, summary.shared, all.length, { names: listed(all) })),
    abroad.length === 0
      ? point(summary.abroadNone, 'good')
      : point(fill(summary.abroad, { names: listed(places) }), 'warn'),
    ...[...assignees].map(([recipient, on]) =>
      point(fill(summary.askToo, { recipient: naming.organisation(recipient), day: naming.day(on) })),
    ),
  ];
}

function outstanding(naming: Naming, rows: readonly ItemRow[]): readonly Badge[] {
  const others = peopleOf(rows);
  const waiting = new Map<string, { recipient: string; order: OrderKind; items: string[] }>();
  for (const row of rows) {
    for (const { recipient, orders } of row.shared) {
      for (const { order, confirmed } of orders) {
        if (confirmed !== null) continue;
        const key = JSON.stringify([recipient, order]);
        const one = waiting.get(key) ?? { recipient, order, items: [] };
        one.items.push(withinSentence(naming.item(row, others)));
        waiting.set(key, one);
      }
    }
  }
  return [...waiting.values()].map(({ recipient, order, items }) =>
    point(
      fill(naming.words.summary.outstanding[order], {
        recipient: naming.organisation(recipient),
        items: listed(items),
      }),
      'warn',
    ),
  );
}

/** One that names no cause that is known here is the organisation's own. */
function breachOf(naming: Naming, { on, cause, items, recipients }: Breach): Badge {
  const { summary } = naming.words;
  const labels = items.map((item) => withinSentence(naming.item({ item }, [])));
  const said = [
    fill(entry(summary.breach, cause) ?? summary.breach.controller, { day: naming.day(on) }),
    ...(items.length === 0 ? [] : [fill(summary.breachItems, { items: listed(labels) })]),
    ...(recipients.length === 0
      ? []
      : [fill(summary.breachRecipients, { names: listed(recipients.map((id) => naming.organisation(id))) })]),
  ];
  return point(said.join(' '), 'warn');
}
