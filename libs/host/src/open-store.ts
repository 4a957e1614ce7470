/** Opens the store that the settings name: a data folder of this process alone, or a database that several share. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileRootKey, FolderPositions, openCluster, openEmbedded, openPostgresBoards, ThreadedBoards, type Clock, type FollowerPositions, type Projections, type RootKey, type Store } from '#store'; // prettier-ignore
import { ConfigError, type Config } from './config.js';
import type { Controllers } from './controllers.js';

/** The role that gives accepted events their places in the log; in a data folder it is always there. */
export const SEQUENCER_ROLE = 'sequencer';

/** The role that checks the logs from their first entry on. */
export const AUDIT_ROLE = 'audit';

/** The role that has the logs cosigned by witnesses. */
export const WITNESS_ROLE = 'witness';

/** The role that keeps the boards across persons. */
export const PROJECTOR_ROLE = 'projector';

export interface OpenedStore extends Store {
  /** The boards across persons; their place is made by the first who asks for them. */
  readonly projections: Projections;
  /** Where followers that act outside the store have got to. */
  readonly positions: FollowerPositions;
}

type Wanted =
  'data' | 'postgres' | 'keys-postgres' | 'eventstore' | 'root-key' | 'origin' | 'roles' | 'destruction-journal';
export type StoreSettings = { readonly [Name in Wanted]?: Config[Name] | undefined };

/** `role` is what whoever finds a folder held is told. Throws ConfigError, StoreFailure. */
export async function openStore(
  settings: StoreSettings,
  controllers: Controllers,
  clock: Clock,
  role: string,
): Promise<OpenedStore> {
  const shared = {
    clock,
    rulebookFor: (controller: Parameters<Controllers['rulebook']>[0]) => controllers.rulebook(controller),
    ...(settings.origin === undefined ? {} : { origin: settings.origin }),
    ...(settings['destruction-journal'] === undefined ? {} : { journal: settings['destruction-journal'] }),
  };
  const { data, postgres, eventstore, roles = [] } = settings;
  if (postgres !== undefined) {
    const keysPostgres = settings['keys-postgres'];
    const store = await openCluster({
      ...shared,
      postgres,
      rootKey: rootKeyOf(settings),
      sequences: roles.length === 0 || roles.includes(SEQUENCER_ROLE),
      ...(eventstore === undefined ? {} : { eventstore }),
      ...(keysPostgres === undefined ? {} : { keysPostgres }),
    });
    return withBoards(store, store.positions, () => openPostgresBoards(postgres));
  }
  if (data === undefined) throw new ConfigError('--data is missing');
  const store = await openEmbedded({ ...shared, dir: data, role });
  return withBoards(store, new FolderPositions(join(data, 'followers')), async () => new ThreadedBoards(data));
}

async function withBoards(
  store: Store,
  positions: FollowerPositions,
  openBoards: () => Promise<Projections>,
): Promise<OpenedStore> {
  let projections: Projections;
  try {
    projections = await openBoards();
  } catch (failure) {
    await store.close();
    throw failure;
  }
  return {
    ledger: store.ledger,
    log: store.log,
    vault: store.vault,
    keys: store.keys,
    destructions: store.destructions,
    accessKeys: store.accessKeys,
    positions,
    projections,
    health: () => store.health(),
    lost: store.lost,
    close: async () => {
      await projections.close();
      await store.close();
    },
  };
}

/** A root key that is named must be there; that of a data folder is made with the folder. */
function rootKeyOf({ data, 'root-key': file }: StoreSettings): RootKey {
  if (file !== undefined) {
    if (!existsSync(file)) throw new ConfigError('setting root-key: there is no such file');
    return FileRootKey.read(file);
  }
  if (data === undefined) throw new ConfigError('--root-key or --data is missing');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (!FileRootKey.exists(data)) FileRootKey.create(data);
  return FileRootKey.open(data);
}
