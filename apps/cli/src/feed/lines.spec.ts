import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunksOfLines, type Chunk } from './lines.js';

async function chunks(parts: readonly Buffer[]): Promise<Chunk[]> {
  async function* stream() {
    yield* parts;
  }
  const found: Chunk[] = [];
  for await (const chunk of chunksOfLines(stream(), 0)) found.push(chunk);
  return found;
}

describe('chunksOfLines', () => {
  it('gives the bytes back as they came, in whole lines, wherever the parts are cut', async () => {
    const texts = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', 'ж', '\n\n'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 7 }), async (pieces, size) => {
        const text = Buffer.from(pieces.join(''));
        const parts: Buffer[] = [];
        for (let at = 0; at < text.length; at += size) parts.push(text.subarray(at, at + size));
        const found = await chunks(parts);
        const whole = text.length > 0 && text.at(-1) !== 0x0a ? Buffer.concat([text, Buffer.from('\n')]) : text;
        expect(Buffer.concat(found.map((chunk) => chunk.bytes)).equals(whole)).toBe(true);
        for (const chunk of found) {
          expect(chunk.bytes.at(-1)).toBe(0x0a);
          expect(chunk.lines).toBe(chunk.bytes.toString('latin1').split('\n').length - 1);
          expect(text.subarray(chunk.start, chunk.end).equals(chunk.bytes.subarray(0, chunk.end - chunk.start))).toBe(
            true,
          );
        }
      }),
    );
  });

  it('keeps only the beginning of a line without end, and goes on behind it', async () => {
    const part = Buffer.alloc(64 * 1024, 'x');
    const found = await chunks([...Array.from({ length: 100 }, () => part), Buffer.from('x\nnext\n')]);
    expect(found.map((chunk) => chunk.lines)).toEqual([1, 1]);
    expect(found[0]?.bytes.length).toBe(128 * 1024 + 1);
    expect(found[0]?.end).toBe(100 * part.length + 2);
    expect(found[1]?.bytes.toString()).toBe('next\n');
  });
});
