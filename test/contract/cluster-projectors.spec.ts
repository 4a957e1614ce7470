/** Two projectors on one database: whatever each does meanwhile, the boards are those of the log. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtInPacks, loadControllers } from '#host';
import { controllerId, readAction, standing, type Action, type SubjectRef } from '#ledger';
import { LogProjector } from '#roles';
import { openPostgresBoards, type Projections } from '#store';
import { clusterPlaces, type ClusterPlace } from './cluster-place.js';
import { StandingClock } from './engine.js';

const PEOPLE = 60;
const controller = controllerId('kz.autosiyliq')!;
const clock = new StandingClock('2026-03-10T10:00:00Z');
const controllers = loadControllers([builtInPacks()]);
const rulebook = controllers.rulebook(controller)!;
const places = clusterPlaces();
let place: ClusterPlace;
let boards: readonly Projections[];

beforeAll(async () => {
  place = await places();
  boards = [await openPostgresBoards(place.postgres), await openPostgresBoards(place.postgres)];
}, 90_000);
afterAll(async () => {
  for (const one of boards) await one.close();
  await place.remove();
});

function action(at: number, name: string, data: Readonly<Record<string, unknown>>): Action {
  const event = { specversion: '1.0', id: `${name}-${at}`, source: 'urn:example', type: `depter.action.${name}.v1`, controller }; // prettier-ignore
  const read = readAction(
    { ...event, data: { on: '2026-03-02', person: { client: `A-${at % PEOPLE}` }, ...data } },
    { controller, now: clock.now(), zone: rulebook.zone },
  );
  if (read.refusal) throw new Error(JSON.stringify(read.refusal));
  return read.ok;
}

it('make the same boards together as one would alone', async () => {
  const engine = await place.open({ rulebookFor: (id) => controllers.rulebook(id), clock });
  const { ledger } = engine;
  const projectors = boards.map(
    (projections) => new LogProjector(controller, { ledger, projections, controllers, clock }),
  );
  for (const projector of projectors) projector.start();
  const subjects = new Set<SubjectRef>();
  for (let round = 0; round < 5; round += 1) {
    const from = round * PEOPLE;
    const actions = Array.from({ length: PEOPLE }, (_, at) =>
      round % 2 === 0
        ? action(from + at, 'requested', { request: `R-${from + at}`, right: 'access', channel: 'email' })
        : action(from + at, 'answered', { request: `R-${from + at - PEOPLE}` }),
    );
    for (const outcome of await ledger.record(controller, actions)) {
      if ('subject' in outcome && outcome.subject !== null) subjects.add(outcome.subject);
    }
    await sleep(50);
  }
  const size = await ledger.size(controller);
  const [first] = boards as [Projections, Projections];
  for (let settled = 0; settled < size; { settled } = await first.progress(controller)) await sleep(50);
  await Promise.all(projectors.map((projector) => projector.stop()));
  const states = ['running', 'met', 'late', 'extended', 'paused', 'superseded'] as const;
  const rows = await first.clocks(controller, '2026-03-10', 'on', states, { limit: 10_000 });
  expect(subjects.size).toBe(PEOPLE);
  for (const subject of subjects) {
    const expected = standing((await ledger.person(controller, subject))!, rulebook, '2026-03-10').clocks;
    expect(rows.filter((row) => row.subject === subject).map(({ row }) => row)).toEqual(expected);
    expect(expected.map((row) => row.state).sort()).toEqual(['late', 'met', 'met']);
  }
  await engine.close();
}, 120_000);
