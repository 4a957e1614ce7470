import { parseDecimal } from './text.js';
import { tileWidth } from './tile-nodes.js';

/** What a path under the log's prefix names: a tile of hashes, or a bundle of entries. Width 256 is the full one. */
export type TileName =
  | { readonly kind: 'hashes'; readonly level: number; readonly index: number; readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number };

const levelMax = 63;

/**
 * Path of a tile or bundle below the log's prefix, `tile/<L>/<N>[.p/<W>]`. tlog-tiles. `level` is 0 to 63 or
 * `entries`, `width` 1 to 256, 256 being the full tile. Throws `RangeError` on numbers outside of that.
 */
export function tilePath(level: number | 'entries', index: number, width: number = tileWidth): string {
  if (level !== 'entries' && !(Number.isInteger(level) && level >= 0 && level <= levelMax)) {
    throw new RangeError('a tile level is 0 to 63');
  }
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError('a tile index is a non-negative safe integer');
  if (!Number.isInteger(width) || width < 1 || width > tileWidth) throw new RangeError('a tile width is 1 to 256');
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  const number = groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${number}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** Reads such a path in its one spelling; undefined for anything else, whatever is in it. */
export function parseTilePath(path: string): TileName | undefined {
  if (path.length > 64) return undefined;
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const [, where = '', groups = '', partial] = match;
  const level = where === 'entries' ? where : parseDecimal(where);
  const index = parseDecimal(groups.replaceAll(/[x/]/g, '').replace(/^0+(?=.)/, ''));
  const width = partial === undefined ? tileWidth : parseDecimal(partial);
  if (level === undefined || index === undefined || width === undefined) return undefined;
  if (level !== 'entries' && level > levelMax) return undefined;
  if (width < 1 || width > tileWidth) return undefined;
  // Written again it must be the same, which leaves out `x000/001`, `.p/256` and their like.
  if (tilePath(level, index, width) !== path) return undefined;
  return level === 'entries' ? { kind: 'entries', index, width } : { kind: 'hashes', level, index, width };
}
