/** What `depter export` is told, and what it says when it is done. */
import { builtInPacks, loadPacks, type Controllers } from '#host';
import type { ControllerId } from '#ledger';
import { controllerOf } from '../controller.js';
import { wrongUse } from '../failure.js';
import type { FeedStreams } from '../feed/feed.js';
import { withFolder } from '../folder.js';
import { peerOf } from '../peer.js';
import { readControllers } from '../rulebooks.js';
import { Bar } from '../verify/bar.js';
import { exportTo, type Exported } from './export.js';
import type { ExportedLog } from './exported-log.js';
import { folderLog } from './folder-log.js';
import { httpLog } from './http-log.js';

export interface ExportCommand {
  readonly controller: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly subject: string | undefined;
  readonly request: string | undefined;
  /** The latest, unless said. */
  readonly generation: number | undefined;
  readonly out: string | undefined;
  readonly packs: string | undefined;
  readonly place:
    | { readonly url: string; readonly key: string }
    | {
        readonly dir: string | undefined;
        readonly postgres: string | undefined;
        readonly keysPostgres: string | undefined;
        readonly rootKey: string | undefined;
      };
  readonly streams: FeedStreams;
}

/** Throws CommandFailure. */
export async function exportCommand(command: ExportCommand): Promise<void> {
  const controller = controllerOf(command.controller);
  const { place, packs, generation, subject, request } = command;
  if (request !== undefined && subject === undefined) throw wrongUse('--request is of a person: give --subject, too.');
  if ('url' in place) {
    const controllers = readControllers(packs);
    await run(command, controller, controllers, await httpLog(peerOf(place.url, place.key), controller, generation));
    return;
  }
  await withFolder({ ...place, packs, origin: undefined, role: 'export' }, async ({ store, controllers }) =>
    run(command, controller, controllers, await folderLog(store, controllers, controller, generation)),
  );
}

async function run(
  { from, to, subject, request, out, packs, streams }: ExportCommand,
  controller: ControllerId,
  controllers: Controllers,
  log: ExportedLog,
): Promise<void> {
  const rulebook = controllers.rulebook(controller);
  if (rulebook === undefined) throw wrongUse('No pack names this controller. Give the folder of its packs as --packs.');
  const file = out ?? `depter-${controller}.tar`;
  const bar = new Bar(streams.stderr, 'entries');
  let exported: Exported;
  try {
    exported = await exportTo(log, {
      controller,
      from,
      to,
      subject,
      request,
      file,
      rulebook,
      packs: loadPacks([builtInPacks(), ...(packs === undefined ? [] : [packs])]),
      onProgress: (done, all) => bar.show(done, all),
    });
  } finally {
    bar.clear();
  }
  const { entries, size, cosigned, elsewhere } = exported;
  if (elsewhere > 0)
    streams.stderr.write(
      `${elsewhere} entries of this person are in other generations of the log, and not in the archive: see --generation\n`,
    );
  streams.stdout.write(
    `exported ${entries} of ${size} entries to ${file}, under a checkpoint ${cosigned ? 'that witnesses cosigned' : 'of the log alone'}\n`,
  );
}
