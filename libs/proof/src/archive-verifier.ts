import { entryHead } from './entry-head.js';
import { faulty, good, type Judged } from './fault.js';
import { equalBytes, hashBytes } from './hashing.js';
import { parseVerifierKey, type VerifierKey } from './key.js';
import { keysIntroduced, readIntroduction, signedUntil, type KeyIntroduction } from './key-introduction.js';
import { entryPlace, LogVerifier } from './log-verifier.js';
import { manifestName, parseManifest, type Manifest } from './manifest.js';
import { logPolicy, type Policy } from './policy.js';
import { listTar, type RandomAccess, type TarMember } from './tar.js';
import { decodeText, toHex } from './text.js';
import { widthAt } from './tile-cache.js';
import { tileWidth } from './tile-nodes.js';
import { tilePath } from './tile-path.js';
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
  /** Called with how many of how many entries were checked. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Names of members in an export. */
export const archiveNames = {
  key: 'log/vkey',
  checkpoint: 'log/checkpoint',
  older: 'log/checkpoints/',
  introductions: 'log/introductions/',
  log: 'log/',
  subject: 'subject/',
} as const;

/** Texts are read whole, tiles and bundles one at a time; none of them is larger than this. */
const memberMax = 32 * 1024 * 1024;

/**
 * Checks an export without the server that it comes from: everything in it is read as hostile, and the first fault is told
 * with its place. Six steps; each believes only what those before it have shown.
 */
export async function verifyArchive(
  primitives: Primitives,
  archive: RandomAccess,
  { policy, onProgress }: ArchiveOptions = {},
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
      ? await verifyPeriod(files, log, until, onProgress)
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

/** An archive whose members are those of its manifest; each is held against its hash when it is read. */
class OpenArchive {
  readonly manifest: Manifest;
  readonly #primitives: Primitives;
  readonly #archive: RandomAccess;
  readonly #members: ReadonlyMap<string, TarMember>;
  /** Members that are not what the manifest names; told when the log itself had nothing to say of them. */
  readonly #changed = new Set<string>();
  readonly #used = new Set<string>();

  private constructor(
    primitives: Primitives,
    archive: RandomAccess,
    members: ReadonlyMap<string, TarMember>,
    manifest: Manifest,
  ) {
    this.#primitives = primitives;
    this.#archive = archive;
    this.#members = members;
    this.manifest = manifest;
  }

  static async open(primitives: Primitives, archive: RandomAccess): Promise<Judged<OpenArchive>> {
    const listing = await listTar(archive);
    if (!listing.ok) return faulty(listing.code, listing.place);
    const found = listing.members.get(manifestName);
    if (found === undefined || found.size > memberMax) return faulty('missing', manifestName);
    const manifest = parseManifest(await archive.read(found.offset, found.size));
    if (!manifest.ok) return manifest;
    const named = manifest.value.members;
    for (const { name, size } of listing.members.values()) {
      if (name === manifestName) continue;
      const said = Object.hasOwn(named, name) ? named[name] : undefined;
      if (said === undefined) return faulty('unexpected', name);
      if (said.bytes !== size) return faulty('member-changed', name);
    }
    for (const name of Object.keys(named)) {
      if (!listing.members.has(name) || name === manifestName) return faulty('missing', name);
    }
    return good(new OpenArchive(primitives, archive, listing.members, manifest.value));
  }

  /** The names below a folder of the archive, in its order. */
  below(folder: string): readonly string[] {
    return [...this.#members.keys()].filter((name) => name.startsWith(folder));
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const member = this.#members.get(name);
    if (member === undefined || member.size > memberMax) return undefined;
    const bytes = await this.#archive.read(member.offset, member.size);
    if (!this.#used.has(name)) {
      this.#used.add(name);
      if (toHex(this.#primitives.sha256(bytes)) !== this.manifest.members[name]?.sha256) this.#changed.add(name);
    }
    return bytes;
  }

  async text(name: string): Promise<Judged<string>> {
    const bytes = await this.read(name);
    if (bytes === undefined) return faulty('missing', name);
    const text = decodeText(bytes);
    return text === undefined ? faulty('member-changed', name) : good(text);
  }

  /** One of another width than its name says is none. */
  async tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    const bytes = await this.read(`${archiveNames.log}${tilePath(level, index, width)}`);
    return bytes === undefined || bytes.length === width * hashBytes ? bytes : new Uint8Array(0);
  }

  bundle(index: number, width: number): Promise<Uint8Array | undefined> {
    return this.read(`${archiveNames.log}${tilePath('entries', index, width)}`);
  }

  /** Every member was read, or is one that is read by people alone; each is what the manifest names. */
  async verifyRest(onMember?: () => void): Promise<Judged<null>> {
    for (const name of this.#members.keys()) {
      if (name === manifestName) continue;
      if (isOfLog(name) && !this.#used.has(name)) return faulty('unexpected', name);
      if (!this.#used.has(name) && (await this.read(name)) === undefined) return faulty('archive-malformed', name);
      if (this.#changed.has(name)) return faulty('member-changed', name);
      onMember?.();
    }
    return good(null);
  }
}

/** Whether a member is held against the log's signatures; the others are for people to read. */
function isOfLog(name: string): boolean {
  return (
    name.startsWith(archiveNames.log) || (name.startsWith(archiveNames.subject) && /\.(entry|receipt)$/.test(name))
  );
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

/**
 * Every entry of the period, and the neighbours on both sides, which show that none of it was left out. `until`: nothing
 * recorded then or later is the signers' to vouch for.
 */
async function verifyPeriod(
  files: OpenArchive,
  log: LogVerifier,
  until: string | null,
  onProgress: ArchiveOptions['onProgress'],
): Promise<Judged<number>> {
  const { first, end, size } = files.manifest;
  const [from, to] = [Math.max(0, first - 1), Math.min(size, end + 1)];
  for (let bundle = Math.floor(from / tileWidth); bundle * tileWidth < to; bundle++) {
    const entries = await log.verifyBundle(bundle);
    if (!entries.ok) return entries;
    for (const [i, entry] of entries.value.entries()) {
      const index = bundle * tileWidth + i;
      // Those in between stand between them: the log is in the order in which it was recorded. Of a retired key's all are read.
      const isEdge = index === first - 1 || index === first || index === end - 1 || index === end;
      if (!isEdge && until === null) continue;
      const place = entryPlace(bundle, widthAt(size, 0, bundle), i);
      const head = entryHead(entry);
      if (head === undefined) return faulty('entry-malformed', place);
      if (until !== null && head.recorded >= until) return faulty('key-retired', place);
      if (isEdge && isWithin(files.manifest, head.recorded) !== (index >= first && index < end))
        return faulty('period-mismatch', place);
    }
    onProgress?.(Math.min(end, (bundle + 1) * tileWidth) - first, end - first);
  }
  return good(end - first);
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

function isWithin({ since, before }: Manifest, recorded: string): boolean {
  return (since === null || recorded >= since) && (before === null || recorded < before);
}
