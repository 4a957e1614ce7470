/**
 * However actions arrive, the answer is the same: once and in order in one store; twice, shuffled, in groups of other sizes
 * and several at once in another. Through the real store, its files, its vault and its writer.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { builtInPacks, loadControllers } from '#host';
import type { SubjectRef } from '#ledger';
import { Arrivals, CONTROLLER } from './arrivals.js';
import { type Act, life, type Named, peopleOf, told } from './lives.js';

/** Enough for every kind of action to meet most others now and then; a slow machine may stop earlier, a failure shrinks no longer. */
const RUNS = { numRuns: 40, interruptAfterTimeLimit: 240_000 };
const ASKED: readonly Named[] = ['first', 'first-client', 'first-phone', 'second-iin', 'contact'];

/** By effective day and time; those of a day alone come first on it. */
const inOrder = (acts: readonly Act[]): Act[] => {
  const key = (act: Act): string => String(act['time'] ?? (act['data'] as { on: string }).on);
  return [...acts].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
};

function groupsOf<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const groups: T[][] = [];
  for (let at = 0, n = 0; at < list.length; n += 1) {
    const size = sizes[n % sizes.length]!;
    groups.push(list.slice(at, at + size));
    at += size;
  }
  return groups;
}

describe('for any lives', () => {
  let once: Arrivals;
  let again: Arrivals;
  let telling = 0;

  beforeAll(async () => {
    const controllers = loadControllers([builtInPacks()]);
    [once, again] = [await Arrivals.inNewFolder(controllers), await Arrivals.inNewFolder(controllers)];
  }, 60_000);
  afterAll(async () => {
    await once.dispose();
    await again.dispose();
  });

  /** How the second store gets them: a seed of the shuffling, sizes of groups, and how many groups at once. */
  const arrival = fc.record({
    order: fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 20 }),
    sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
    together: fc.integer({ min: 1, max: 4 }),
  });

  const shuffled = (acts: readonly Act[], order: readonly number[]): Act[] => {
    const left = [...acts];
    return acts.map((_, at) => left.splice((order[at % order.length]! + at) % left.length, 1)[0]!);
  };

  test('lineage, findings, clocks and values are the same, and nothing is doubled', async () => {
    await fc.assert(
      fc.asyncProperty(life, arrival, async (lived, { order, sizes, together }) => {
        telling += 1;
        const { acts, ends } = told(telling, lived);
        const before = [await once.size(), await again.size()];
        for (const act of [...inOrder(acts), ...ends]) await once.record([act]);

        const groups = [
          ...groupsOf(shuffled([...acts, ...acts], order), sizes),
          ...groupsOf(shuffled([...ends, ...ends], order), sizes),
        ];
        for (const moment of groupsOf(groups, [together]))
          await Promise.all(moment.map((group) => again.record(group)));

        const grown = [(await once.size()) - before[0]!, (await again.size()) - before[1]!];
        expect(grown[1]).toBe(grown[0]);
        const people = peopleOf(telling);
        for (const who of ASKED)
          expect([who, await again.answers(people[who])]).toEqual([who, await once.answers(people[who])]);
      }),
      RUNS,
    );
  }, 600_000);

  test('what was known at a position is what was answered when the log ended there', async () => {
    await fc.assert(
      fc.asyncProperty(life, fc.double({ min: 0, max: 1, noNaN: true }), async (lived, share) => {
        telling += 1;
        const { acts, ends } = told(telling, lived);
        const all = [...acts, ...ends];
        const cut = 1 + Math.floor(share * (all.length - 1));
        await once.record(all.slice(0, cut));
        const position = (await once.size()) - 1;
        const people = peopleOf(telling);
        const then = new Map<SubjectRef, unknown>();
        for (const who of ASKED) {
          const subject = await once.find(people[who]);
          if (subject !== undefined) then.set(subject, await once.known(subject, undefined));
        }
        expect(then.size).toBeGreaterThan(0);
        if (cut < all.length) await once.record(all.slice(cut));
        for (const [subject, views] of then) expect(await once.known(subject, position)).toEqual(views);
      }),
      RUNS,
    );
  }, 600_000);

  test('both logs hold each event once', async () => {
    for (const arrivals of [once, again]) {
      const size = await arrivals.size();
      const entries = await arrivals.store.ledger.entries(CONTROLLER, 0, size + 1);
      expect(entries).toHaveLength(size);
      expect(new Set(entries.map(({ event }) => event.id)).size).toBe(size);
      const positions = [...arrivals.recorded.values()];
      expect(new Set(positions).size).toBe(positions.length);
    }
  });
});
