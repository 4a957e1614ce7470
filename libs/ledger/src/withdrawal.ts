/** What a withdrawal does to purposes, consents and recipients, and what it starts (`rules.md` 2 and 3). */
import type { Day } from '#packs';
import { causeOf, knownItems, occasion } from './act.js';
import { open } from './clock.js';
import { covers, type Withdrawn, withdrawnOf } from './consent.js';
import { purposeOf } from './item.js';
import { unkept } from './passing.js';
import type { Person } from './person.js';
import { stopAtRecipients } from './propagation.js';
import { stopWithdrawn } from './purpose.js';
import { openRequest } from './request.js';
import type { EventOf } from './stored.js';

/** A part withdrawn goes on covering what is barred. */
export function holdBack(person: Person, withdrawn: readonly Withdrawn[], on: Day): void {
  for (const { consent, purpose } of withdrawn) {
    const barred = person.rules.rulebook.purpose(purpose, on)?.barred === true;
    if (!barred || !person.contracts.anyOpen('all')) continue;
    const parts = withdrawnOf(consent);
    parts.heldBack = new Set([...parts.heldBack, purpose]);
  }
}

export function withdrew(
  person: Person,
  event: EventOf<'withdrew'>,
  on: Day,
  place: number,
  withdrawn: readonly Withdrawn[],
): void {
  const request = openRequest(person, event, 'withdraw', on, place);
  stopWithdrawn(person, withdrawn, on);
  for (const item of person.all) {
    const touched = withdrawn.some(
      ({ consent, purpose }) => purposeOf(item, purpose) !== undefined && covers(consent, item.item, purpose),
    );
    if (touched) person.withdrawn.add(item.key);
  }
  person.later(() => {
    stopAtRecipients(person, causeOf(event), on);
    open(person, 'consent.withdrawn', {
      ...occasion(event, on),
      request,
      purposes: [...new Set(withdrawn.map((part) => part.purpose))],
      items: { destroy: unkept(person, knownItems(person, event.data), on) },
    });
  });
}
