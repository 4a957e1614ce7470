export { emptyRoot, hashBytes, leafHash, nodeHash, type Sha256 } from './hashing.js';
export { tileBytes, tileHeight, tileWidth } from './tile-nodes.js';
export { TileCache, widthAt } from './tile-cache.js';
export {
  Tree,
  TreeFailure,
  type Edge,
  type FullTile,
  type ReadFullTile,
  type TreeFailureCode,
  type TreeSnapshot,
} from './tree.js';
export { parseTilePath, tilePath, type TileName } from './tile-path.js';
export {
  formatVerifierKey,
  keyIdOf,
  makeVerifierKey,
  parseSigningKey,
  parseVerifierKey,
  signingKey,
  verifierKey,
  type KeyCode,
  type KeyUse,
  type SigningKey,
  type VerifierKey,
} from './key.js';
export {
  formatNote,
  formatSignatures,
  noteText,
  noteVerifier,
  openNote,
  parseNote,
  signNote,
  type Note,
  type NoteCode,
  type NoteSignature,
  type NoteSigner,
  type NoteVerifier,
  type Verify,
} from './note.js';
export { checkpoint, parseCheckpoint, type Checkpoint, type ReadCheckpoint } from './checkpoint.js';
export { formatReceipt, parseReceipt, type Receipt } from './receipt.js';
export { accept, reject, type Accepted, type Rejected, type Result } from './result.js';
