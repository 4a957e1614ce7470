/** Reading a request's body: bounded, against a deadline, and never compressed (`wire.md`, Over HTTP). */
import type { IncomingMessage } from 'node:http';
import { Problem } from '#host';

/** A body that stalled or broke off: nobody is there to be answered, the connection is cut. */
export class Cut extends Error {
  constructor() {
    super('cut');
    this.name = 'Cut';
  }
}

/**
 * Bytes of large bodies that are held at once, over all requests: many large batches must not fill the memory. The first
 * part of each body is free, so that large ones never keep single actions out.
 */
export class BodyBudget {
  private held = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly freeBytes: number,
  ) {}

  /** Takes room for a body that has grown. Throws Problem `overloaded` where there is none. */
  grow(from: number, to: number): void {
    const more = this.counted(to) - this.counted(from);
    if (this.held + more > this.maxBytes) throw new Problem('overloaded', {}, { 'retry-after': '1' });
    this.held += more;
  }

  /** Gives back the room of a whole body. */
  release(bytes: number): void {
    this.held -= this.counted(bytes);
  }

  private counted(bytes: number): number {
    return Math.max(0, bytes - this.freeBytes);
  }
}

/** The media type in lower case, without parameters; a charset other than UTF-8 or any content encoding is refused. */
export function mediaTypeOf(request: IncomingMessage): string {
  const header = request.headers['content-type'] ?? '';
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !['utf-8', '"utf-8"'].includes(charset)) throw new Problem('unsupported-media-type');
  if (request.headers['content-encoding'] !== undefined) throw new Problem('unsupported-media-type');
  return type;
}

/** Within what a body is read. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** After so long without a byte it is cut, in milliseconds. */
  readonly stallMs: number;
  readonly budget: BodyBudget;
}

/** However a body flows, it is whole by then: only a stream may last longer. In milliseconds. */
const WHOLE_BODY_MS = 5 * 60_000;

/**
 * Reads the whole body and uses it; its room is given back when the use has ended. Throws Problem `too-large` or
 * `overloaded`, and Cut where the body stalls or breaks off.
 */
export async function withBody<T>(
  request: IncomingMessage,
  limits: BodyLimits,
  use: (body: Buffer) => Promise<T>,
): Promise<T> {
  const body = new GrowingBody(limits);
  try {
    await readInto(body, request, limits);
    return await use(body.bytes());
  } finally {
    body.release();
  }
}

async function readInto(body: GrowingBody, request: IncomingMessage, limits: BodyLimits): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) throw new Problem('too-large', { pointer: '' });
  const cut = (): void => void request.destroy();
  const stalled = setTimeout(cut, limits.stallMs);
  const late = setTimeout(cut, WHOLE_BODY_MS);
  try {
    // A body that is refused is not destroyed here: its client has still to be answered.
    const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of chunks) {
      stalled.refresh();
      body.append(chunk);
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Cut();
  } finally {
    clearTimeout(stalled);
    clearTimeout(late);
  }
  if (!request.complete) throw new Cut();
}

/** Grown by doubling: a body that comes byte by byte costs no more than one that comes at once. */
class GrowingBody {
  private held: Buffer = Buffer.alloc(0);
  private length = 0;

  constructor(private readonly limits: BodyLimits) {}

  append(chunk: Buffer): void {
    const length = this.length + chunk.length;
    if (length > this.limits.maxBytes) throw new Problem('too-large', { pointer: '' });
    this.limits.budget.grow(this.length, length);
    if (length > this.held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.limits.maxBytes, Math.max(length, 2 * this.held.length)));
      this.held.copy(grown, 0, 0, this.length);
      this.held = grown;
    }
    chunk.copy(this.held, this.length);
    this.length = length;
  }

  bytes(): Buffer {
    return this.held.subarray(0, this.length);
  }

  release(): void {
    this.limits.budget.release(this.length);
    this.length = 0;
    this.held = Buffer.alloc(0);
  }
}
