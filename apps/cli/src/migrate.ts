/** `depter migrate`: carries a data folder that no server holds to a database, where servers take it up. */
import { SystemClock } from '#host';
import { carryFolder, StoreFailure } from '#store';
import { storeFailed } from './folder.js';

export interface Migration {
  readonly dir: string;
  readonly postgres: string;
  readonly keysPostgres: string | undefined;
  readonly eventstore: string | undefined;
}

/** How many events were carried. Throws CommandFailure 3 where a store fails. */
export async function migrateFolder({ dir, postgres, keysPostgres, eventstore }: Migration): Promise<number> {
  try {
    return await carryFolder({
      dir,
      postgres,
      clock: new SystemClock(),
      ...(keysPostgres === undefined ? {} : { keysPostgres }),
      ...(eventstore === undefined ? {} : { eventstore }),
    });
  } catch (error) {
    throw error instanceof StoreFailure ? storeFailed(error) : error;
  }
}
