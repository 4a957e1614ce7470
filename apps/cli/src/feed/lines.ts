/** Cuts a stream of bytes into chunks of whole lines, in bounded memory, and knows where in the file each lies. */

/** Whole lines; `bytes` ends with a newline. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly lines: number;
  /** Offsets in the file: of the first byte, and after the last one. They differ by more than `bytes` for a cut line. */
  readonly start: number;
  readonly end: number;
}

const NEWLINE = 0x0a;
/** No action may be longer than 64 KiB: a line of so many bytes is refused, however it goes on. */
const KEPT_OF_A_LINE = 128 * 1024;

/**
 * Chunks of whole lines. The last line needs no newline. Of a line beyond all limits only the beginning is kept, which
 * is enough for it to be refused as too large.
 */
export async function* chunksOfLines(parts: AsyncIterable<Buffer>, start: number): AsyncGenerator<Chunk, void> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let restStart = start;
  let position = start;
  for await (const part of parts) {
    position += part.length;
    const last = part.lastIndexOf(NEWLINE);
    if (last < 0) {
      if (restBytes < KEPT_OF_A_LINE) {
        rest.push(part);
        restBytes += part.length;
      }
      continue;
    }
    const first = part.indexOf(NEWLINE);
    const beginning = part.subarray(0, first + 1);
    const afterFirst = position - part.length + first + 1;
    const end = position - part.length + last + 1;
    if (restBytes > 0) {
      yield lineOf([...rest, beginning], restStart, afterFirst);
      if (last > first) yield wholeLines(part.subarray(first + 1, last + 1), afterFirst, end);
    } else {
      yield wholeLines(part.subarray(0, last + 1), position - part.length, end);
    }
    rest = last + 1 < part.length ? [part.subarray(last + 1)] : [];
    restBytes = part.length - last - 1;
    restStart = end;
  }
  if (restBytes > 0) yield lineOf([...rest, Buffer.from('\n')], restStart, position);
}

/** One line that came in several parts. */
function lineOf(parts: Buffer[], start: number, end: number): Chunk {
  let bytes = Buffer.concat(parts);
  if (bytes.length > KEPT_OF_A_LINE) {
    bytes = Buffer.concat([bytes.subarray(0, KEPT_OF_A_LINE), Buffer.from('\n')]);
  }
  return { bytes, lines: 1, start, end };
}

function wholeLines(bytes: Buffer, start: number, end: number): Chunk {
  return { bytes, lines: count(bytes), start, end };
}

function count(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** The length of the first `lines` lines of a chunk, in bytes. */
export function lengthOfLines(bytes: Buffer, lines: number): number {
  let length = 0;
  for (let line = 0; line < lines; line += 1) length = bytes.indexOf(NEWLINE, length) + 1;
  return length;
}
