/** How fast an export is checked: one thread, from a file to the verdict, every entry hashed and held against the tree. */
import { join } from 'node:path';
import { verifyArchive } from '#proof';
import { controllerOf } from '../controller.js';
import { exportTo } from '../export/export.js';
import { folderLog } from '../export/folder-log.js';
import { peerFailed } from '../failure.js';
import { withFolder } from '../folder.js';
import { FileAccess } from '../verify/file-access.js';
import { nodePrimitives } from '../verify/primitives.js';

export interface VerificationRate {
  readonly entries: number;
  readonly perSecond: number;
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
      file,
      rulebook: controllers.rulebook(controller)!,
      packs: [],
      onProgress: () => undefined,
    }),
  );
  const archive = FileAccess.open(file);
  try {
    const begun = performance.now();
    const judged = await verifyArchive(nodePrimitives, archive);
    const seconds = (performance.now() - begun) / 1000;
    if (!judged.ok)
      throw peerFailed(`The export of the benchmark is bad: ${judged.fault.code} at ${judged.fault.place}.`);
    return { entries: judged.value.entries, perSecond: judged.value.entries / seconds };
  } finally {
    archive.close();
  }
}
