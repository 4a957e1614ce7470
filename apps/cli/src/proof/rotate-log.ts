/** `depter key rotate-log`: a log gets a new key, in a data folder that no server holds, or in a database beside its servers. */
import { latestGeneration } from '#roles';
import { controllerOf } from '../controller.js';
import { wrongUse } from '../failure.js';
import { withFolder } from '../folder.js';

const DAY_MS = 86_400_000;

export interface Rotation {
  /** The data folder; with `postgres` that of the root key, if none is named. */
  readonly dir: string | undefined;
  readonly postgres: string | undefined;
  readonly keysPostgres: string | undefined;
  readonly rootKey: string | undefined;
  readonly packs: string | undefined;
  readonly controller: string;
  /** How long both keys sign. */
  readonly days: number;
}

/** The new key, and until when the old one signs. Throws CommandFailure 3 while an earlier rotation runs. */
export async function rotateLogKey({ controller, days, ...place }: Rotation): Promise<{ key: string; until: string }> {
  return withFolder({ ...place, origin: undefined, role: 'key' }, async ({ store, controllers }) => {
    const id = controllerOf(controller);
    if (!controllers.has(id)) throw wrongUse('No pack names this controller. Give the folder of its packs as --packs.');
    const untilMs = Date.now() + days * DAY_MS;
    await store.log.rotateKey(id, untilMs);
    const generation = (await latestGeneration(store.log, id)) ?? 1;
    return { key: (await store.log.verifierKey(id, generation)) ?? '', until: new Date(untilMs).toISOString() };
  });
}
