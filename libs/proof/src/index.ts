export { emptyRoot, hashBytes, leafHash, nodeHash, type Sha256, type Sha256Into } from './hashing.js';
export { tileBytes, tileHeight, tileRoot, tileWidth } from './tile-nodes.js';
export { TileCache, widthAt } from './tile-cache.js';
export { Tree, type Edge, type FullTile, type ReadFullTile, type TreeSnapshot } from './tree.js';
export { TreeFailure, type TreeFailureCode } from './tree-failure.js';
export {
  consistencyProof,
  consistencyTiles,
  inclusionProof,
  inclusionTiles,
  TiledLog,
  type ReadTile,
  type TilePlace,
} from './tiled-log.js';
export {
  verifyConsistency,
  verifyInclusion,
  type ConsistencyClaim,
  type ConsistencyCode,
  type InclusionClaim,
  type InclusionCode,
  type Size,
} from './verify-path.js';
export { bundle, entryBytesMax, parseBundle, type BundleCode } from './bundle.js';
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
  noteSigner,
  noteText,
  noteVerifier,
  openNote,
  parseNote,
  signNote,
  type Ed25519Key,
  type Note,
  type NoteCode,
  type NoteSignature,
  type NoteSigner,
  type NoteVerifier,
  type Verify,
} from './note.js';
export {
  introductionText,
  keysIntroduced,
  readIntroduction,
  signedUntil,
  type KeyIntroduction,
} from './key-introduction.js';
export { checkpoint, parseCheckpoint, type Checkpoint, type ReadCheckpoint } from './checkpoint.js';
export { formatReceipt, parseReceipt, type Receipt } from './receipt.js';
export { accept, reject, type Accepted, type Rejected, type Result } from './result.js';
export { cosignatureMessage, cosignatureTime, cosignatureVerifier, cosigner } from './cosignature.js';
export {
  formatAddCheckpoint,
  formatWitnessSize,
  judgeAddCheckpoint,
  parseAddCheckpoint,
  parseCosignatures,
  parseWitnessSize,
  type AddCheckpoint,
  type WitnessCode,
  type WitnessedLog,
  type WitnessRefusal,
} from './witness.js';
export {
  logPolicy,
  parsePolicy,
  quorumMet,
  type FilePolicy,
  type Policy,
  type PolicyCode,
  type PolicyResult,
  type Quorum,
} from './policy.js';
export {
  verifyCheckpoint,
  verifyReceipt,
  type CheckpointCode,
  type Cosignature,
  type Primitives,
  type ReceiptCode,
  type VerifiedCheckpoint,
  type VerifiedReceipt,
} from './verifier.js';
export { listTar, tarEnd, tarHeader, tarPadding, type RandomAccess, type TarCode, type TarMember } from './tar.js';
export { faulty, good, type Fault, type FaultCode, type Judged } from './fault.js';
export { entryPlace, LogVerifier, type LogSource, type TrustedHead } from './log-verifier.js';
export { exportFormat, formatManifest, manifestName, type Manifest } from './manifest.js';
export { archiveNames } from './open-archive.js';
export { openArchiveParts, type PartHelper, type PartVerdict, type PeriodPart } from './archive-period.js';
export { verifyArchive, type ArchiveOptions, type ArchiveReport } from './archive-verifier.js';
export { entryHead, type EntryHead } from './entry-head.js';
export { addHead, ArchiveWriter, exportLog, type LogExport, type SignedHead, type Sink } from './archive-writer.js';
export { verifyCertificate, type CertificateReport } from './certificate-verifier.js';
