import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { RandomAccess } from '#proof';

/** Headers of members lie close to what is before them: a little more is read than was asked. */
const READ_BYTES = 4096;

/**
 * A file, read where it is asked for, and at once: nobody else waits for this program's thread, and a read that comes back
 * through the loop takes longer than the hashing of what was read.
 */
export class FileAccess implements RandomAccess {
  readonly size: number;
  readonly #file: number;
  #ahead: { readonly offset: number; readonly bytes: Uint8Array } | undefined;

  private constructor(file: number, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** Throws where there is no such file. */
  static open(path: string): FileAccess {
    const file = openSync(path, 'r');
    return new FileAccess(file, fstatSync(file).size);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const ahead = this.#ahead;
    if (ahead !== undefined && offset >= ahead.offset && offset + length <= ahead.offset + ahead.bytes.length) {
      return ahead.bytes.slice(offset - ahead.offset, offset - ahead.offset + length);
    }
    if (length >= READ_BYTES) return this.#exactly(offset, length);
    const bytes = this.#exactly(offset, Math.min(this.size - offset, READ_BYTES));
    this.#ahead = { offset, bytes };
    return bytes.slice(0, length);
  }

  close(): void {
    closeSync(this.#file);
  }

  #exactly(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#file, bytes, done, length - done, offset + done);
      if (read === 0) throw new Error('the file became shorter while it was read');
      done += read;
    }
    return bytes;
  }
}
