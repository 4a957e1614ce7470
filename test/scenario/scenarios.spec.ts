/**
 * The five scenarios through the running server, over HTTP, on every engine: every ask on its day, and later with `asOf`
 * what must hold later, too (`test/scenarios/README.md`).
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scenarioRulebookOf } from '../../libs/ledger/testdata/packs.js';
import { onEveryEngine, type RunningEngine } from '../running/engines.js';
import { ToldOverHttp } from './over-http.js';
import { type Ask, type Scenario, scenario } from './scenario.js';

const SCENARIOS = ['4.1', '4.2', '4.3', '4.4', '4.5'];

const holdsLater = (ask: Ask): boolean =>
  ask.lineage !== undefined || ['clock', 'finding', 'order'].some((kind) => ask[kind] !== undefined);

describe.each(SCENARIOS)('scenario %s over HTTP', (name) => {
  onEveryEngine(
    (engine) => `on ${engine}`,
    (engine) => asTold(name, engine),
  );
});

function asTold(name: string, engine: RunningEngine): void {
  const told: Scenario = scenario(name);
  const days = [...new Set([...told.feed, ...told.asks].map(({ on }) => on))].sort();
  const { asks } = told;
  const rulebook = scenarioRulebookOf(told.controller);
  let one: ToldOverHttp;

  /** What is wrong, each with the row of its table. */
  async function wrong(list: readonly Ask[], later: boolean): Promise<readonly string[]> {
    const found: string[] = [];
    for (const ask of list) {
      const what = await one.wrong(ask, later ? ask.on : undefined);
      if (what !== undefined) found.push(`row ${ask.row} on ${ask.on}: ${what}`);
    }
    return found;
  }

  beforeAll(async () => {
    one = await ToldOverHttp.start(told, engine);
  }, 120_000);
  afterAll(async () => one.dispose());

  test.each(days)('%s', async (day) => {
    expect(await one.feed(day)).toEqual([]);
    const mine = asks.filter((ask) => ask.on === day);
    expect(await wrong(mine, false)).toEqual([]);
    expect(await one.wrongOnBoards()).toEqual([]);
  });

  test('what must hold later holds later, as of then', async () => {
    const later = asks.filter(holdsLater);
    expect(later.length).toBeGreaterThan(10);
    expect(await wrong(later, true)).toEqual([]);
  });

  test('JSON is the same in every language, and each page says all of it in its own language alone', async () => {
    const lineages = asks.filter((ask) => ask.lineage !== undefined || ask.contains?.view === 'lineage');
    // Of everybody what is asked in full, and what is asked last.
    const last = new Map(lineages.map(({ person, on }) => [person, on] as const));
    const shown = lineages.filter((ask) => ask.lineage !== undefined || last.get(ask.person) === ask.on);
    const asked = new Set(shown.map(({ person, on }) => `${person} ${on}`));
    expect(asked.size).toBeGreaterThan(0);
    const found: string[] = [];
    for (const [person, on] of [...asked].map((pair) => pair.split(' '))) {
      found.push(...(await one.wrongInLanguages(person!, on!, rulebook)));
    }
    expect(found).toEqual([]);
  }, 120_000);

  test('every entry has an event of its own', () => {
    expect(new Set(one.events.values()).size).toBe(told.feed.length);
  });
}
