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

/** Bytes of bodies that are held at once, over all requests: many large batches must not fill the memory. */
export class BodyBudget {
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  take(bytes: number): void {
    if (this.held + bytes > this.maxBytes) throw new Problem('overloaded', {}, { 'retry-after': '1' });
    this.held += bytes;
  }

  give(bytes: number): void {
    this.held -= bytes;
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

/** The whole body. Throws Problem `too-large`, `overloaded`, or Cut where it stalls for `stallMs` or breaks off. */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  stallMs: number,
  budget: BodyBudget,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new Problem('too-large', { pointer: '' });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stalled = setTimeout(() => request.destroy(), stallMs);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      stalled.refresh();
      if (bytes + chunk.length > maxBytes) throw new Problem('too-large', { pointer: '' });
      budget.take(chunk.length);
      bytes += chunk.length;
      chunks.push(chunk);
    }
    if (!request.complete) throw new Cut();
  } catch (error) {
    throw error instanceof Problem ? error : new Cut();
  } finally {
    clearTimeout(stalled);
    budget.give(bytes);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
