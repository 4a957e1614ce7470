import { type Add, DATA, KEYS_POSTGRES, PACKS, POSTGRES, ROOT_KEY, text } from './options.js';
import { required } from './settings.js';

/** `depter rebuild`. */
export function addRebuild(add: Add): void {
  const options = [DATA(), POSTGRES(), KEYS_POSTGRES(), ROOT_KEY(), PACKS()];
  const description = 'make the boards across persons again from the log; a folder that no server holds, or a database';
  add('rebuild', description, options, async (given, _args, streams) => {
    const { rebuildBoards } = await import('./rebuild.js');
    const postgres = text(given, 'postgres');
    const people = await rebuildBoards(
      {
        dir: postgres === undefined ? required(given, 'data') : text(given, 'data'),
        postgres,
        keysPostgres: text(given, 'keysPostgres'),
        rootKey: text(given, 'rootKey'),
        packs: text(given, 'packs'),
        origin: undefined,
        role: 'rebuild',
      },
      streams.stderr,
    );
    streams.stdout.write(`rows of ${people} people made\n`);
    return 0;
  });
}
