import { resolve } from 'node:path';
import { controllerOf } from '../controller.js';
import type { Folder } from '../folder.js';
import type { Sink } from './feed.js';
import { feedFolder } from './into-folder.js';
import { newestLog } from './newest-log.js';

/** A folder that is open already as the place that a feed goes to. Throws CommandFailure 2 where the controller is none. */
export function folderSink({ store, controllers }: Folder, dir: string, controller: string): Sink {
  const id = controllerOf(controller);
  return {
    name: `${resolve(dir)} ${id}`,
    log: () => newestLog((generation) => store.log.verifierKey(id, generation)),
    feed: (parts) => feedFolder(store, controllers, id, parts),
  };
}
