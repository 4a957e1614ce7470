/** Bytes of a stream to lines, in bounded memory and without a string for each line (`wire.md`, Over HTTP). */

/** One line that is not blank; `bytes` are without its ending, and absent where the line is too long to be held. */
export interface Line {
  /** Counted from 1, blank ones included. */
  readonly number: number;
  readonly bytes: Buffer | undefined;
}

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);
const BOM = [0xef, 0xbb, 0xbf] as const;

/**
 * Splits at LF and CRLF and nothing else. Blank lines (`isBlank`) are counted and not given; a BOM at the
 * very start is dropped; a line over `maxBytes` is given without bytes, and the lines after it are as if it were not long.
 *
 * Lines are taken one by one: a chunk of very short lines would become many times its size if it were split at once.
 */
export class LineSplitter {
  private chunk: Buffer = EMPTY;
  private start = 0;
  /** Bytes of a line whose ending has not come; grown by doubling, so that a slow client costs no more than it sent. */
  private rest: Buffer = EMPTY;
  private restBytes = 0;
  private skipping = false;
  private number = 0;

  constructor(private readonly maxBytes: number) {}

  /** Gives the next bytes; only after `next` has found no more lines in the last ones. Lines share the chunk's memory. */
  push(chunk: Buffer): void {
    if (this.start < this.chunk.length) throw new Error('the last chunk has lines that were not taken');
    this.chunk = chunk;
    this.start = 0;
  }

  /** The next line that has ended; undefined where more bytes are needed. */
  next(): Line | undefined {
    for (let end = this.chunk.indexOf(LF, this.start); end !== -1; end = this.chunk.indexOf(LF, this.start)) {
      const line = this.end(this.chunk.subarray(this.start, end));
      this.start = end + 1;
      if (line !== undefined) return line;
    }
    if (this.start < this.chunk.length) this.keep(this.chunk.subarray(this.start));
    this.chunk = EMPTY;
    this.start = 0;
    return undefined;
  }

  /** The stream is over: a last line without an ending is a line as well. Only after `next` has found no more. */
  finish(): Line | undefined {
    return this.restBytes > 0 || this.skipping ? this.end(EMPTY) : undefined;
  }

  private keep(part: Buffer): void {
    if (this.skipping) return;
    // One byte more than the limit, for a CR that is yet to be told from content, and a BOM that does not count.
    if (this.restBytes + part.length > this.maxBytes + 1 + BOM.length) {
      this.skipping = true;
      this.rest = EMPTY;
      this.restBytes = 0;
      return;
    }
    this.append(part);
  }

  /** Copies, so that a slow client's few bytes do not keep a whole chunk alive. */
  private append(part: Buffer): void {
    const bytes = this.restBytes + part.length;
    if (bytes > this.rest.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.rest.length));
      this.rest.copy(grown, 0, 0, this.restBytes);
      this.rest = grown;
    }
    part.copy(this.rest, this.restBytes);
    this.restBytes = bytes;
  }

  /** The line that ends with these bytes; undefined where it is blank. */
  private end(last: Buffer): Line | undefined {
    this.number += 1;
    if (this.skipping) {
      this.skipping = false;
      return { number: this.number, bytes: undefined };
    }
    let line = last;
    if (this.restBytes > 0) {
      line = Buffer.concat([this.rest.subarray(0, this.restBytes), last]);
      this.rest = EMPTY;
      this.restBytes = 0;
    }
    if (line.length > 0 && line[line.length - 1] === CR) line = line.subarray(0, -1);
    if (this.number === 1 && hasBom(line)) line = line.subarray(BOM.length);
    // The BOM of the stream is gone by now: another one is content.
    if (!hasBom(line) && isBlank(line)) return undefined;
    return { number: this.number, bytes: line.length > this.maxBytes ? undefined : line };
  }
}

/**
 * Whether there is nothing to answer in these bytes, endings of lines included: spaces, tabs, CR and LF at most, and a BOM
 * at the start. One rule for who answers lines and for who waits for the answers: else one would wait for ever.
 */
export function isBlank(bytes: Buffer): boolean {
  const start = hasBom(bytes) ? BOM.length : 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== CR && byte !== LF) return false;
  }
  return true;
}

function hasBom(bytes: Buffer): boolean {
  return bytes[0] === BOM[0] && bytes[1] === BOM[1] && bytes[2] === BOM[2];
}
