/** What every place of boards keeps. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClockRow, FindingRow, Standing, SubjectRef } from '#ledger';
import type { BoardCursor, Projections } from '#store';
import { siyliq, somo } from './engine.js';

export interface BoardsPlace {
  open(): Promise<Projections>;
  remove(): Promise<void>;
}

const subject = (letter: string): SubjectRef => letter.repeat(22) as SubjectRef;
const [anna, bota, chyngyz] = ['A', 'B', 'C'].map(subject) as [SubjectRef, SubjectRef, SubjectRef];

function clock(on: string, due: string | null, state: ClockRow['state'] = 'running'): ClockRow {
  const cite = { clause: '4.1', pack: 'kz.94-v', mark: 'P' as const };
  return { duty: 'destroy', items: ['name'], trigger: subject('E'), on, due, term: '15 days', ...cite, binds: true, provisional: false, state }; // prettier-ignore
}

function finding(on: string, state: FindingRow['state'] = 'open'): FindingRow {
  return { code: 'gap', on, items: ['name'], clause: null, pack: null, state, ...(state === 'closed' && { closedOn: on }) }; // prettier-ignore
}

function person(one: SubjectRef, more: Partial<Standing> = {}): Standing {
  return { subject: one, linked: [one], clocks: [], findings: [], outstanding: new Map(), changesOn: null, ...more };
}

const ALL = ['running', 'met', 'late', 'extended', 'paused', 'superseded'] as const;
const TODAY = '2026-03-10';

export function projectionsContract(name: string, make: () => Promise<BoardsPlace>): void {
  describe(`projections: ${name}`, () => {
    let place: BoardsPlace;
    let boards: Projections;
    beforeEach(async () => {
      place = await make();
      boards = await place.open();
    }, 60_000);
    afterEach(async () => {
      await boards.close();
      await place.remove();
    });

    /** Writes with the present version. */
    async function touch(subjects: readonly SubjectRef[], position: number, everybody = false): Promise<void> {
      const { version } = await boards.progress(siyliq);
      expect(
        await boards.touch(siyliq, version, {
          subjects: new Set(subjects),
          everybody,
          position,
          last: `entry ${position - 1}`,
        }),
      ).toBe(version + 1);
    }
    async function store(...people: readonly Standing[]): Promise<void> {
      const { version } = await boards.progress(siyliq);
      expect(await boards.store(siyliq, version, people)).toBe(version + 1);
    }
    async function due(states: readonly ClockRow['state'][] = ALL, after?: BoardCursor, limit = 100) {
      return boards.clocks(siyliq, TODAY, 'due', states, { limit, ...(after && { after }) });
    }

    async function backlog(day: string) {
      const { rules } = await boards.progress(siyliq);
      return { due: await boards.isDue(siyliq, day), reevaluating: await boards.reevaluating(siyliq, rules) };
    }

    it('begins with nothing', async () => {
      expect(await boards.progress(siyliq)).toEqual({ version: 0, position: 0, settled: 0, last: '', rules: '' });
      expect(await boards.stale(siyliq, TODAY, 10)).toEqual([]);
      expect(await backlog(TODAY)).toEqual({ due: false, reevaluating: 0 });
      expect(await due()).toEqual([]);
      expect(await boards.findings(siyliq, ['open', 'closed'], { limit: 10 })).toEqual([]);
      expect(await boards.outstanding(siyliq)).toEqual(new Map());
    });

    it('has read further than it shows until the rows of whom an event touched are made', async () => {
      await touch([anna, bota], 7);
      expect(await boards.progress(siyliq)).toMatchObject({ position: 7, settled: 0 });
      expect((await boards.stale(siyliq, TODAY, 10)).map((one) => one.subject).sort()).toEqual([anna, bota]);
      await store(person(anna));
      expect(await boards.progress(siyliq)).toMatchObject({ position: 7, settled: 0 });
      await store(person(bota));
      expect(await boards.progress(siyliq)).toMatchObject({ position: 7, settled: 7 });
      expect(await boards.stale(siyliq, TODAY, 10)).toEqual([]);
      await touch([], 9);
      expect(await boards.progress(siyliq)).toMatchObject({ position: 9, settled: 9 });
    });

    it('keeps what was stored, and finds it again', async () => {
      await touch([anna], 3);
      await store(person(anna, { clocks: [clock('2026-03-01', '2026-03-16')], findings: [finding('2026-03-02')] }));
      await boards.close();
      boards = await place.open();
      expect(await boards.progress(siyliq)).toMatchObject({ position: 3, settled: 3 });
      expect((await due()).map(({ row }) => row)).toEqual([clock('2026-03-01', '2026-03-16')]);
      expect((await boards.findings(siyliq, ['open'], { limit: 10 })).map((one) => [one.subject, one.row])).toEqual([
        [anna, finding('2026-03-02')],
      ]);
    });

    it('stores twice what is there once', async () => {
      const rows = person(anna, {
        clocks: [clock('2026-03-01', '2026-03-16'), clock('2026-03-02', null)],
        findings: [finding('2026-03-02')],
        outstanding: new Map([['kz.bank', 2]]),
      });
      await store(rows);
      await store(rows);
      expect(await due()).toHaveLength(2);
      expect(await boards.findings(siyliq, ['open'], { limit: 10 })).toHaveLength(1);
      expect(await boards.outstanding(siyliq)).toEqual(new Map([['kz.bank', 2]]));
    });

    it('forgets what any dossier of a person had before', async () => {
      await store(
        person(anna, { clocks: [clock('2026-03-01', '2026-03-16')], outstanding: new Map([['kz.bank', 1]]) }),
      );
      await store(person(bota, { clocks: [clock('2026-03-01', '2026-03-17')] }));
      await store(person(bota, { linked: [anna, bota], clocks: [clock('2026-03-01', '2026-03-18')] }));
      expect((await due()).map((one) => [one.subject, one.row.due])).toEqual([[bota, '2026-03-18']]);
      expect(await boards.outstanding(siyliq)).toEqual(new Map());
      await store(person(anna, { clocks: [clock('2026-03-01', '2026-03-16')] }), person(bota));
      expect((await due()).map((one) => [one.subject, one.row.due])).toEqual([[anna, '2026-03-16']]);
    });

    it('tells one of two who write from the same version, and writes nothing of it', async () => {
      await touch([anna], 3);
      const { version } = await boards.progress(siyliq);
      expect(await boards.store(siyliq, version, [person(anna)])).toBe(version + 1);
      const late = person(anna, { clocks: [clock('2026-03-01', '2026-03-16')] });
      expect(await boards.store(siyliq, version, [late])).toBeUndefined();
      expect(
        await boards.touch(siyliq, version, {
          subjects: new Set([bota]),
          everybody: true,
          position: 9,
          last: 'entry 8',
        }),
      ).toBeUndefined();
      expect(await boards.reevaluate(siyliq, version, 'others')).toBeUndefined();
      expect(await due()).toEqual([]);
      expect(await boards.stale(siyliq, TODAY, 10)).toEqual([]);
      expect(await boards.progress(siyliq)).toEqual({
        version: version + 1,
        position: 3,
        settled: 3,
        last: 'entry 2',
        rules: '',
      });
      const both = await Promise.all([1, 2].map(() => boards.reevaluate(siyliq, version + 1, 'packs')));
      expect(both.filter((one) => one !== undefined)).toEqual([version + 2]);
    });

    it('looks at everybody again with other packs, and what events brought is shown meanwhile', async () => {
      await touch([anna, bota], 4);
      await store(person(anna), person(bota));
      const { version } = await boards.progress(siyliq);
      expect(await boards.reevaluating(siyliq, 'packs')).toBe(2);
      await boards.reevaluate(siyliq, version, 'packs');
      expect(await boards.progress(siyliq)).toMatchObject({ settled: 4, rules: 'packs' });
      expect(await backlog(TODAY)).toEqual({ due: false, reevaluating: 2 });
      expect((await boards.stale(siyliq, TODAY, 10)).map(({ why }) => why)).toEqual(['round', 'round']);
      await touch([bota], 5);
      expect(await boards.stale(siyliq, TODAY, 1)).toEqual([{ subject: bota, why: 'event' }]);
      await store(person(bota));
      expect(await boards.progress(siyliq)).toMatchObject({ settled: 5 });
      expect(await backlog(TODAY)).toEqual({ due: false, reevaluating: 1 });
      await store(person(anna));
      expect(await backlog(TODAY)).toEqual({ due: false, reevaluating: 0 });
    });

    it('shows an event that touches everybody once all have been looked at', async () => {
      await touch([anna, bota], 4);
      await store(person(anna), person(bota));
      await touch([], 5, true);
      expect(await boards.progress(siyliq)).toMatchObject({ position: 5, settled: 4 });
      expect(await backlog(TODAY)).toEqual({ due: true, reevaluating: 2 });
      await store(person(anna));
      expect(await boards.progress(siyliq)).toMatchObject({ settled: 4 });
      await store(person(bota));
      expect(await boards.progress(siyliq)).toMatchObject({ settled: 5 });
    });

    it('wakes whom a day changes, on that day', async () => {
      await store(
        person(anna, { changesOn: '2026-03-11' }),
        person(bota, { changesOn: '2026-03-12' }),
        person(chyngyz),
      );
      expect(await boards.stale(siyliq, TODAY, 10)).toEqual([]);
      expect(await boards.stale(siyliq, '2026-03-11', 10)).toEqual([{ subject: anna, why: 'day' }]);
      expect(await backlog('2026-03-11')).toEqual({ due: true, reevaluating: 0 });
      await store(person(anna, { changesOn: '2026-06-01' }));
      expect(await backlog('2026-03-11')).toEqual({ due: false, reevaluating: 0 });
    });

    it('gives the due board in order, page by page', async () => {
      await store(
        person(anna, {
          clocks: [
            clock('2026-03-01', null),
            clock('2026-03-01', '2026-03-20'),
            clock('2026-03-02', '2026-04-01', 'met'),
          ],
        }),
        person(bota, { clocks: [clock('2026-03-01', '2026-03-20'), clock('2026-03-04', '2026-03-12', 'extended')] }),
        person(chyngyz, { clocks: [clock('2026-02-01', '2026-03-01'), clock('2026-02-01', '2026-02-20', 'paused')] }),
      );
      const all = (await due()).map(({ subject: whose, row }) => [row.due, whose[0], row.state]);
      expect(all).toEqual([
        ['2026-02-20', 'C', 'paused'],
        ['2026-03-01', 'C', 'late'],
        ['2026-03-12', 'B', 'extended'],
        ['2026-03-20', 'A', 'running'],
        ['2026-03-20', 'B', 'running'],
        ['2026-04-01', 'A', 'met'],
        [null, 'A', 'running'],
      ]);
      for (const limit of [1, 2, 3]) {
        const found: unknown[] = [];
        for (let after: BoardCursor | undefined; ;) {
          const page = await due(ALL, after, limit);
          if (page.length === 0) break;
          found.push(...page.map(({ subject: whose, row }) => [row.due, whose[0], row.state]));
          after = page.at(-1)!.cursor;
        }
        expect(found).toEqual(all);
      }
    });

    it('filters by what a clock is today, whoever stored it when', async () => {
      await store(
        person(anna, {
          clocks: [
            clock('2026-03-01', '2026-03-09'),
            clock('2026-03-01', TODAY),
            clock('2026-01-01', '2026-02-01', 'late'),
          ],
        }),
      );
      const days = async (...states: ClockRow['state'][]) => (await due(states)).map(({ row }) => [row.due, row.state]);
      expect(await days('late')).toEqual([
        ['2026-02-01', 'late'],
        ['2026-03-09', 'late'],
      ]);
      expect(await days('running')).toEqual([[TODAY, 'running']]);
      expect(await days('met')).toEqual([]);
      const byStart = await boards.clocks(siyliq, TODAY, 'on', ['late', 'running'], { limit: 10 });
      expect(byStart.map(({ row }) => [row.on, row.state])).toEqual([['2026-01-01', 'late'], ['2026-03-01', 'late'], ['2026-03-01', 'running']]); // prettier-ignore
    });

    it('gives findings in order of day, open and closed', async () => {
      await store(
        person(anna, { findings: [finding('2026-03-02'), finding('2026-03-01', 'closed')] }),
        person(bota, { findings: [finding('2026-03-01')] }),
      );
      const rows = async (...states: FindingRow['state'][]) =>
        (await boards.findings(siyliq, states, { limit: 2 })).map((one) => [one.row.on, one.subject[0], one.row.state]);
      expect(await rows('open', 'closed')).toEqual([
        ['2026-03-01', 'A', 'closed'],
        ['2026-03-01', 'B', 'open'],
      ]);
      expect(await rows('open')).toEqual([
        ['2026-03-01', 'B', 'open'],
        ['2026-03-02', 'A', 'open'],
      ]);
    });

    it('counts the orders that recipients have not confirmed', async () => {
      await store(
        person(anna, {
          outstanding: new Map([
            ['kz.bank', 1],
            ['kz.collector', 2],
          ]),
        }),
        person(bota, { outstanding: new Map([['kz.bank', 3]]) }),
      );
      expect(await boards.outstanding(siyliq)).toEqual(
        new Map([
          ['kz.bank', 4],
          ['kz.collector', 2],
        ]),
      );
    });

    it('keeps controllers apart', async () => {
      await touch([anna], 3);
      await store(person(anna, { clocks: [clock('2026-03-01', '2026-03-16')], findings: [finding('2026-03-02')], outstanding: new Map([['kz.bank', 1]]), changesOn: TODAY })); // prettier-ignore
      expect(await boards.progress(somo)).toEqual({ version: 0, position: 0, settled: 0, last: '', rules: '' });
      expect(await boards.clocks(somo, TODAY, 'due', ALL, { limit: 10 })).toEqual([]);
      expect(await boards.findings(somo, ['open'], { limit: 10 })).toEqual([]);
      expect(await boards.outstanding(somo)).toEqual(new Map());
      expect(await boards.stale(somo, TODAY, 10)).toEqual([]);
      const { version } = await boards.progress(somo);
      await boards.store(somo, version, [person(anna)]);
      expect(await due()).toHaveLength(1);
    });

    it('takes many at once', async () => {
      const many = Array.from(
        { length: 1_200 },
        (_, i) => `${String(i).padStart(4, '0')}${'x'.repeat(18)}` as SubjectRef,
      );
      await touch(many, 1_200);
      await store(...many.map((one) => person(one, { clocks: [clock('2026-03-01', '2026-03-16')] })));
      expect((await due(ALL, undefined, 2_000)).map((one) => one.subject)).toEqual(many);
      expect(await boards.progress(siyliq)).toMatchObject({ settled: 1_200 });
    });

    it('begins anew when it is told to', async () => {
      await touch([anna], 3);
      await store(person(anna, { clocks: [clock('2026-03-01', '2026-03-16')] }));
      await boards.clear();
      expect(await boards.progress(siyliq)).toEqual({ version: 0, position: 0, settled: 0, last: '', rules: '' });
      expect(await due()).toEqual([]);
      await touch([anna], 2);
      expect(await boards.progress(siyliq)).toMatchObject({ position: 2 });
    });
  });
}
