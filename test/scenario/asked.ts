/**
 * Whether an answer holds what a scenario asks (`test/scenarios/README.md`, Asks), whoever gave it: the library or the
 * server. Each function gives what is wrong, or undefined. Rows are those of the wire.
 */
import { differs, type Json, rowOf } from './expected.js';
import type { Ask, ItemAsk, OrderAsk, Scenario } from './scenario.js';

export type Row = Readonly<Record<string, unknown>>;

/** Whether the event of an answer is entry `n` of the feed. */
export type IsEntry = (event: string, n: number) => boolean;

const itemsOf = (row: Row): readonly string[] => (row['items'] as readonly string[] | undefined) ?? [];

/** Whose entries brought what is asked: of a contact person, the client's. */
export function clientOf(told: Scenario, alias: string): string {
  const describing = told.feed.find((entry) => Object.values((entry['describes'] ?? {}) as object).includes(alias));
  return describing?.person ?? alias;
}

export function wrongInLineage(told: Scenario, ask: Ask, rows: readonly Row[]): string | undefined {
  const client = clientOf(told, ask.person!);
  if (ask.lineage !== undefined) {
    const expected = Object.entries(ask.lineage.items).map(([item, one]) =>
      rowOf(told, client, item, one, ask.lineage?.orders ?? [], true),
    );
    return differs(rows, expected);
  }
  for (const [item, one] of Object.entries(ask.contains?.items as Record<string, ItemAsk>)) {
    const row = rows.find((candidate) => candidate['item'] === item);
    // Only the purposes that the ask names.
    const purposes = (row?.['purposes'] as readonly Row[] | undefined)?.filter(
      ({ purpose }) => one.purposes === undefined || (purpose as string) in one.purposes,
    );
    const found = differs({ ...row, purposes }, rowOf(told, client, item, one, [], false), `/${item}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** There is one such clock for each of its items. */
export function wrongInClock(ask: Row, rows: readonly Row[], isEntry: IsEntry): string | undefined {
  const { items, trigger, due, ...rest } = ask;
  const stated: Record<string, Json> = { ...(rest as Record<string, Json>) };
  if (due !== undefined) stated['due'] = due === 'none' ? null : (due as string);
  const isTrigger = (shown: string): boolean =>
    typeof trigger === 'number' ? isEntry(shown, trigger) : trigger === undefined || shown === trigger;
  const missing = ((items as string[] | undefined) ?? [undefined]).filter(
    (item) =>
      rows.filter(
        (row) =>
          differs(row, stated) === undefined &&
          isTrigger(row['trigger'] as string) &&
          (item === undefined || itemsOf(row).includes(item)),
      ).length !== 1,
  );
  return missing.length === 0 ? undefined : `not one clock for ${missing.join()}: ${JSON.stringify(rows)}`;
}

/** There is a finding with the stated fields, its items a set. */
export function wrongInFinding(ask: Row, rows: readonly Row[]): string | undefined {
  const found = rows.some((row) => differs(row, ask as Json) === undefined);
  return found ? undefined : `no such finding among ${JSON.stringify(rows)}`;
}

/** There is none with these fields; closed findings count, but of `order-outstanding`. */
export function wrongInNone(ask: Ask, rows: readonly Row[]): string | undefined {
  const { row: _, on: __, person: ___, none, ...fields } = ask as Row;
  const stated = { ...fields } as Record<string, Json>;
  if (stated['due'] === 'none') stated['due'] = null;
  const counted =
    none === 'finding' && stated['code'] === 'order-outstanding' ? rows.filter((row) => row['state'] === 'open') : rows;
  const found = counted.find((row) => differs(row, stated) === undefined);
  return found === undefined ? undefined : `there is ${JSON.stringify(found)}`;
}

export function wrongInOrder(order: OrderAsk, rows: readonly Row[]): string | undefined {
  const expected = {
    order: order.order,
    on: order.on,
    confirmed: order.confirmed === 'none' ? null : order.confirmed,
  };
  const missing = order.items.filter((item) => {
    const shared = (rows.find((row) => row['item'] === item)?.['shared'] ?? []) as readonly Row[];
    const orders = shared
      .filter((one) => one['recipient'] === order.recipient)
      .flatMap((one) => one['orders'] as readonly Row[]);
    return !orders.some((one) => differs(one, expected) === undefined);
  });
  return missing.length === 0 ? undefined : `not told for ${missing.join()}`;
}

/** `reasons` are all of them, a clause only where one is stated. */
export function wrongInDecision(ask: Row, answer: Row): string | undefined {
  if (answer['decision'] !== ask['is']) return `${JSON.stringify(answer)} where ${String(ask['is'])} is expected`;
  const reasons = ask['reasons'] as readonly (readonly string[])[] | undefined;
  if (reasons === undefined) return undefined;
  const expected = reasons.map(([code, clause]) => ({ code: code!, ...(clause === undefined ? {} : { clause }) }));
  return differs(answer['reasons'], expected);
}

/** The trail shows entry `n`: its fields, its clause, what must not be empty; a receipt is added by whoever has the log. */
export function wrongInTrail(
  contains: NonNullable<Ask['contains']>,
  rows: readonly Row[],
  isEntry: IsEntry,
  added: readonly string[] = [],
): string | undefined {
  const { view: _, n, has = [], record, clause, by, ...fields } = contains;
  const row = rows.find((candidate) => isEntry(candidate['event'] as string, n!));
  const empty = has.filter((field) => !added.includes(field) && !/\S/.test(String(row?.[field] ?? '')));
  if (empty.length > 0) return `${empty.join()} of entry ${n} is empty`;
  return differs(row, {
    // Of an order of a court or agency `by` is a field of its own; else it is the member of staff.
    data: { ...(fields as Record<string, Json>), ...(row?.['type'] === 'ordered' ? byOf(by) : {}) },
    ...(row?.['type'] === 'ordered' ? {} : byOf(by)),
    ...(clause === undefined ? {} : { clause: clause as Json }),
    ...(record === undefined ? {} : { record: record as Json }),
  });
}

const byOf = (by: unknown): Record<string, Json> => (by === undefined ? {} : { by: by as Json });

/** A view without a person, or of one request: one of its rows has the stated fields. */
export function wrongInRows(contains: NonNullable<Ask['contains']>, rows: readonly Row[]): string | undefined {
  const { view, has = [], ...fields } = contains;
  const holds = (row: Row): boolean =>
    differs(row, fields as Json) === undefined && has.every((field) => /\S/.test(JSON.stringify(row[field] ?? '')));
  return rows.some(holds) ? undefined : `${view}: nothing like ${JSON.stringify(fields)} among ${JSON.stringify(rows)}`;
}
