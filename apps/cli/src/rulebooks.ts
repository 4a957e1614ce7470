/** The packs that the command line reads: the built-in ones and those of a folder. */
import { builtInPacks, type Controllers, loadControllers, PackFilesError } from '#host';
import { wrongUse } from './failure.js';

/** Throws CommandFailure 2 with the file, line and reason of each fault. */
export function readControllers(folder: string | undefined): Controllers {
  const builtIn = builtInPacks();
  try {
    return loadControllers(folder === undefined ? [builtIn] : [builtIn, folder]);
  } catch (error) {
    if (error instanceof PackFilesError)
      throw wrongUse(`The packs cannot be used. Mend these places:\n${error.message}`);
    throw error;
  }
}
