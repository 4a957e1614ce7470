import { decodeText, encodeText } from './text.js';

/**
 * The one spelling of a tar archive (POSIX ustar) that an export has: regular files, owned by nobody, of no date, in names of at
 * most 100 bytes. The same members make the same bytes, any tar program reads them, and a reader that knows the one
 * spelling has nothing to be lenient about.
 */

export const tarBlock = 512;
const nameMax = 100;
/** Largest size that eleven octal digits hold. */
const sizeMax = 8 ** 11 - 1;

/** What can be read at any place: a file on a disk, or one that a browser was given. */
export interface RandomAccess {
  readonly size: number;
  /** Exactly `length` bytes; the caller asks for none beyond the size. Bytes that are its own to change. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface TarMember {
  readonly name: string;
  /** Where its bytes begin in the archive. */
  readonly offset: number;
  readonly size: number;
}

export type TarCode =
  'archive-truncated' | 'archive-malformed' | 'archive-trailing' | 'member-name' | 'member-twice' | 'too-many-members';

/** The header of a member. Throws `RangeError` on a name or size that none can have. */
export function tarHeader(name: string, size: number): Uint8Array {
  const bytes = encodeText(name);
  if (!isMemberName(name)) throw new RangeError('not a name of a member');
  if (!Number.isSafeInteger(size) || size < 0 || size > sizeMax) throw new RangeError('not a size of a member');
  const header = new Uint8Array(tarBlock);
  header.set(bytes, 0);
  put(header, 100, '0000644\0');
  put(header, 108, '0000000\0');
  put(header, 116, '0000000\0');
  put(header, 124, `${size.toString(8).padStart(11, '0')}\0`);
  put(header, 136, '00000000000\0');
  put(header, 148, '        ');
  put(header, 156, '0');
  put(header, 257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(header, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

/** Zeros that follow a member of a size up to the next block. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((tarBlock - (size % tarBlock)) % tarBlock);
}

/** What ends an archive. */
export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * tarBlock);
}

export type TarListing =
  | { readonly ok: true; readonly members: ReadonlyMap<string, TarMember> }
  | { readonly ok: false; readonly code: TarCode; readonly place: string };

/** Lists an archive's members, as a hostile hand would have written it. Reads headers and padding alone. */
export async function listTar(archive: RandomAccess, membersMax = 1_000_000): Promise<TarListing> {
  const members = new Map<string, TarMember>();
  let last = 'its beginning';
  for (let at = 0; ;) {
    if (at + tarBlock > archive.size) return bad('archive-truncated', `after ${last}`);
    const header = await archive.read(at, tarBlock);
    if (header.every((byte) => byte === 0)) return ended(archive, at, members, last);
    if (members.size === membersMax) return bad('too-many-members', `after ${last}`);
    const read = readHeader(header);
    if (read === undefined) return bad('archive-malformed', `the header after ${last}`);
    const { name, size } = read;
    if (!isMemberName(name)) return bad('member-name', `the member after ${last}`);
    if (members.has(name)) return bad('member-twice', name);
    const padding = tarPadding(size).length;
    const end = at + tarBlock + size;
    if (end + padding > archive.size) return bad('archive-truncated', name);
    if (padding > 0 && (await archive.read(end, padding)).some((byte) => byte !== 0)) {
      return bad('archive-malformed', `the padding of ${name}`);
    }
    members.set(name, { name, offset: at + tarBlock, size });
    last = name;
    at = end + padding;
  }
}

async function ended(
  archive: RandomAccess,
  at: number,
  members: ReadonlyMap<string, TarMember>,
  last: string,
): Promise<TarListing> {
  const end = at + tarEnd().length;
  if (end > archive.size) return bad('archive-truncated', `after ${last}`);
  if ((await archive.read(at, end - at)).some((byte) => byte !== 0)) return bad('archive-malformed', `after ${last}`);
  return end === archive.size ? { ok: true, members } : bad('archive-trailing', 'the end');
}

/** A header counts only if it is the one that would have been written. */
function readHeader(header: Uint8Array): { readonly name: string; readonly size: number } | undefined {
  const nameEnd = header.indexOf(0);
  const name = decodeText(header.slice(0, Math.min(nameEnd < 0 ? nameMax : nameEnd, nameMax)));
  const digits = decodeText(header.slice(124, 135));
  if (name === undefined || digits === undefined || !/^[0-7]{11}$/.test(digits)) return undefined;
  const size = Number.parseInt(digits, 8);
  if (!isMemberName(name)) return { name, size };
  const wanted = tarHeader(name, size);
  return header.every((byte, i) => byte === wanted[i]) ? { name, size } : undefined;
}

/** A path below the archive's root, of plain characters: no file of an export can land outside of its folder. */
function isMemberName(name: string): boolean {
  return name.length <= nameMax && /^[A-Za-z0-9_-][A-Za-z0-9._@-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._@-]*)*$/.test(name);
}

function bad(code: TarCode, place: string): TarListing {
  return { ok: false, code, place };
}

function put(header: Uint8Array, at: number, text: string): void {
  header.set(encodeText(text), at);
}
