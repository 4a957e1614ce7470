import { archiveNames } from './open-archive.js';
import { good, type Judged } from './fault.js';
import { hashBytes, type Sha256 } from './hashing.js';
import { LogVerifier, type LogSource, type TrustedHead } from './log-verifier.js';
import { exportFormat, formatManifest, manifestName, type Manifest } from './manifest.js';
import { tarEnd, tarHeader, tarPadding } from './tar.js';
import { encodeText, toHex } from './text.js';
import { tileWidth } from './tile-nodes.js';
import { tilePath } from './tile-path.js';
import type { Primitives } from './verifier.js';

/** Takes the archive's bytes in order; resolves when more are welcome. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/** Writes an export member by member, and at last the manifest that names them. */
export class ArchiveWriter {
  readonly #sha256: Sha256;
  readonly #sink: Sink;
  readonly #members: Record<string, { bytes: number; sha256: string }> = {};

  constructor(sha256: Sha256, sink: Sink) {
    this.#sha256 = sha256;
    this.#sink = sink;
  }

  /** Adds a member; one that is there already is not added again. */
  async add(name: string, content: Uint8Array | string): Promise<void> {
    if (Object.hasOwn(this.#members, name)) return;
    const bytes = typeof content === 'string' ? encodeText(content) : content;
    this.#members[name] = { bytes: bytes.length, sha256: toHex(this.#sha256(bytes)) };
    await this.#put(name, bytes);
  }

  async finish(manifest: Omit<Manifest, 'format' | 'members'>): Promise<void> {
    const { controller, generation, origin, from, to, since, before, size, first, end, subjects } = manifest;
    const whole: Manifest = {
      format: exportFormat, controller, generation, origin, from, to, since, before, size, first, end, subjects,
      members: this.#members,
    }; // prettier-ignore
    await this.#put(manifestName, encodeText(formatManifest(whole)));
    await this.#sink(tarEnd());
  }

  async #put(name: string, bytes: Uint8Array): Promise<void> {
    await this.#sink(tarHeader(name, bytes.length));
    if (bytes.length > 0) await this.#sink(bytes);
    const padding = tarPadding(bytes.length);
    if (padding.length > 0) await this.#sink(padding);
  }
}

/** A head with its note. */
export interface SignedHead extends TrustedHead {
  readonly note: string;
}

export interface LogExport {
  /** The head under which everything is exported. */
  readonly head: SignedHead;
  /** Older heads, each of another size or signed otherwise. */
  readonly older: readonly SignedHead[];
  /** Verifier keys, one line each, the first one first; and the notes that introduce each of the others. */
  readonly keys: readonly string[];
  readonly introductions?: readonly string[];
  /** Entries from `first` up to and without `end`. */
  readonly first: number;
  readonly end: number;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/**
 * Adds a log's keys, heads, tiles and bundles. It verifies what it exports, and exports what the verification read: the archive
 * holds exactly what its reader will ask for, and no export is made of a log that does not hold.
 */
export async function exportLog(
  primitives: Primitives,
  source: LogSource,
  writer: ArchiveWriter,
  { head, older, keys, introductions, first, end, onProgress }: LogExport,
): Promise<Judged<null>> {
  await addHead(writer, head, keys, introductions);
  const log = new LogVerifier(primitives, recording(source, writer), head);
  const edge = await log.verifyEdge();
  if (!edge.ok) return edge;
  for (const one of older) {
    // Of one size there may be two: that of the log alone, and the one that witnesses cosigned.
    const twins = older.filter(({ size }) => size === one.size);
    const name = `${archiveNames.older}${one.size}${twins.length === 1 ? '' : `.${twins.indexOf(one)}`}`;
    const same = await log.verifyOlder(one, name);
    if (!same.ok) return same;
    await writer.add(name, one.note);
  }
  const [from, to] = [Math.max(0, first - 1), Math.min(head.size, end + 1)];
  for (let bundle = Math.floor(from / tileWidth); bundle * tileWidth < to; bundle++) {
    const judged = await log.verifyBundle(bundle);
    if (!judged.ok) return judged;
    onProgress?.(Math.min(end, (bundle + 1) * tileWidth) - first, end - first);
  }
  return good(null);
}

/** Adds the keys and the head alone, for an export of single entries that come with their receipts. */
export async function addHead(
  writer: ArchiveWriter,
  head: Pick<SignedHead, 'note'>,
  keys: readonly string[],
  introductions: readonly string[] = [],
): Promise<void> {
  await writer.add(archiveNames.key, keys.map((key) => `${key}\n`).join(''));
  for (const [i, note] of introductions.entries()) await writer.add(`${archiveNames.introductions}${i + 2}`, note);
  await writer.add(archiveNames.checkpoint, head.note);
}

/** The same source; what is read of it is added to the archive, whose names say widths as of one size. */
function recording(source: LogSource, writer: ArchiveWriter): LogSource {
  return {
    tile: async (level, index, width) => {
      const bytes = (await source.tile(level, index, width))?.slice(0, width * hashBytes);
      if (bytes !== undefined) await writer.add(`${archiveNames.log}${tilePath(level, index, width)}`, bytes);
      return bytes;
    },
    bundle: async (index, width) => {
      const bytes = await source.bundle(index, width);
      if (bytes !== undefined) await writer.add(`${archiveNames.log}${tilePath('entries', index, width)}`, bytes);
      return bytes;
    },
  };
}
