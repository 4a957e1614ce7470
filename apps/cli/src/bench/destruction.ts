/**
 * What a destruction takes, beside how many events the dossier has: until the intent is recorded, from there until nothing
 * of the person can be opened and nobody is found by them (*shredded*), and until nothing of it is left.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Identifier, OwnActionOf } from '#ledger';
import { controllerOf } from '../controller.js';
import { peerFailed } from '../failure.js';
import { type Folder, withFolder } from '../folder.js';
import { fictitiousPerson } from '../simulate/fictitious.js';
import { seedOf } from '../simulate/random.js';
import { recordReading } from './lineage.js';
import { percentile } from './measure.js';
import { milliseconds, type Table } from './table.js';

/** Readings of the person recorded before each, so that it meets a store at work, with disk and processor awake. */
const READINGS_BEFORE = 100;

interface Destruction {
  readonly events: number;
  /** From the order to the intent, from there to *shredded*, from the order to the event that says that all is done. */
  readonly intended: number;
  readonly shredded: number;
  readonly done: number;
}

/** Prints the rows; `dir` holds a log with one borrower of each seed, all with about as many events, and no server holds it. */
export async function benchDestruction(
  dir: string,
  controller: string,
  seeds: readonly string[],
  table: Table,
): Promise<void> {
  await withFolder({ dir, packs: undefined, origin: undefined, role: 'bench' }, async (folder) => {
    const all: Destruction[] = [];
    for (const seed of seeds) all.push(await destroyed(folder, controller, seed));
    const middle = (part: keyof Destruction) =>
      percentile(
        all.map((one) => one[part]),
        50,
      );
    table.row({
      name: `a dossier of ${middle('events')} events, shredded (p50 of ${all.length})`,
      figure: milliseconds(middle('shredded')),
      beside: `goal 5 ms; before it the intent ${milliseconds(middle('intended'))}; all ${milliseconds(middle('done'))}`,
    });
  });
}

async function destroyed(folder: Folder, controller: string, seed: string): Promise<Destruction> {
  const id = controllerOf(controller);
  const { ledger, destructions } = folder.store;
  const { iin } = fictitiousPerson(seedOf(seed), 0);
  const identifiers = [{ kind: 'iin', value: iin } as Identifier];
  const subject = await ledger.find(id, identifiers);
  if (subject === undefined) throw peerFailed('The borrower to be destroyed is not in the log.');
  const record = await ledger.person(id, subject);
  const events = record?.dossiers.find((dossier) => dossier.subject === subject)?.events.length ?? 0;
  for (let i = 0; i < READINGS_BEFORE; i++) await recordReading(folder, id, subject);
  const size = await ledger.size(id);
  const at = new Date().toISOString() as OwnActionOf<'destroyed'>['at'];
  const act = {
    kind: 'own',
    name: 'destroyed',
    subject,
    by: null,
    at,
    data: { items: 'all', method: 'erase' },
  } as const;
  const begun = performance.now();
  const done = destructions.destroy(id, { act, dossiers: [subject] });
  while ((await ledger.size(id)) === size) await nextTurn();
  const intended = performance.now();
  // Keys go first: whoever is found no more cannot be opened, either.
  while ((await ledger.find(id, identifiers)) !== undefined) await nextTurn();
  const shredded = performance.now();
  await done;
  return { events, intended: intended - begun, shredded: shredded - intended, done: performance.now() - begun };
}
