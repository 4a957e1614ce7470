/** Logs of made-up stored events, and exports of them, to be tampered with. */
import {
  addHead, ArchiveWriter, bundle, checkpoint, cosigner, exportLog, formatManifest, formatReceipt, leafHash, listTar, makeVerifierKey, manifestName, noteSigner,
  signNote, tarEnd, tarHeader, tarPadding, TiledLog, tileWidth, Tree, verifierKey,
  type Ed25519Key, type LogSource, type Manifest, type NoteSigner, type RandomAccess, type SignedHead,
} from '../src/index.js'; // prettier-ignore
import { bytes, ed25519, node, seedOf, sha256 } from './ed25519.js';

export const origin = 'depter.example/log/kz.test/1';
export const witness = ed25519('witness.example/w1', seedOf(9));
export const witnessKey = makeVerifierKey(sha256, witness.name, witness.publicKey, 'cosignature');

const reference = (text: string): string => text.padEnd(22, '_');
export const people = ['ann', 'bob', 'eve'].map(reference);

/** Recorded one a minute from the start of the year. */
export const recordedAt = (i: number): string => new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString();

export function storedEntry(i: number, changed = ''): Uint8Array {
  const at = recordedAt(i);
  const event = { v: 1, type: 'used', id: reference(`e${i}${changed}`), subject: people[i % 3], at, recorded: at, by: null };
  return bytes(JSON.stringify({ ...event, data: { items: ['name'], purposes: ['loan'] } }));
}

/** A log as whoever serves it holds it. */
export class MadeLog implements LogSource {
  readonly entries: readonly Uint8Array[];
  readonly key: Ed25519Key;
  readonly vkey: string;
  readonly #tree = Tree.empty(sha256);
  readonly #full = new Map<string, Uint8Array>();

  constructor(entries: readonly Uint8Array[], name = origin, seed = 7) {
    this.entries = entries;
    this.key = ed25519(name, seedOf(seed));
    this.vkey = verifierKey(sha256, name, this.key.publicKey);
    for (const entry of entries) this.#tree.append(leafHash(sha256, entry));
    for (const { level, index, hashes } of this.#tree.takeFullTiles()) this.#full.set(`${level}/${index}`, hashes);
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    const hashes = this.#full.get(`${level}/${index}`) ?? this.#tree.partialTile(level);
    return hashes.slice(0, width * 32);
  }

  async bundle(index: number, width: number): Promise<Uint8Array> {
    return bundle(this.entries.slice(index * tileWidth, index * tileWidth + width));
  }

  at(size: number): TiledLog {
    const read = (level: number, index: number): Uint8Array => this.#full.get(`${level}/${index}`) ?? this.#tree.partialTile(level);
    return new TiledLog(sha256, size, read);
  }

  head(size = this.entries.length, ...cosigners: readonly NoteSigner[]): SignedHead {
    const root = this.at(size).root();
    const text = checkpoint({ origin: this.key.name, size, root });
    return { size, root, note: signNote(text, noteSigner(sha256, this.key), ...cosigners) };
  }

  receipt(index: number, head: SignedHead): string {
    return formatReceipt({ index, path: this.at(head.size).inclusionPath(index), checkpoint: head.note });
  }
}

export const byWitness = cosigner(sha256, witness, 1_790_000_000);

/** What is to be exported: entries from `first` to before `end`, and their period. */
export interface Plan {
  readonly first: number;
  readonly end: number;
  readonly head: SignedHead;
  readonly older: readonly SignedHead[];
}

export function manifestOf(log: MadeLog, { first, end, head }: Plan): Omit<Manifest, 'format' | 'members'> {
  const period = { since: first === 0 ? null : recordedAt(first), before: end === head.size ? null : recordedAt(end) };
  const days = {
    from: period.since === null ? null : period.since.slice(0, 10),
    to: period.before === null ? null : new Date(Date.parse(period.before) - 86_400_000).toISOString().slice(0, 10),
  };
  return {
    controller: 'kz.test', generation: 1, origin: log.key.name, ...days, ...period, size: head.size, first, end, subjects: null,
  }; // prettier-ignore
}

export async function exported(log: MadeLog, plan: Plan): Promise<Uint8Array> {
  const { writer, written } = inMemory();
  await writer.add('readme.en.txt', 'What this is.\n');
  await writer.add('packs/kz.test@2026.json', '{}\n');
  const judged = await exportLog(node, log, writer, { ...plan, keys: [log.vkey] });
  if (!judged.ok) throw new Error(`${judged.fault.code} at ${judged.fault.place}`);
  await writer.finish(manifestOf(log, plan));
  return written();
}

/** The entries of one person, each with its receipt. */
export async function exportedPerson(log: MadeLog, plan: Plan, subject: string): Promise<Uint8Array> {
  const { writer, written } = inMemory();
  await addHead(writer, plan.head, [log.vkey]);
  await writer.add('subject/evidence.json', '{}\n');
  for (let i = plan.first; i < plan.end; i++) {
    if (people[i % 3] !== subject) continue;
    await writer.add(`subject/${i}.entry`, log.entries[i]!);
    await writer.add(`subject/${i}.receipt`, log.receipt(i, plan.head));
  }
  await writer.finish({ ...manifestOf(log, plan), subjects: [subject] });
  return written();
}

function inMemory(): { readonly writer: ArchiveWriter; readonly written: () => Uint8Array } {
  const parts: Uint8Array[] = [];
  const writer = new ArchiveWriter(sha256, async (part) => void parts.push(part.slice()));
  return { writer, written: () => Uint8Array.from(Buffer.concat(parts)) };
}

export function inFile(archive: Uint8Array): RandomAccess {
  return { size: archive.length, read: async (offset, length) => archive.slice(offset, offset + length) };
}

/** An archive taken apart, for a hand that knows how to put it together again. */
export interface Apart {
  readonly members: Map<string, Uint8Array>;
  manifest: Manifest;
}

export async function takenApart(archive: Uint8Array): Promise<Apart> {
  const listing = await listTar(inFile(archive));
  if (!listing.ok) throw new Error(listing.code);
  const members = new Map<string, Uint8Array>();
  for (const { name, offset, size } of listing.members.values()) members.set(name, archive.slice(offset, offset + size));
  const manifest = JSON.parse(Buffer.from(members.get(manifestName)!).toString()) as Manifest;
  members.delete(manifestName);
  return { members, manifest };
}

/** Together again; `honest`: the manifest as it was, else made anew of what is there, as one would who knows how. */
export function putTogether({ members, manifest }: Apart, honest = false): Uint8Array {
  const named = Object.fromEntries(
    [...members].map(([name, content]) => [name, { bytes: content.length, sha256: Buffer.from(sha256(content)).toString('hex') }]),
  );
  const text = bytes(formatManifest(honest ? manifest : { ...manifest, members: named }));
  const all = [...members, [manifestName, text] as const];
  const parts = all.flatMap(([name, content]) => [tarHeader(name, content.length), content, tarPadding(content.length)]);
  return Uint8Array.from(Buffer.concat([...parts, tarEnd()]));
}

