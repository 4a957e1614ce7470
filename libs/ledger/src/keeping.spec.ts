/** The fold that asks only what is there and what keeps it says of that what the whole fold says. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Rulebook } from '#packs';
import { type Act, CLIENT, life } from '../testdata/lifecycle.js';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { ORGANISATIONS, toldOf } from '../testdata/organisations.js';
import { rulebookOf } from '../testdata/packs.js';
import { type Folded, foldKeeping, foldPerson, momentOf } from './fold.js';
import { keepersOf } from './judge.js';
import type { PersonRecord } from './record.js';

const DAYS = ['2026-02-02', '2026-02-16', '2026-06-15', '2026-10-02', '2031-10-02'];
const CONTACT = { phone: '+77000000201' } as const;

function recordOf(acts: readonly Act[], rulebook: Rulebook): PersonRecord {
  const ledger = new MemoryLedger(rulebook);
  for (const act of acts) ledger.record(act, '2026-11-04T00:00:00.000Z');
  return ledger.person(ledger.subject({ iin: CLIENT.iin }));
}

function kept({ person, day, events }: Folded): readonly unknown[] {
  const items = person.all.map((item) => [
    item.key,
    item.fate?.kind,
    item.fate?.on,
    item.gonePlace,
    keepersOf(person, item, day),
  ]);
  return [items, events.map(({ event, place }) => [event.id, place])];
}

function bothOf(record: PersonRecord, rulebook: Rulebook, asOf: string): readonly [unknown, unknown] {
  const moment = momentOf(record, rulebook, { asOf, asKnown: undefined });
  return [kept(foldKeeping(record, moment)), kept(foldPerson(record, moment, [], false))];
}

/** Some acts are about an item of somebody else, and some are that person's own. */
const livesOf = (controller: string) =>
  fc
    .tuple(life, fc.array(fc.tuple(fc.nat(30), fc.constantFrom('tied', 'own')), { maxLength: 12 }))
    .map(([acts, others]): readonly Act[] => {
      const told = [...toldOf(controller, acts)];
      for (const [at, how] of others) {
        const act = told[at];
        if (act === undefined) continue;
        const data = act['data'] as Readonly<Record<string, unknown>>;
        if (how === 'own') told[at] = { ...act, data: { ...data, person: CONTACT } };
        else if (Array.isArray(data['items']) && data['values'] === undefined)
          told[at] = { ...act, data: { ...data, describes: { [data['items'][0] as string]: CONTACT } } };
      }
      return told;
    });

describe.each(ORGANISATIONS)('for any life, by the rules of %s', (controller) => {
  test('the items, their fates, what keeps them and the places are those of the whole fold', () => {
    const rulebook = rulebookOf(controller);
    let gone = 0;
    let held = 0;
    let tied = 0;
    fc.assert(
      fc.property(livesOf(controller), (acts) => {
        const record = recordOf(acts, rulebook);
        for (const asOf of DAYS) {
          const [one, whole] = bothOf(record, rulebook, asOf);
          expect(one).toEqual(whole);
          const [items] = whole as readonly [readonly (readonly [string, unknown, unknown, number, unknown[]])[]];
          gone += items.filter(([, fate]) => fate !== undefined).length;
          held += items.filter(([, , , , keepers]) => keepers.length > 0).length;
          tied += items.filter(([key]) => key.includes(' ')).length;
        }
      }),
      { numRuns: 30 },
    );
    expect(Math.min(gone, held, tied)).toBeGreaterThan(0);
  });
});
