import { open, type FileHandle } from 'node:fs/promises';
import type { RandomAccess } from '#proof';

/** A file, read where it is asked for. Headers of members lie close together, so a little more is read than was asked. */
export class FileAccess implements RandomAccess {
  readonly size: number;
  readonly #file: FileHandle;
  #ahead: { readonly offset: number; readonly bytes: Uint8Array } | undefined;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  static async open(path: string): Promise<FileAccess> {
    const file = await open(path, 'r');
    return new FileAccess(file, (await file.stat()).size);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const ahead = this.#ahead;
    if (ahead !== undefined && offset >= ahead.offset && offset + length <= ahead.offset + ahead.bytes.length) {
      return ahead.bytes.slice(offset - ahead.offset, offset - ahead.offset + length);
    }
    const bytes = await this.#exactly(offset, Math.min(this.size - offset, Math.max(length, READ_BYTES)));
    if (bytes.length < length) throw new Error('the file became shorter while it was read');
    this.#ahead = { offset, bytes };
    return bytes.slice(0, length);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #exactly(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }
}

const READ_BYTES = 4096;
