/** What follows a dispute stands with it: the complaint, the agency's conclusion, the court's order (`domain.md` 4.3). */
import { expect, test } from '@jest/globals';
import { type Row, Told } from '../testdata/acts.js';
import { rulebookOf } from '../testdata/packs.js';
import { requests } from './request-view.js';

const holder = rulebookOf('kg.holder');
const E = { pin: '12202198500020' };
const of = (on: string, name: string, data: object): Row => [on, name, { person: E, ...data }];

test('a dispute has its complaint, what the agency concluded on it and what the court ordered; another has not', () => {
  const told = new Told(holder, [
    of('2025-06-16', 'disputed', { items: ['address'], request: 'D-1', alleges: 'untrue' }),
    of('2025-06-20', 'disputed', { items: ['phone'], request: 'D-2' }),
    // Told in another order than they happened.
    of('2025-08-01', 'ordered', { by: 'kg.court', what: 'damages', request: 'D-1' }),
    of('2025-06-27', 'complained', { to: 'kg.agency', request: 'D-1' }),
    of('2025-07-10', 'ordered', { by: 'kg.agency', what: 'unblock', request: 'D-1' }),
    of('2025-07-11', 'complained', { to: 'kg.court' }),
  ]);
  const shown = (asOf: string) =>
    requests(
      told.ledger.person(told.ledger.subject(E)),
      holder,
      { asOf, asKnown: undefined },
      {
        texts: (reference) => told.ledger.texts.get(reference)?.text,
      },
    ).map(({ request, complaints, orders }) => ({ request, complaints, orders }));
  const complaints = [{ on: '2025-06-27', to: 'kg.agency' }];
  const conclusion = { on: '2025-07-10', by: 'kg.agency', what: 'unblock' };
  const order = { on: '2025-08-01', by: 'kg.court', what: 'damages' };
  expect(shown('2025-06-26')).toEqual([{ request: 'D-1' }, { request: 'D-2' }]);
  expect(shown('2025-07-31')).toEqual([{ request: 'D-1', complaints, orders: [conclusion] }, { request: 'D-2' }]);
  expect(shown('2025-08-01')).toEqual([
    { request: 'D-1', complaints, orders: [conclusion, order] },
    { request: 'D-2' },
  ]);
});
