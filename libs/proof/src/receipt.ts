import { hashBytes } from './hashing.js';
import { accept, reject, type Result } from './result.js';
import { decodeText, fromBase64, hashFromBase64, parseDecimal, textBytesMax, toBase64 } from './text.js';

/** A proof that an entry is in a log: its index, the path to the root, and the signed checkpoint. tlog-proof. */
export interface Receipt {
  readonly index: number;
  /** Hashes of 32 bytes, the leaf's sibling first. */
  readonly path: readonly Uint8Array[];
  /** The checkpoint's whole note, as the log published it. */
  readonly checkpoint: string;
  /** Nothing vouches for these bytes; they may help to find the entry, never to believe it. */
  readonly extra?: Uint8Array;
}

const firstLine = 'c2sp.org/tlog-proof@v1';

/** A path longer than this fits no tree whose size can be counted. */
export const pathMax = 63;

/** Writes a receipt. Throws `RangeError` on an index, path or checkpoint that none can hold. */
export function formatReceipt({ index, path, checkpoint, extra }: Receipt): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError('an index is a non-negative safe integer');
  if (path.length > pathMax || path.some((hash) => hash.length !== hashBytes)) throw new RangeError('not a path');
  const head = [firstLine, ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]), `index ${index}`];
  const text = `${[...head, ...path.map(toBase64)].join('\n')}\n\n${checkpoint}`;
  if (text.length > textBytesMax) throw new RangeError('the receipt is longer than anyone reads');
  return text;
}

/** Takes a receipt apart, as a hostile holder would write it; proves nothing yet. */
export function parseReceipt(data: Uint8Array | string): Result<Receipt, 'receipt-malformed'> {
  const text = decodeText(data);
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) return reject('receipt-malformed');
  const lines = text.slice(0, end).split('\n', pathMax + 4);
  if (lines.shift() !== firstLine) return reject('receipt-malformed');
  const extra = lines[0]?.startsWith('extra ') === true ? fromBase64(lines.shift()?.slice(6) ?? '') : null;
  const index = parseIndex(lines.shift());
  const path = lines.map(hashFromBase64).filter((hash) => hash !== undefined);
  if (extra === undefined || index === undefined) return reject('receipt-malformed');
  if (path.length !== lines.length || path.length > pathMax) return reject('receipt-malformed');
  const checkpoint = text.slice(end + 2);
  return accept({ index, path, checkpoint, ...(extra === null ? {} : { extra }) });
}

function parseIndex(line: string | undefined): number | undefined {
  return line?.startsWith('index ') === true ? parseDecimal(line.slice('index '.length)) : undefined;
}
