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

/** A hold of one item alone, and in place of some acts those of which a life has none; two of these are about an item of their own. */
function varied(act: Act, choice: number): Act {
  const { cause: _cause, until: _until, method: _method, ...data } = act['data'] as Readonly<Record<string, unknown>>;
  const instead = (name: string, other: object): Act => ({ ...act, type: `depter.action.${name}.v1`, data: other });
  const items = [...((data['items'] as readonly string[] | undefined) ?? []), 'some.item'];
  switch (act['type']) {
    case 'depter.action.destroyed.v1':
      return choice % 2 === 0 ? act : instead('depersonalised', data);
    case 'depter.action.blocked.v1':
      if (choice === 1) return instead('verified', { ...data, items, result: 'match', with: 'kz.bank' });
      if (choice === 2) return instead('used', { ...data, items, purposes: ['loan'] });
      if (choice === 3) return instead('backed-up', { on: '2026-02-02', place: 'kz.bank', until: '2026-06-30' });
      return act;
    case 'depter.action.held.v1':
      return choice % 2 === 0 ? act : { ...act, data: { ...(act['data'] as object), items: ['name'] } };
    default:
      return act;
  }
}

/** Some acts are about an item of somebody else, and some are that person's own. */
const livesOf = (controller: string) =>
  fc
    .tuple(
      life,
      fc.array(fc.tuple(fc.nat(30), fc.constantFrom('tied', 'own')), { maxLength: 12 }),
      fc.array(fc.nat(3), { minLength: 7, maxLength: 7 }),
    )
    .map(([acts, others, choices]): readonly Act[] => {
      const told = [
        ...toldOf(
          controller,
          acts.map((act, at) => varied(act, choices[at % choices.length]!)),
        ),
      ];
      for (const [at, how] of others) {
        const act = told[at];
        if (act === undefined || act['type'] === 'depter.action.backed-up.v1') continue;
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
          // A hold without a clause is an undefined keeper, which `toEqual` takes for none.
          expect(one).toStrictEqual(whole);
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
