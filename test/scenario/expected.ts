/** Expands the shorthand of a scenario's lineage (`test/scenarios/README.md`, Lineage in short) to the answer of the wire. */
import type { Feed, ItemAsk, OrderAsk, Scenario, UntilAsk } from './scenario.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Row = Record<string, Json>;

const names = (entry: Feed, item: string): boolean => Array.isArray(entry.items) && entry.items.includes(item);

/** The basis of a purpose is that of the entry that brought it, none where it was derived. */
function basisOf(scenario: Scenario, person: string, item: string, purpose: string): Json {
  const entry = scenario.feed.find(
    (one) =>
      one.person === person &&
      (one.do === 'collected' || one.do === 'derived') &&
      names(one, item) &&
      one.purposes?.includes(purpose),
  );
  if (entry === undefined) throw new Error(`no entry brings ${purpose} to ${item}`);
  return entry.do === 'derived' ? null : (entry.basis ?? null);
}

function purposeRows(scenario: Scenario, person: string, item: string, ask: NonNullable<ItemAsk['purposes']>): Row[] {
  return Object.entries(ask).map(([purpose, state]) => ({
    purpose,
    basis: basisOf(scenario, person, item, purpose),
    ...(typeof state === 'string' ? { state } : { state: state[0], since: state[1] }),
  }));
}

/** Orders stand in every item they name, in that recipient's latest disclosure on or before their day. */
function sharedRows(
  scenario: Scenario,
  person: string,
  item: string,
  ask: NonNullable<ItemAsk['shared']>,
  orders: readonly OrderAsk[],
): Row[] {
  const latest = (order: OrderAsk): string | undefined =>
    ask
      .filter(([recipient, on]) => recipient === order.recipient && on <= order.on)
      .map(([, on]) => on)
      .sort()
      .at(-1);
  return ask.map(([recipient, on]) => {
    const entry = scenario.feed.find(
      (one) =>
        one.person === person &&
        one.on === on &&
        (one.recipient === recipient || one.to === recipient) &&
        ['transferred', 'ceded'].includes(one.do) &&
        names(one, item),
    );
    const known = scenario.recipients[recipient];
    if (entry === undefined || known === undefined)
      throw new Error(`no entry shares ${item} with ${recipient} on ${on}`);
    return {
      recipient,
      country: known.country,
      role: known.role,
      purposes: [...(entry.purposes ?? [])],
      basis: entry.basis ?? null,
      on,
      orders: orders
        .filter((order) => order.recipient === recipient && order.items.includes(item) && latest(order) === on)
        .map((order) => ({
          order: order.order,
          on: order.on,
          confirmed: order.confirmed === 'none' ? null : order.confirmed,
        })),
    };
  });
}

function reason(scenario: Scenario, id: string, binds: boolean): Row {
  const minimum = scenario.minimums[id];
  if (minimum !== undefined)
    return {
      kind: 'legal-minimum',
      id,
      mark: minimum.mark,
      binds,
      ...(minimum.clause === undefined ? {} : { clause: minimum.clause }),
    };
  const purpose = scenario.purposes[id];
  if (purpose !== undefined) return { kind: 'purpose', id, clause: purpose.clause, binds };
  return { kind: 'duty', id, binds };
}

/** What an `until` must hold; reasons are matched by the fields that the scenario states. */
export function untilOf(scenario: Scenario, ask: UntilAsk): Row {
  const reasons = (ask.because ?? []).map((id, index) => reason(scenario, id, index === 0));
  const provisional = ask.provisional === undefined ? {} : { provisional: ask.provisional };
  if (ask.date !== undefined) return { kind: 'date', date: ask.date, reasons, ...provisional };
  if (ask.event !== undefined)
    return {
      kind: 'event',
      event: ask.event,
      ...(ask.then === undefined ? {} : { then: ask.then }),
      reasons,
      ...provisional,
    };
  return { kind: 'silent', reasons, ...provisional };
}

/** One row of a lineage with the fields that the ask states. */
export function rowOf(
  scenario: Scenario,
  person: string,
  item: string,
  ask: ItemAsk,
  orders: readonly OrderAsk[],
  whole: boolean,
): Row {
  const row: Row = { item };
  if (ask.state !== undefined) row['state'] = ask.state;
  if (ask.from !== undefined) {
    row['from'] = ask.from.map((source) =>
      source.length === 3
        ? { kind: source[0]!, name: source[1]!, on: source[2]! }
        : { kind: source[0]!, on: source[1]! },
    );
  }
  if (ask.purposes !== undefined) row['purposes'] = purposeRows(scenario, person, item, ask.purposes);
  if (ask.shared !== undefined) row['shared'] = sharedRows(scenario, person, item, ask.shared, orders);
  if (ask.until !== undefined) row['until'] = untilOf(scenario, ask.until);
  if (ask.fate !== undefined) {
    row['fate'] = { kind: 'destroyed', ...ask.fate };
    row['until'] = { kind: 'gone' };
  } else if (whole) {
    row['fate'] = null;
  }
  return row;
}

/** Arrays are sets; of objects inside them only the stated fields are compared. Gives the first difference, or none. */
export function differs(actual: unknown, expected: Json, place = ''): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `${place}: no list`;
    if (actual.length !== expected.length)
      return `${place}: ${actual.length} where ${expected.length} are expected: ${JSON.stringify(actual)}`;
    const left = [...(actual as unknown[])];
    for (const [index, one] of (expected as readonly Json[]).entries()) {
      const at = left.findIndex((candidate) => differs(candidate, one) === undefined);
      if (at < 0) return `${place}/${index}: nothing like ${JSON.stringify(one)} among ${JSON.stringify(left)}`;
      left.splice(at, 1);
    }
    return undefined;
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object') return `${place}: ${JSON.stringify(actual)} is no object`;
    for (const [key, value] of Object.entries(expected)) {
      const found = differs((actual as Record<string, unknown>)[key], value, `${place}/${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return actual === expected
    ? undefined
    : `${place}: ${JSON.stringify(actual)} where ${JSON.stringify(expected)} is expected`;
}
