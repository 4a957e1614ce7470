/** What is let go of a person's consents never carries anything again, however many there are. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '#packs';
import { carries, type Consent, consentOf, reach, withdrawnOf } from './consent.js';
import { ConsentList } from './consent-list.js';
import type { EventOf } from './stored.js';

const START = '2026-01-01';
const PURPOSES = ['loan', 'marketing'];

const given = fc.record({
  /** Days since the last one. */
  later: fc.integer({ min: 0, max: 3 }),
  purposes: fc.uniqueArray(fc.constantFrom(...PURPOSES), { minLength: 1 }),
  /** Days until it is over, or what it waits for. */
  until: fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.constantFrom('purpose-reached' as const, 'contract-performed' as const),
  ),
  then: fc.constantFrom('nothing', 'nothing', 'withdrawn', 'held back', 'reached', 'performed'),
});

function told({ purposes, until }: { purposes: string[]; until: number | string }, on: string): Consent {
  const data = {
    consent: 'C',
    edition: 'e',
    parts: purposes.map((purpose) => ({ purpose })),
    until: typeof until === 'number' ? addDays(on, until) : until,
  };
  return consentOf({ data } as unknown as EventOf<'consented'>, on, (ids) => new Set(ids));
}

function become(consent: Consent, what: string): void {
  if (what === 'withdrawn' || what === 'held back')
    for (const purpose of consent.purposes) withdrawnOf(consent).purposes.set(purpose, 'all');
  if (what === 'held back') withdrawnOf(consent).heldBack = consent.purposes;
  if (what === 'reached') reach([consent], 'all');
  if (what === 'performed') consent.performed = true;
}

const isHeldBack = (consent: Consent): boolean => (consent.withdrawn?.heldBack.size ?? 0) > 0;

test('those that carry something, or are held back, are among the living, from two days before the last on', () => {
  let forgotten = 0;
  fc.assert(
    fc.property(fc.array(given, { minLength: 1, maxLength: 200, size: 'max' }), (acts) => {
      const list = new ConsentList();
      let on = START;
      for (const { later, then, ...one } of acts) {
        on = addDays(on, later);
        const consent = told(one, on);
        list.add(consent);
        become(consent, then);
        const living = new Set(list.living);
        forgotten += list.all.length - living.size;
        for (const before of [0, -1, -2]) {
          const day = addDays(on, before);
          const inForce = list.all.filter((any) =>
            PURPOSES.some(
              (purpose) => carries(any, 'email', purpose, day) || (isHeldBack(any) && any.purposes.has(purpose)),
            ),
          );
          const lost = inForce.filter((any) => any.on <= day && !isOverFor(any, day) && !living.has(any));
          if (lost.length > 0) return false;
        }
      }
      return true;
    }),
    { numRuns: 25 },
  );
  // Else nothing was tried.
  expect(forgotten).toBeGreaterThan(1000);
});

/** Held back or not, a consent whose last day has passed carries nothing. */
function isOverFor({ until, reached, performed, purposes }: Consent, day: string): boolean {
  if (until === undefined) return [...purposes].every((purpose) => reached?.has(purpose));
  return until.kind === 'performance' ? performed : until.day < day;
}
