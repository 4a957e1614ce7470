import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBlank, LineSplitter, type Line } from './line-splitter.js';

function split(chunks: readonly Buffer[], maxBytes = 100): [number, string | undefined][] {
  const splitter = new LineSplitter(maxBytes);
  const lines: Line[] = [];
  const take = (): void => {
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) lines.push(line);
  };
  for (const chunk of chunks) {
    splitter.push(chunk);
    take();
  }
  const last = splitter.finish();
  if (last) lines.push(last);
  return lines.map(({ number, bytes }) => [number, bytes?.toString()]);
}

describe('LineSplitter', () => {
  it('ends lines with LF and CRLF and nothing else', () => {
    expect(split([Buffer.from('a\nb\r\nc\rd\u2028e\n')])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c\rd\u2028e'],
    ]);
  });

  it('counts blank lines and does not give them; the last line needs no ending', () => {
    expect(split([Buffer.from('\n\r\n \t\na\n\nb')])).toEqual([
      [4, 'a'],
      [6, 'b'],
    ]);
  });

  it('gives no line that is blank to whoever waits for answers, and every other', () => {
    for (const line of [
      '',
      '\r',
      ' ',
      '\t \r',
      '\r\r',
      '\ufeff',
      '\ufeff \r',
      'a',
      ' a',
      '\u00a0',
      '\ufeff\ufeff',
      '\v',
    ]) {
      expect([line, split([Buffer.from(`${line}\n`)]).length === 0]).toEqual([line, isBlank(Buffer.from(`${line}\n`))]);
    }
  });

  it('drops a BOM at the start and only there, also where it comes in pieces', () => {
    const text = Buffer.from('\ufeffa\n\ufeffb\n');
    expect(split([text])).toEqual([
      [1, 'a'],
      [2, '\ufeffb'],
    ]);
    expect(split([text.subarray(0, 1), text.subarray(1, 2), text.subarray(2)])).toEqual(split([text]));
    expect(split([Buffer.from('\ufeff\na')])).toEqual([[2, 'a']]);
  });

  it('gives a line of exactly the limit whatever its ending, one byte more without its bytes, and goes on after it', () => {
    const line = 'x'.repeat(100);
    const want = [
      [1, line],
      [2, 'y'],
    ];
    expect(split([Buffer.from(`${line}\ny`)])).toEqual(want);
    expect(split([Buffer.from(`${line}\r\ny`)])).toEqual(want);
    expect(split([Buffer.from(`\ufeff${line}\r`), Buffer.from('\ny')])).toEqual(want);
    expect(split([Buffer.from(`${line}x\ny`)])).toEqual([
      [1, undefined],
      [2, 'y'],
    ]);
    expect(split([Buffer.from('z'.repeat(5_000)), Buffer.from('z'.repeat(5_000)), Buffer.from('z\ny')])).toEqual([
      [1, undefined],
      [2, 'y'],
    ]);
    expect(split([Buffer.from('z'.repeat(5_000))])).toEqual([[1, undefined]]);
  });

  it('does not depend on where the chunks are cut', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n', ' ', '\ufeff', 'x'.repeat(50)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, fc.array(fc.nat(2_000)), (parts, cuts) => {
        const whole = Buffer.from(parts.join(''));
        const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((to, i) => whole.subarray(places[i], to));
        expect(split(chunks)).toEqual(split([whole]));
      }),
    );
  });
});
