import { faulty, good, type Judged } from './fault.js';
import { hashBytes } from './hashing.js';
import { manifestName, parseManifest, type Manifest } from './manifest.js';
import { listTar, type RandomAccess, type TarMember } from './tar.js';
import { decodeText, toHex } from './text.js';
import { tilePath } from './tile-path.js';
import type { Primitives } from './verifier.js';

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

/** Names of members. */
export interface SeenMembers {
  readonly used: readonly string[];
  readonly changed: readonly string[];
}

/** An archive whose members are those of its manifest; each is held against its hash when it is read. */
export class OpenArchive {
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

  /** What was read of it, and what of that is not what the manifest names. */
  get seen(): SeenMembers {
    return { used: [...this.#used], changed: [...this.#changed] };
  }

  /** As if it had been read here, by whoever read it beside. */
  absorb({ used, changed }: SeenMembers): void {
    for (const name of used) this.#used.add(name);
    for (const name of changed) this.#changed.add(name);
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
export function isOfLog(name: string): boolean {
  return (
    name.startsWith(archiveNames.log) || (name.startsWith(archiveNames.subject) && /\.(entry|receipt)$/.test(name))
  );
}
