/** Where a feed's lines come from: a file, from an offset on, or a pipe. */
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { wrongUse } from '../failure.js';
import { errorCode } from '../peer.js';
import { type Chunk, chunksOfLines } from './lines.js';

const PART_BYTES = 64 * 1024;

export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly modifiedMs: number;
}

/** The next chunk can be asked for once, and awaited by several who wait for other things too. */
export class LineSource {
  readonly #chunks: AsyncGenerator<Chunk, void>;
  #pending: Promise<Chunk | undefined> | undefined;

  constructor(parts: AsyncIterable<Buffer>, offset: number) {
    this.#chunks = chunksOfLines(parts, offset);
  }

  /** The chunk that comes next, the same until `take`; undefined at the end. */
  peek(): Promise<Chunk | undefined> {
    this.#pending ??= this.#chunks.next().then((next) => (next.done === true ? undefined : next.value));
    return this.#pending;
  }

  async take(): Promise<Chunk | undefined> {
    const chunk = await this.peek();
    if (chunk !== undefined) this.#pending = undefined;
    return chunk;
  }
}

/** The file's identity; undefined for a pipe or device, which cannot be read again from the middle. */
export async function identityOf(path: string): Promise<FileIdentity | undefined> {
  if (path === '-') return undefined;
  let found: Stats;
  try {
    found = await stat(path);
  } catch (error) {
    throw wrongUse(
      `The file to feed cannot be read (${errorCode(error)}). Give the path of an NDJSON file, or - for standard input.`,
    );
  }
  if (found.isDirectory())
    throw wrongUse('The file to feed is a folder. Give the path of an NDJSON file, or - for standard input.');
  if (!found.isFile()) return undefined;
  return { device: found.dev, inode: found.ino, size: found.size, modifiedMs: found.mtimeMs };
}

export function openSource(path: string, stdin: Readable, offset: number): LineSource {
  const parts: AsyncIterable<Buffer> =
    path === '-' ? stdin : createReadStream(path, { start: offset, highWaterMark: PART_BYTES });
  return new LineSource(parts, offset);
}
