/** How far a check is, told while it runs, and never instead of the verdict. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Bar } from './bar.js';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

test('a terminal has a bar that grows, and is taken away', async () => {
  const terminal = screen(true);
  const bar = new Bar(terminal, 'entries');
  // What is over in no time shows none.
  bar.show(1, 10);
  bar.clear();
  expect(terminal.written).toEqual([]);
  await sleep(120);
  bar.show(5, 10);
  bar.show(6, 10);
  expect(terminal.written).toEqual([expect.stringMatching(/█{15}░{15} 50 % {2}5 of 10 entries, \d+\/s$/)]);
  await sleep(120);
  bar.show(10, 10);
  bar.clear();
  expect(terminal.written.slice(1)).toEqual([expect.stringContaining(`${'█'.repeat(30)} 100 %`), '\r\u001b[K']);
});

test('what is no terminal is not written full', async () => {
  const file = screen(false);
  const bar = new Bar(file, 'entries');
  await sleep(120);
  bar.show(5, 10);
  bar.clear();
  expect(file.written).toEqual([]);
});
