/** Why tiles or an edge that were read do not make a tree. */
export type TreeFailureCode = 'edge-malformed' | 'edge-mismatch' | 'tile-malformed' | 'tile-mismatch';

/** What was read of a tree contradicts itself: the store is damaged, or the server that gave it lies. */
export class TreeFailure extends Error {
  readonly code: TreeFailureCode;

  constructor(code: TreeFailureCode) {
    super(`what was read does not make a tree: ${code}`);
    this.name = 'TreeFailure';
    this.code = code;
  }
}
