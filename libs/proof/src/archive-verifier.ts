import { isWithin, verifyPeriod, type PartHelper } from './archive-period.js';
import { entryHead } from './entry-head.js';
import { faulty, good, type Judged } from './fault.js';
import { equalBytes } from './hashing.js';
import { parseVerifierKey, type VerifierKey } from './key.js';
import { keysIntroduced, readIntroduction, signedUntil, type KeyIntroduction } from './key-introduction.js';
import { LogVerifier } from './log-verifier.js';
import { manifestName, type Manifest } from './manifest.js';
import { archiveNames, isOfLog, OpenArchive } from './open-archive.js';
import { logPolicy, type Policy } from './policy.js';
import type { RandomAccess } from './tar.js';
import { verifyCheckpoint, verifyReceipt, type Primitives, type VerifiedCheckpoint } from './verifier.js';

/** What an export proves, once it is verified. */
export interface ArchiveReport {
  readonly manifest: Manifest;
  /** The latest head, its signer, and which witnesses vouch for it. */
  readonly checkpoint: VerifiedCheckpoint;
  /** Older heads that are of the same log. */
  readonly olderCheckpoints: number;
  /** When the last of the head's signers was retired, by the notes in the archive; null: one of them is not. */
  readonly retired: string | null;
  /** Entries whose bytes are those of the log. */
  readonly entries: number;
  /** Whether the keys were said beforehand; else they are the archive's own, and somebody has to compare them. */
  readonly keys: 'given' | 'of the archive';
  /**
   * Members that the log does not vouch for: they are what the manifest names, but the manifest is signed by nobody. Whoever
   * made the archive may have written anything there.
   */
  readonly unproved: readonly string[];
}

export interface ArchiveOptions {
  /** Whom to believe; without it the key in the archive is taken, and told. */
  readonly policy?: Policy | undefined;
  /** Who checks half of a period beside this; without it all is checked here. */
  readonly helper?: PartHelper | undefined;
  /** Called with how many of how many entries were checked. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/**
 * Checks an export without the server that it comes from: everything in it is read as hostile, and the first fault is told
 * with its place. Six steps; each believes only what those before it have shown.
 */
export async function verifyArchive(
  primitives: Primitives,
  archive: RandomAccess,
  { policy, helper, onProgress }: ArchiveOptions = {},
): Promise<Judged<ArchiveReport>> {
  // 1. The archive is one, and has the members that its manifest names, no others.
  const opened = await OpenArchive.open(primitives, archive);
  if (!opened.ok) return opened;
  const files = opened.value;
  const { manifest } = files;

  // 2. The keys: those that were given, or the archive's own.
  const believed = await keysOf(primitives, files, policy);
  if (!believed.ok) return believed;

  // 3. The head: signed and cosigned, of this controller's log, of the size that the manifest says.
  const { policy: trusted, introductions } = believed.value;
  const head = await headOf(primitives, files, trusted);
  if (!head.ok) return head;
  const until = signedUntil(head.value.signers, introductions);
  const log = new LogVerifier(primitives, files, head.value.head);
  const edge = manifest.subjects === null ? await log.verifyEdge() : good(null);
  if (!edge.ok) return edge;

  // 4. Older heads are of the same log.
  const older = await verifyOlderHeads(primitives, files, trusted, log);
  if (!older.ok) return older;

  // 5. The entries are those of the log, and all of the period; of one person, those that receipts prove.
  const entries =
    manifest.subjects === null
      ? await verifyPeriod(files, log, { head: head.value.head, until }, helper, onProgress)
      : await verifyPerson(primitives, files, trusted, until, manifest.subjects);
  if (!entries.ok) return entries;

  // 6. What else is in the archive is what the manifest names, byte for byte; and nothing was there for nothing.
  const rest = await files.verifyRest(
    onProgress === undefined ? undefined : () => onProgress(entries.value, entries.value),
  );
  if (!rest.ok) return rest;
  return good({
    manifest,
    checkpoint: head.value,
    olderCheckpoints: older.value,
    retired: until,
    entries: entries.value,
    keys: policy === undefined ? 'of the archive' : 'given',
    unproved: files.below('').filter((name) => !isOfLog(name)),
  });
}

/** Whom to believe, and the notes that say who came after whom. */
interface Trust {
  readonly policy: Policy;
  readonly introductions: readonly KeyIntroduction[];
}

async function keysOf(primitives: Primitives, files: OpenArchive, policy: Policy | undefined): Promise<Judged<Trust>> {
  const text = await files.text(archiveNames.key);
  if (!text.ok) return text;
  const keys: VerifierKey[] = [];
  for (const line of text.value.split('\n').slice(0, -1)) {
    const key = parseVerifierKey(primitives.sha256, line);
    if (!key.ok || key.value.use !== 'note') return faulty('key-malformed', archiveNames.key);
    keys.push(key.value);
  }
  if (keys.length === 0 || !text.value.endsWith('\n')) return faulty('key-malformed', archiveNames.key);
  const introductions: KeyIntroduction[] = [];
  for (const name of files.below(archiveNames.introductions)) {
    const note = await files.text(name);
    const read = note.ok ? readIntroduction(primitives, note.value) : undefined;
    if (read === undefined) return faulty('key-malformed', name);
    introductions.push(read);
  }
  // Of the archive's own keys the first is taken; every other one has to be introduced.
  const logs = keysIntroduced(policy?.logs ?? keys.slice(0, 1), introductions);
  const isGiven = (key: VerifierKey): boolean =>
    logs.some(({ name, publicKey }) => name === key.name && equalBytes(publicKey, key.publicKey));
  if (!keys.every(isGiven)) return faulty('key-unknown', archiveNames.key);
  return good({ policy: policy === undefined ? logPolicy(...logs) : { ...policy, logs }, introductions });
}

async function headOf({ verify }: Primitives, files: OpenArchive, policy: Policy): Promise<Judged<VerifiedCheckpoint>> {
  const { controller, generation, origin, size } = files.manifest;
  if (!origin.endsWith(`/log/${controller}/${generation}`))
    return faulty('manifest-mismatch', `${manifestName}, origin`);
  const text = await files.text(archiveNames.checkpoint);
  if (!text.ok) return text;
  const checked = verifyCheckpoint(verify, policy, text.value);
  if (!checked.ok) return faulty(checked.code, archiveNames.checkpoint);
  const { head } = checked.value;
  if (head.origin !== origin) return faulty('origin-mismatch', archiveNames.checkpoint);
  return head.size === size ? good(checked.value) : faulty('manifest-mismatch', `${manifestName}, size`);
}

async function verifyOlderHeads(
  { verify }: Primitives,
  files: OpenArchive,
  policy: Policy,
  log: LogVerifier,
): Promise<Judged<number>> {
  const names = files.below(archiveNames.older);
  for (const name of names) {
    const text = await files.text(name);
    if (!text.ok) return text;
    // Of these only some were shown to witnesses: the log's own signature is what holds it to each.
    const checked = verifyCheckpoint(verify, { ...policy, quorum: { kind: 'none' } }, text.value);
    if (!checked.ok) return faulty(checked.code, name);
    const { head } = checked.value;
    if (head.origin !== files.manifest.origin) return faulty('origin-mismatch', name);
    if (!new RegExp(`^${head.size}(?:\\.\\d+)?$`).test(name.slice(archiveNames.older.length)))
      return faulty('manifest-mismatch', name);
    const judged = await log.verifyOlder(head, name);
    if (!judged.ok) return judged;
  }
  return good(names.length);
}

/** The entries of one person, each with its own receipt under the archive's checkpoint. */
async function verifyPerson(
  primitives: Primitives,
  files: OpenArchive,
  policy: Policy,
  until: string | null,
  subjects: readonly string[],
): Promise<Judged<number>> {
  const checkpoint = await files.text(archiveNames.checkpoint);
  if (!checkpoint.ok) return checkpoint;
  const names = files.below(archiveNames.subject).filter((name) => name.endsWith('.entry'));
  for (const name of names) {
    const index = name.slice(archiveNames.subject.length, -'.entry'.length);
    const receiptName = `${archiveNames.subject}${index}.receipt`;
    const [entry, receipt] = [await files.read(name), await files.text(receiptName)];
    if (!receipt.ok) return receipt;
    if (entry === undefined) return faulty('missing', name);
    const checked = verifyReceipt(primitives, policy, receipt.value, entry);
    const place = `entry ${index} (${name})`;
    if (!checked.ok) return faulty(checked.code, place);
    if (String(checked.value.index) !== index) return faulty('manifest-mismatch', place);
    // All stand under one head, so that no entry is shown under another history than the rest.
    if (!receipt.value.endsWith(`\n\n${checkpoint.value}`)) return faulty('fork', `${receiptName}, checkpoint`);
    const head = entryHead(entry);
    if (head === undefined) return faulty('entry-malformed', place);
    if (until !== null && head.recorded >= until) return faulty('key-retired', place);
    if (head.subject === null || !subjects.includes(head.subject)) return faulty('subject-mismatch', place);
    const { first, end } = files.manifest;
    const isCounted = checked.value.index >= first && checked.value.index < end;
    if (!isCounted || !isWithin(files.manifest, head.recorded)) return faulty('period-mismatch', place);
  }
  return good(names.length);
}
