import { accessSync, constants, readFileSync } from 'node:fs';
import { Option } from 'commander';
import { SystemClock } from '#host';
import { CommandFailure, wrongUse } from '../failure.js';
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
  const rootKey = readable(required(given, 'root-key'), 'root-key');
  const journal = text(given, 'destructionJournal');
  const shared = {
    journal: journal === undefined ? undefined : readable(journal, 'destruction-journal'),
    checkpoints: await Promise.all((given['checkpoint'] as string[]).map(checkpointOf)),
    newGeneration: given['newGeneration'] === true,
    clock: new SystemClock(),
  };
  const postgres = text(given, 'postgres');
  if (postgres !== undefined) {
    const places = { keysPostgres: text(given, 'keysPostgres'), eventstore: text(given, 'eventstore') };
    const fillEventLog = given['fillEventLog'] === true;
    return restoreCluster({ ...shared, ...places, postgres, fillEventLog, rootKey: FileRootKey.read(rootKey) });
  }
  return restoreFolder({
    ...shared,
    ledger: readable(required(given, 'ledger'), 'ledger'),
    keys: readable(required(given, 'keys'), 'keys'),
    rootKey,
    dir: required(given, 'data'),
  });
}

/** Throws CommandFailure 2 where there is no such file, before anything is made. */
function readable(file: string, name: string): string {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw wrongUse(`The file given to --${name} cannot be read.`);
  }
  return file;
}

async function checkpointOf(file: string): Promise<string> {
  const { parseCheckpoint, parseNote } = await import('#proof');
  const note = readFileSync(readable(file, 'checkpoint'), 'utf8');
  const parsed = parseNote(note);
  if (parsed.ok && parseCheckpoint(parsed.value.text).ok) return note;
  throw wrongUse('A file given to --checkpoint holds none: give it as it was published, byte by byte.');
}
