/** The items, grouped by state; items of which the same is known share a card. */
import type { Disclosure, Fate, ItemRow, ItemState, PurposeState, Source, Until } from './answer.js';
import type { Badge, Card, Group, Line, Row } from './content.js';
import { peopleOf, type Naming } from './naming.js';
import { orderDetail } from './order.js';
import type { RecipientKeys } from './recipients.js';
import { bindingOf, minimumText, reasonLines, untilLines } from './until.js';
import { entry, fill } from './words.js';

export const HELD: readonly ItemState[] = ['active', 'blocked', 'stopped', 'kept'];
export const GONE: readonly ItemState[] = ['destroyed', 'depersonalised'];

/** The groups of those states that have items, in that order. */
export function groupsOf(
  naming: Naming,
  rows: readonly ItemRow[],
  states: readonly ItemState[],
  keys: RecipientKeys,
): readonly Group[] {
  const others = peopleOf(rows);
  return states.flatMap((state) => {
    const own = rows.filter((row) => row.state === state);
    return own.length === 0 ? [] : [groupOf(naming, state, own, others, keys)];
  });
}

function groupOf(
  naming: Naming,
  state: ItemState,
  rows: readonly ItemRow[],
  others: readonly string[],
  keys: RecipientKeys,
): Group {
  const { words } = naming;
  // Reasons that all items share are said once, above them.
  const shared = rows.length > 1 ? commonReasons(rows) : undefined;
  const why = state === 'kept' ? keptWhy(naming, rows) : undefined;
  return {
    state,
    heading: words.state[state].heading,
    intro: why === undefined ? words.state[state].intro : fill(words.keptBecause, { why }),
    rows: shared === undefined ? [] : present([{ label: words.row.why, lines: reasonLines(naming, shared) }]),
    cards: alike(rows).map((rowsOfCard) => cardOf(naming, rowsOfCard, others, keys, shared === undefined)),
  };
}

function commonReasons(rows: readonly ItemRow[]): Until | undefined {
  const until = rows[0]?.until;
  const said = JSON.stringify(until);
  return rows.every((row) => JSON.stringify(row.until) === said) ? until : undefined;
}

/** The law's words, where one minimum holds all the items. */
function keptWhy(naming: Naming, rows: readonly ItemRow[]): string | undefined {
  const whys = keptWhys(naming, rows);
  return whys.length === 1 ? whys[0] : undefined;
}

/** The law's words for each of the items, each once; undefined among them where they are not known. */
export function keptWhys(naming: Naming, rows: readonly ItemRow[]): readonly (string | undefined)[] {
  const why = ({ until }: ItemRow): string | undefined => {
    const binding = bindingOf(until);
    if (binding?.kind === 'hold') return naming.words.minimum.held;
    return binding?.kind === 'legal-minimum' ? minimumText(naming, binding.id, until) : undefined;
  };
  return [...new Set(rows.map(why))];
}

function alike(rows: readonly ItemRow[]): readonly (readonly ItemRow[])[] {
  const cards = new Map<string, ItemRow[]>();
  for (const row of rows) {
    const { item: _item, value: _value, ...known } = row;
    const key = JSON.stringify(known);
    const card = cards.get(key);
    if (card === undefined || typeof row.about === 'string')
      cards.set(card === undefined ? key : `${key}${cards.size}`, [row]);
    else card.push(row);
  }
  return [...cards.values()];
}

function cardOf(
  naming: Naming,
  rows: readonly ItemRow[],
  others: readonly string[],
  keys: RecipientKeys,
  withReasons: boolean,
): Card {
  const { words } = naming;
  const [row] = rows;
  if (row === undefined) return { titles: [], held: undefined, rows: [] };
  const values = rows.flatMap((one) =>
    typeof one.value === 'string' ? [{ title: naming.item(one, others), value: one.value }] : [],
  );
  const reasons = withReasons ? reasonLines(naming, row.until) : [];
  return {
    titles: rows.map((one) => naming.item(one, others)),
    held: values.length === 0 ? undefined : { label: words.row.value, values },
    rows: present([
      { label: words.row.fate, lines: row.fate === null ? [] : [fateLine(naming, row.fate)] },
      { label: words.row.until, lines: untilLines(naming, row.until) },
      { label: words.row.why, lines: reasons },
      { label: words.row.from, lines: sourceLines(naming, row.from) },
      { label: words.row.purposes, lines: purposeLines(naming, row.purposes) },
      { label: words.row.shared, lines: sharedLines(naming, row.shared, keys) },
    ]),
  };
}

function present(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ lines }) => lines.length > 0);
}

export function plain(text: string): Line {
  return { text, badges: [], details: [] };
}

function sourceLines(naming: Naming, sources: readonly Source[]): readonly Line[] {
  const { words } = naming;
  if (sources.length === 0) return [plain(words.originUnknown)];
  return sources.map(({ kind, name, on }) => {
    const origin = typeof name === 'string' ? naming.organisation(name) : (entry(words.origin, kind) ?? kind);
    return plain(`${naming.day(on).plain} — ${origin}`);
  });
}

function purposeLines(naming: Naming, purposes: readonly PurposeState[]): readonly Line[] {
  const { words } = naming;
  if (purposes.length === 0) return [plain(words.purpose.none)];
  return purposes.map(({ purpose, basis, state, since }) => {
    const day = naming.day(since ?? '');
    const said = state === 'active' ? words.purpose.active : fill(words.purpose[state], { day });
    return {
      text: naming.purpose(purpose),
      badges: [{ text: said, tone: state === 'active' ? 'good' : 'plain' } satisfies Badge],
      details: typeof basis === 'string' ? [naming.ground(basis)] : [],
    };
  });
}

/** One line for each recipient, with its days; what exactly was passed on stands in the recipient's own card. */
function sharedLines(naming: Naming, shared: readonly Disclosure[], keys: RecipientKeys): readonly Line[] {
  const { words } = naming;
  if (shared.length === 0) return [plain(words.nobody)];
  const byCard = new Map<string, Disclosure[]>();
  for (const disclosure of shared) {
    const card = keys.card(disclosure);
    byCard.set(card, [...(byCard.get(card) ?? []), disclosure]);
  }
  return [...byCard].map(([card, disclosures]) => {
    const [{ recipient, country } = { recipient: '', country: undefined }] = disclosures;
    const days = disclosures.map(({ on }) => naming.day(on).plain).join('; ');
    return {
      recipient: { card, name: naming.organisation(recipient) },
      text: `${naming.country(country)} — ${days}`,
      badges: naming.isAbroad(country) ? [{ text: words.abroad, tone: 'warn' }] : [],
      details: disclosures.flatMap(({ orders }) => orders.map((order) => orderDetail(naming, order))),
    };
  });
}

function fateLine(naming: Naming, { kind, on, due, method, backupsUntil }: Fate): Line {
  const { words } = naming;
  const how = entry(words.fate.method, method);
  const what = fill(words.fate[kind], { day: naming.day(on) });
  const late = typeof due === 'string' && on > due;
  const term =
    typeof due === 'string' ? fill(late ? words.fate.late : words.fate.inTime, { day: naming.day(due) }) : undefined;
  return {
    text: how === undefined ? what : `${what}, ${how}`,
    badges: term === undefined ? [] : [{ text: term, tone: late ? 'warn' : 'good' }],
    details:
      typeof backupsUntil === 'string' ? [{ text: fill(words.fate.backups, { day: naming.day(backupsUntil) }) }] : [],
  };
}
