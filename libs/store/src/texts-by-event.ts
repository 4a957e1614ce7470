/** The sealed texts of a dossier's events, found by the event that each belongs to. */
import type { Recorded } from '#ledger';
import type { SealedText } from './ports.js';

/** By event id. Both are given by position; a text of an event that is not among them is left out. */
export function textsByEvent(
  events: readonly Recorded[],
  texts: readonly SealedText[],
): ReadonlyMap<string, readonly SealedText[]> {
  const byEvent = new Map<string, SealedText[]>();
  let at = 0;
  let last: SealedText[] = [];
  let position = -1;
  for (const text of texts) {
    if (text.position === position) {
      last.push(text);
      continue;
    }
    while (at < events.length && events[at]!.position < text.position) at += 1;
    const found = events[at];
    if (found?.position !== text.position) continue;
    last = [text];
    position = text.position;
    byEvent.set(found.event.id, last);
  }
  return byEvent;
}
