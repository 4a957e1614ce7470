import { Option } from 'commander';
import { SystemClock } from '#host';
import { CommandFailure } from '../failure.js';
import type { Restored } from '#store';
import { type Add, DATA, KEYS_POSTGRES, type Options, ROOT_KEY, text } from '../options.js';
import { required, setting } from '../settings.js';

/** `depter backup` and `depter restore`. */
export function addBackup(add: Add): void {
  const places = [
    setting('--to <dir>', 'where the copy of the ledger goes'),
    setting('--keys-to <dir>', 'where the copy of the keys goes: another place, with other readers'),
  ];
  add(
    'backup',
    'copy a data folder, also while a server writes it',
    [DATA(), ...places],
    async (given, _args, streams) => {
      const { backupFolder, StoreFailure } = await import('#store');
      const { storeFailed } = await import('../folder.js');
      const options = {
        dir: required(given, 'data'),
        ledgerTo: required(given, 'to'),
        keysTo: required(given, 'keys-to'),
        name: new Date().toISOString().replaceAll(':', '').slice(0, 17),
      };
      const made = await backupFolder(options).catch((failure: unknown) => {
        throw failure instanceof StoreFailure ? storeFailed(failure) : failure;
      });
      for (const { controller, generation, size } of made.logs) {
        streams.stderr.write(`${controller}/${generation}: ${size} entries\n`);
      }
      streams.stderr.write('The root key (root.key) is not copied: keep it in a third place.\n');
      streams.stdout.write(`${made.ledger}\n${made.keys}\n`);
      return 0;
    },
  );
  const from = [
    setting('--ledger <file>', 'the copy of the ledger'),
    setting('--keys <file>', 'the newest copy of the keys that there is'),
    ROOT_KEY(),
    DATA(),
    setting('--postgres <url>', 'instead of copies: the database that PostgreSQL’s own tools have brought back'),
    KEYS_POSTGRES(),
    setting('--eventstore <url>', 'esdb://…, with --postgres: where the log lies'),
    setting('--destruction-journal <file>', 'what was destroyed since'),
    new Option('--checkpoint <files...>', 'checkpoints that were published, to compare the log with').default([]),
    new Option('--fill-event-log', 'with --postgres: entries that the event log has lost are given to it again'),
    new Option('--new-generation', 'a log that is shorter than what was published goes on in a new generation'),
  ];
  const description =
    'make a data folder of copies, or a restored database fit to be served; it forgets again what was destroyed since';
  add('restore', description, from, async (given, _args, streams) => {
    const { EventLogShortened, LogForked, LogShortened, StoreFailure } = await import('#store');
    const { storeFailed } = await import('../folder.js');
    try {
      const done = await restored(given);
      for (const { controller, generation, base } of done.continued) {
        streams.stderr.write(`${controller} goes on in generation ${generation}, from position ${base}\n`);
      }
      streams.stdout.write(
        `destructions carried out again: ${done.replayed}\ndossiers without a key, ended: ${done.ended}\n`,
      );
      return 0;
    } catch (failure) {
      if (failure instanceof LogShortened)
        throw new CommandFailure(1, `${failure.message}. ${TAKE_NEWER}`, { cause: failure });
      if (failure instanceof EventLogShortened)
        throw new CommandFailure(1, `${failure.message}. ${TAKE_NEWER_LOG}`, { cause: failure });
      if (failure instanceof LogForked)
        throw new CommandFailure(1, `${failure.message}. ${TAKE_PUBLISHED}`, { cause: failure });
      throw failure instanceof StoreFailure ? storeFailed(failure) : failure;
    }
  });
}

const TAKE_NEWER =
  'Take a newer copy, or give the last checkpoint that was published with --checkpoint and --new-generation.';
const TAKE_NEWER_LOG =
  'Name the server of the log with --eventstore, bring it back from a newer copy, or give --fill-event-log.';
const TAKE_PUBLISHED = 'Take a copy of the log that was published.';

async function restored(given: Options): Promise<Restored> {
  const { FileRootKey, restoreCluster, restoreFolder } = await import('#store');
  const { readFileSync } = await import('node:fs');
  const shared = {
    journal: text(given, 'destructionJournal'),
    checkpoints: (given['checkpoint'] as string[]).map((file) => readFileSync(file, 'utf8')),
    newGeneration: given['newGeneration'] === true,
    clock: new SystemClock(),
  };
  const rootKey = required(given, 'root-key');
  const postgres = text(given, 'postgres');
  if (postgres !== undefined) {
    const places = { keysPostgres: text(given, 'keysPostgres'), eventstore: text(given, 'eventstore') };
    const fillEventLog = given['fillEventLog'] === true;
    return restoreCluster({ ...shared, ...places, postgres, fillEventLog, rootKey: FileRootKey.read(rootKey) });
  }
  return restoreFolder({
    ...shared,
    ledger: required(given, 'ledger'),
    keys: required(given, 'keys'),
    rootKey,
    dir: required(given, 'data'),
  });
}
