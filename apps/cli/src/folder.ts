/** A store, opened by the command line itself: a data folder, which only one process can hold, or a database. */
import { ConfigError, type Controllers, keepHeapSmall, type OpenedStore, openStore, SystemClock } from '#host';
import { StoreFailure } from '#store';
import { type CommandFailure, peerFailed, wrongUse } from './failure.js';
import { readControllers } from './rulebooks.js';

export interface FolderSettings {
  /** The data folder; with `postgres` that of the root key, if none is named. */
  readonly dir: string | undefined;
  /** The database of a store that several processes share. */
  readonly postgres?: string | undefined;
  readonly keysPostgres?: string | undefined;
  readonly rootKey?: string | undefined;
  /** A folder of packs beside the built-in ones. */
  readonly packs: string | undefined;
  /** Names the log where the folder is made. */
  readonly origin: string | undefined;
  /** What whoever finds the folder held is told. */
  readonly role: string;
}

export interface Folder {
  readonly store: OpenedStore;
  readonly controllers: Controllers;
}

/** Opens the store, made if need be, lends it and closes it. Throws CommandFailure 3 where the store fails. */
export async function withFolder<T>(settings: FolderSettings, use: (folder: Folder) => Promise<T>): Promise<T> {
  keepHeapSmall();
  const controllers = readControllers(settings.packs);
  try {
    const store = await openStore(
      {
        data: settings.dir,
        postgres: settings.postgres,
        'keys-postgres': settings.keysPostgres,
        'root-key': settings.rootKey,
        origin: settings.origin,
        // What a command writes is placed by the servers.
        roles: settings.postgres === undefined ? [] : ['none'],
      },
      controllers,
      new SystemClock(),
      settings.role,
    );
    try {
      return await use({ store, controllers });
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof ConfigError) throw wrongUse(`${error.message}.`);
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
