import { describe } from '@jest/globals';

/** A suite where what it needs is there; else it is skipped, under a name that says how to get it. */
export function suiteIf(there: boolean, name: string, how: string, suite: () => void): void {
  const describing = there ? describe : describe.skip;
  describing(there ? name : `${name} (${how})`, suite);
}
