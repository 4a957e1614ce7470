import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { Turns } from './turns.js';

it('lets so many in at once, and the others in the order in which they came', async () => {
  const turns = new Turns(2);
  const order: number[] = [];
  const ends: (() => void)[] = [];
  for (let i = 0; i < 5; i += 1) {
    void turns.take().then((end) => {
      order.push(i);
      ends.push(end);
    });
  }
  await nextTurn();
  expect(order).toEqual([0, 1]);
  ends.shift()?.();
  await nextTurn();
  expect(order).toEqual([0, 1, 2]);
  for (const end of ends.splice(0)) end();
  await nextTurn();
  expect(order).toEqual([0, 1, 2, 3, 4]);
  for (const end of ends) end();
  await turns.take();
  await turns.take();
});
