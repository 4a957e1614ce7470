/** How soon nothing of a person can be opened, and how soon nothing of it is left, beside how many events they have. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Identifier } from '#ledger';
import { controllerOf } from '../controller.js';
import { peerFailed } from '../failure.js';
import { withFolder } from '../folder.js';
import { fictitiousPerson } from '../simulate/fictitious.js';
import { seedOf } from '../simulate/random.js';
import { percentile } from './measure.js';
import { milliseconds, type Table } from './table.js';

const REST_MS = 500;

/** Prints a row; `dir` holds a log with one borrower of each seed, all with about as many events, and no server holds it. */
export async function benchDestruction(
  dir: string,
  controller: string,
  seeds: readonly string[],
  table: Table,
): Promise<void> {
  await withFolder({ dir, packs: undefined, origin: undefined, role: 'bench' }, async ({ store }) => {
    const id = controllerOf(controller);
    const { ledger, keys } = store;
    let events = 0;
    const shredded: number[] = [];
    const swept: number[] = [];
    for (const seed of seeds) {
      const { iin } = fictitiousPerson(seedOf(seed), 0);
      const identifiers = [{ kind: 'iin', value: iin } as Identifier];
      const subject = await ledger.find(id, identifiers);
      if (subject === undefined) throw peerFailed('The borrower to be destroyed is not in the log.');
      const record = await ledger.person(id, subject);
      events = record?.dossiers.find((dossier) => dossier.subject === subject)?.events.length ?? 0;
      // What was read of so many events is let go before the time is taken.
      await sleep(REST_MS);
      const begun = performance.now();
      const done = keys.shredDossier(id, subject);
      // Keys go first: whoever is found no more cannot be opened, either.
      while ((await ledger.find(id, identifiers)) !== undefined) await nextTurn();
      shredded.push(performance.now() - begun);
      await done;
      swept.push(performance.now() - begun);
    }
    table.row({
      name: `dossiers of ${events} events: shredded, swept (p50 of ${seeds.length})`,
      figure: `${milliseconds(percentile(shredded, 50))}, ${milliseconds(percentile(swept, 50))}`,
      beside: 'goal of the first 5 ms',
    });
  });
}
