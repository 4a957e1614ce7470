/** Whose standing an entry of the log may change. */
import type { ControllerId, EventId, Recorded, SubjectRef } from '#ledger';
import type { Ledger } from '#store';

export interface TouchedDossiers {
  readonly subjects: ReadonlySet<SubjectRef>;
  /** What the controller itself did or told changes what everybody is owed. */
  readonly everybody: boolean;
}

/**
 * A dossier that an event lies in, and that in which what it corrects lies. People whose dossiers are tied or linked to
 * these are found when these are looked at.
 */
export async function touchedBy(
  entries: readonly Recorded[],
  ledger: Ledger,
  controller: ControllerId,
): Promise<TouchedDossiers> {
  const subjects = new Set<SubjectRef>();
  let everybody = false;
  const touch = ({ event }: Recorded): void => {
    if (event.subject !== null) subjects.add(event.subject as SubjectRef);
    else if (isForEverybody(event)) everybody = true;
  };
  for (const entry of entries) {
    if (entry.event.type === 'accessed') continue;
    touch(entry);
    for (const wrong of await correctedBy(entry, ledger, controller)) {
      touch(wrong);
      // What the controller told of several people lies with each of them.
      if (wrong.event.subject === null) everybody = true;
    }
  }
  return { subjects, everybody };
}

/** What an entry corrects; of a correction that is corrected, what that one did, too. */
async function correctedBy(entry: Recorded, ledger: Ledger, controller: ControllerId): Promise<readonly Recorded[]> {
  const found: Recorded[] = [];
  const seen = new Set<string>();
  for (let { event } = entry; event.type === 'corrected' && !seen.has(event.id);) {
    seen.add(event.id);
    const wrong = await ledger.event(controller, event.data.event as EventId);
    if (wrong === undefined) break;
    found.push(wrong);
    event = wrong.event;
  }
  return found;
}

/** Backups change no clock and no finding; a breach that names people has an event with each of them. */
function isForEverybody(event: Recorded['event']): boolean {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest is the controller's alone
  switch (event.type) {
    case 'registered':
    case 'activated':
      return true;
    case 'undertook':
      return event.data.recipient !== undefined;
    case 'breached':
      return event.data.people === undefined;
    default:
      return false;
  }
}
