/** What a person is told, and what they refuse (`rules.md` 4, `collected-without-notice`, `collected-without-basis`). */
import type { Day } from '#packs';
import { closeNoticed } from './found.js';
import type { Person, Refusal } from './person.js';
import type { EventOf } from './stored.js';

/** What the notice names, it names to the person; what is about someone else is told to them alone. */
export function noticed(person: Person, event: EventOf<'noticed'>, on: Day): void {
  const { items = [], recipients = [] } = event.data;
  for (const recipient of recipients) person.noticed.recipients.add(recipient);
  for (const item of items) person.noticed.items.add(item);
  closeNoticed(person.findings, items, on);
}

export function refusalOf({ data: { items, parts } }: EventOf<'refused-consent'>): Refusal {
  const purposes = new Set(parts.flatMap((part) => ('purpose' in part ? [part.purpose] : [])));
  return { items: items === undefined ? undefined : new Set(items), purposes };
}
