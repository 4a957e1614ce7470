/** `depter key renew`: gives the dossiers' keys of a database a new epoch, and destroys the old ones. */
import { SystemClock } from '#host';
import { FileRootKey, openCluster, StoreFailure } from '#store';
import { storeFailed } from './folder.js';
import { readControllers } from './rulebooks.js';

export interface Renewal {
  readonly postgres: string;
  readonly keysPostgres: string | undefined;
  readonly rootKey: string;
}

/** Beside whatever servers run. Throws CommandFailure 3 where the store fails; done again, it does no harm. */
export async function renewKeys({ postgres, keysPostgres, rootKey }: Renewal): Promise<void> {
  const controllers = readControllers(undefined);
  try {
    const store = await openCluster({
      postgres,
      rootKey: FileRootKey.read(rootKey),
      rulebookFor: (controller) => controllers.rulebook(controller),
      clock: new SystemClock(),
      sequences: false,
      ...(keysPostgres === undefined ? {} : { keysPostgres }),
    });
    await store.renewEpoch().finally(() => store.close());
  } catch (error) {
    throw error instanceof StoreFailure ? storeFailed(error) : error;
  }
}
