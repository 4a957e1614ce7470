/** Files that lie in the package beside the code; the code runs from the source in tests and from `dist` elsewhere. */
import { fileURLToPath } from 'node:url';

const ABOVE = import.meta.url.endsWith('.ts') ? '../../../' : '../../../../';

/** The path of a file of the package. */
export function packaged(path: string): string {
  return fileURLToPath(new URL(ABOVE + path, import.meta.url));
}
