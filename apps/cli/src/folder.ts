/** A data folder, opened by the command line itself: only one process can hold it. */
import { type Controllers, SystemClock } from '#host';
import { type EmbeddedStore, openEmbedded, StoreFailure } from '#store';
import { type CommandFailure, peerFailed } from './failure.js';
import { readControllers } from './rulebooks.js';

export interface FolderSettings {
  readonly dir: string;
  /** A folder of packs beside the built-in ones. */
  readonly packs: string | undefined;
  /** Names the log where the folder is made. */
  readonly origin: string | undefined;
  /** What whoever finds the folder held is told. */
  readonly role: string;
}

export interface Folder {
  readonly store: EmbeddedStore;
  readonly controllers: Controllers;
}

/** Opens the folder, made if need be, lends it and closes it. Throws CommandFailure 3 where the store fails. */
export async function withFolder<T>(settings: FolderSettings, use: (folder: Folder) => Promise<T>): Promise<T> {
  const controllers = readControllers(settings.packs);
  try {
    const store = await openEmbedded({
      dir: settings.dir,
      ...(settings.origin === undefined ? {} : { origin: settings.origin }),
      rulebookFor: (controller) => controllers.rulebook(controller),
      clock: new SystemClock(),
      role: settings.role,
    });
    try {
      return await use({ store, controllers });
    } finally {
      await store.close();
    }
  } catch (error) {
    throw error instanceof StoreFailure ? storeFailed(error) : error;
  }
}

/** The store's own words, and what to do about them. */
export function storeFailed(failure: StoreFailure): CommandFailure {
  return peerFailed(`${failure.message.replace(/\.?$/, '.')} ${REMEDIES[failure.code]}`, failure);
}

const REMEDIES: Record<StoreFailure['code'], string> = {
  locked: 'Stop the process that holds the folder, or ask it over HTTP with --url.',
  full: 'Make room on the disk and repeat the command.',
  corrupt: 'Restore the folder from a backup before anything is written to it.',
  unavailable: 'Check that the folder can be written, and repeat the command.',
  overloaded: 'Repeat the command.',
  changed: 'Repeat the command.',
};
