/** How fast an export is checked: from a file to the verdict, every entry hashed and held against the tree. */
import { join } from 'node:path';
import { verifyArchive, type PartHelper } from '#proof';
import { controllerOf } from '../controller.js';
import { exportTo } from '../export/export.js';
import { folderLog } from '../export/folder-log.js';
import { peerFailed } from '../failure.js';
import { withFolder } from '../folder.js';
import { FileAccess } from '../verify/file-access.js';
import { helping } from '../verify/second-thread.js';
import { nodePrimitives } from '../verify/primitives.js';

export interface VerificationRate {
  readonly entries: number;
  /** In as many threads as `depter verify` takes, two where there are two cores. */
  readonly perSecond: number;
  /** In one thread, as the verifier alone and the page in a browser do it. */
  readonly perSecondAlone: number;
}

/** Exports all of a data folder's log beside it, and checks the archive. */
export async function verificationRate(data: string, controllerId: string, scratch: string): Promise<VerificationRate> {
  const controller = controllerOf(controllerId);
  const file = join(scratch, 'export.tar');
  await withFolder({ dir: data, packs: undefined, origin: undefined, role: 'bench' }, async ({ store, controllers }) =>
    exportTo(await folderLog(store, controllers, controller), {
      controller,
      from: undefined,
      to: undefined,
      subject: undefined,
      request: undefined,
      file,
      rulebook: controllers.rulebook(controller)!,
      packs: [],
      onProgress: () => undefined,
    }),
  );
  const alone = await timed(file, undefined);
  const beside = helping(file);
  const helped = await timed(file, beside.helper).finally(() => beside.close());
  return { ...helped, perSecondAlone: alone.perSecond };
}

async function timed(file: string, helper: PartHelper | undefined): Promise<{ entries: number; perSecond: number }> {
  const archive = FileAccess.open(file);
  try {
    const begun = performance.now();
    const judged = await verifyArchive(nodePrimitives, archive, { helper });
    const seconds = (performance.now() - begun) / 1000;
    if (!judged.ok)
      throw peerFailed(`The export of the benchmark is bad: ${judged.fault.code} at ${judged.fault.place}.`);
    return { entries: judged.value.entries, perSecond: judged.value.entries / seconds };
  } finally {
    archive.close();
  }
}
