/** The Node that runs the command line: npm brings it, and it is newer than the one that may install it. */

const NEEDED = 26;

/** What to say where a Node of this version (`process.versions.node`) cannot run what follows. */
export function tooOld(version: string): string | undefined {
  if (Number(version.split('.')[0]) >= NEEDED) return undefined;
  return `depter runs on Node ${NEEDED}, which came with it; this is Node ${version}. Run it by \`npx depter\` in the project’s folder.\n`;
}
