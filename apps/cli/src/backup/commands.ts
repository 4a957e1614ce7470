import { Option } from 'commander';
import { SystemClock } from '#host';
import { CommandFailure } from '../failure.js';
import { type Add, DATA, ROOT_KEY, text } from '../options.js';
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
    setting('--destruction-journal <file>', 'what was destroyed since'),
    new Option('--checkpoint <files...>', 'checkpoints that were published, to compare the log with').default([]),
    new Option('--new-generation', 'a log that is shorter than what was published goes on in a new generation'),
  ];
  add(
    'restore',
    'make a data folder of copies; it forgets again what was destroyed since',
    from,
    async (given, _args, streams) => {
      const { LogForked, LogShortened, restoreFolder, StoreFailure } = await import('#store');
      const { storeFailed } = await import('../folder.js');
      const { readFileSync } = await import('node:fs');
      try {
        const done = restoreFolder({
          ledger: required(given, 'ledger'),
          keys: required(given, 'keys'),
          rootKey: required(given, 'root-key'),
          dir: required(given, 'data'),
          journal: text(given, 'destructionJournal'),
          checkpoints: (given['checkpoint'] as string[]).map((file) => readFileSync(file, 'utf8')),
          newGeneration: given['newGeneration'] === true,
          clock: new SystemClock(),
        });
        for (const { controller, generation, base } of done.continued) {
          streams.stderr.write(`${controller} goes on in generation ${generation}, from position ${base}\n`);
        }
        streams.stdout.write(
          `destructions carried out again: ${done.replayed}\ndossiers without a key, ended: ${done.ended}\n`,
        );
        return 0;
      } catch (failure) {
        if (failure instanceof LogShortened) {
          throw new CommandFailure(1, `${failure.message}. Take a newer copy, or give --new-generation.`, {
            cause: failure,
          });
        }
        if (failure instanceof LogForked) {
          throw new CommandFailure(1, `${failure.message}. Take a copy of the log that was published.`, {
            cause: failure,
          });
        }
        throw failure instanceof StoreFailure ? storeFailed(failure) : failure;
      }
    },
  );
}
