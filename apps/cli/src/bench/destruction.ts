/** How soon nothing of a person can be opened, and how soon nothing of it is left, beside how many events they have. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Identifier } from '#ledger';
import { controllerOf } from '../controller.js';
import { peerFailed } from '../failure.js';
import { withFolder } from '../folder.js';
import { fictitiousPerson } from '../simulate/fictitious.js';
import { seedOf } from '../simulate/random.js';
import { milliseconds, type Table } from './table.js';

const REST_MS = 500;

/** Prints the rows; `dir` holds a log with one borrower of that seed, and no server holds it. */
export async function benchDestruction(dir: string, controller: string, seed: string, table: Table): Promise<void> {
  await withFolder({ dir, packs: undefined, origin: undefined, role: 'bench' }, async ({ store }) => {
    const id = controllerOf(controller);
    const { ledger, keys } = store;
    const { iin } = fictitiousPerson(seedOf(seed), 0);
    const identifiers = [{ kind: 'iin', value: iin } as Identifier];
    const subject = await ledger.find(id, identifiers);
    if (subject === undefined) throw peerFailed('The borrower to be destroyed is not in the log.');
    const record = await ledger.person(id, subject);
    const events = record?.dossiers.find((dossier) => dossier.subject === subject)?.events.length ?? 0;
    // What was read of so many events is let go before the time is taken.
    await sleep(REST_MS);
    const begun = performance.now();
    const swept = keys.shredDossier(id, subject);
    // Keys go first: whoever is found no more cannot be opened, either.
    while ((await ledger.find(id, identifiers)) !== undefined) await nextTurn();
    const shredded = performance.now() - begun;
    await swept;
    table.row({
      name: `a dossier of ${events} events: shredded, swept`,
      figure: `${milliseconds(shredded)}, ${milliseconds(performance.now() - begun)}`,
      beside: 'goal of the first 5 ms',
    });
  });
}
