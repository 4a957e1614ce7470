/**
 * Scenario 4.4 through the running server, over HTTP, as an emitter, an officer and the person would: every ask for a
 * lineage and for the trail, on its day, and the lineages again at the end with `asOf`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Depter } from '../running/depter.js';
import { onEveryEngine, type RunningEngine } from '../running/engines.js';
import { differs, type Json, rowOf } from './expected.js';
import { cloudEvent, eventId, identifiersOf } from './feed.js';
import { type Ask, type Feed, type ItemAsk, type Scenario, scenario } from './scenario.js';

const SCENARIOS = ['4.4'];

type Row = Record<string, unknown>;

const endOf = (day: string, zone: string): string =>
  Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: '23:59:59.999' }).toInstant().toString();

/** What ends a whole person comes after everything of that person; the rest may come in any order: here backwards. */
function inSomeOrder(entries: readonly Feed[]): Feed[] {
  const ends = (entry: Feed): boolean =>
    (entry.do === 'destroyed' || entry.do === 'depersonalised') && entry.items === 'all';
  return [...entries.filter((entry) => !ends(entry)).reverse(), ...entries.filter(ends)];
}

describe.each(SCENARIOS)('lineages of scenario %s over HTTP', (name) => {
  onEveryEngine(
    (engine) => `on ${engine}`,
    (engine) => asTold(name, engine),
  );
});

function asTold(name: string, engine: RunningEngine): void {
  const told: Scenario = scenario(name);
  const days = [...new Set([...told.feed.map((entry) => entry.on), ...told.asks.map((ask) => ask.on)])].sort();
  let depter: Depter;
  let dispose: () => Promise<void>;
  let keys: { emitter: string; officer: string; admin: string };

  const subjects = new Map<string, string>();
  async function subjectOf(person: string): Promise<string> {
    const known = subjects.get(person);
    if (known !== undefined) return known;
    const answer = await depter.post(`/v1/${told.controller}/subjects/find`, keys.officer, {
      person: identifiersOf(told, person),
    });
    expect(answer.status).toBe(200);
    const { subject } = answer.json<{ subject: string }>();
    subjects.set(person, subject);
    return subject;
  }

  async function view(person: string, what: string, query = ''): Promise<Row> {
    const answer = await depter.get(
      `/v1/${told.controller}/subjects/${await subjectOf(person)}/${what}${query}`,
      keys.officer,
    );
    expect(answer.status).toBe(200);
    return answer.json<Row>();
  }

  async function lineageHolds(ask: Ask, asOf?: string): Promise<void> {
    const person = ask.person!;
    const lineage = await view(person, 'lineage', asOf === undefined ? '' : `?asOf=${asOf}`);
    const rows = lineage['items'] as Row[];
    if (ask.lineage !== undefined) {
      const expected = Object.entries(ask.lineage.items).map(([item, one]) =>
        rowOf(told, person, item, one, ask.lineage?.orders ?? [], true),
      );
      expect(differs(rows, expected)).toBeUndefined();
      expect(rows.map((row) => row['item']).sort()).toEqual(Object.keys(ask.lineage.items).sort());
      return;
    }
    for (const [item, one] of Object.entries(ask.contains?.items as Record<string, ItemAsk>)) {
      const row = rows.find((candidate) => candidate['item'] === item);
      expect(differs(row, rowOf(told, person, item, one, [], false), `/${item}`)).toBeUndefined();
    }
  }

  /** The trail shows entry `n` with the stated fields; `has` names what must be there and not empty. */
  async function trailHolds(ask: Ask): Promise<void> {
    const { view: _, n, has = [], record, clause, ...fields } = ask.contains!;
    const trail = (await view(ask.person!, 'trail', '?limit=1000'))['trail'] as Row[];
    const event = positions.get(n!);
    const row = trail.find((candidate) => candidate['event'] === event);
    expect(row).toBeDefined();
    expect(differs(row!['data'], fields as Json, '/data')).toBeUndefined();
    if (clause !== undefined) expect(row!['clause']).toBe(clause);
    if (record !== undefined) expect(differs(row!['record'], record as Json, '/record')).toBeUndefined();
    for (const field of has) expect(row![field]).toEqual(expect.stringMatching(/\S/));
  }

  /** Entry number → the id of its stored event, as it was acknowledged. */
  const positions = new Map<number, string>();

  beforeAll(async () => {
    const made = await engine.make(told.controller);
    depter = made.depter;
    dispose = () => made.dispose();
    const [emitter, officer] = [
      await depter.key(told.controller, 'emitter'),
      await depter.key(told.controller, 'officer'),
    ];
    keys = { emitter, officer, admin: await depter.key('*', 'admin') };
    await depter.serve({ now: endOf(days[0]!, told.zone) });
  }, 60_000);
  afterAll(() => dispose());

  const asked = (ask: Ask): boolean =>
    ask.lineage !== undefined || ask.contains?.view === 'lineage' || ask.contains?.view === 'trail';

  test.each(days)('%s', async (day) => {
    const moved = await depter.ask('PUT', '/clock', keys.admin, JSON.stringify({ now: endOf(day, told.zone) }), {
      'content-type': 'application/json',
    });
    expect(moved.status).toBeLessThan(300);
    const entries = inSomeOrder(told.feed.filter((entry) => entry.on === day));
    if (entries.length > 0) {
      const answers = await depter.feed(
        told.controller,
        keys.emitter,
        entries.map((entry) => JSON.stringify(cloudEvent(told, entry))),
      );
      answers.slice(0, entries.length).forEach((answer, index) => {
        expect(answer).toMatchObject({ line: index + 1, status: 'recorded' });
        positions.set(entries[index]!.n, answer['event'] as string);
      });
    }
    for (const ask of told.asks.filter((one) => one.on === day && asked(one))) {
      if (ask.contains?.view === 'trail') await trailHolds(ask);
      else await lineageHolds(ask);
    }
  });

  test('every lineage holds later, too, with asOf', async () => {
    const lineages = told.asks.filter((ask) => ask.lineage !== undefined || ask.contains?.view === 'lineage');
    expect(lineages.length).toBeGreaterThan(5);
    for (const ask of lineages) await lineageHolds(ask, ask.on);
  });

  test('every trail holds later, too', async () => {
    const trails = told.asks.filter((ask) => ask.contains?.view === 'trail');
    expect(trails.length).toBeGreaterThan(3);
    for (const ask of trails) await trailHolds(ask);
  });

  test('ids of entries are those of the file', () => {
    expect(positions.size).toBe(told.feed.length);
    expect(new Set(positions.values()).size).toBe(told.feed.length);
    expect(eventId(told, told.feed[0]!)).toBe(`${told.scenario}-${told.feed[0]!.n}`);
  });
}
