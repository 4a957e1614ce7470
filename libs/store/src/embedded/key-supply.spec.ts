import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { KeySupply, SUPPLIED_BYTES } from './key-supply.js';

const taken = (supply: KeySupply, controller = 1): string | undefined => {
  const key = supply.take(controller);
  return key && Buffer.concat([key.subject, key.id, key.whole]).toString('hex');
};

test('gives each key that was made once, asks before they come to an end and for more each time', async () => {
  const asked: number[] = [];
  const made: string[] = [];
  const supply = new KeySupply((_, count) => {
    asked.push(count);
    const bytes = randomBytes(count * SUPPLIED_BYTES);
    for (let at = 0; at < bytes.length; at += SUPPLIED_BYTES)
      made.push(bytes.subarray(at, at + SUPPLIED_BYTES).toString('hex'));
    return Promise.resolve(bytes);
  });
  // One newcomer alone has nothing made ahead.
  expect(taken(supply)).toBeUndefined();
  expect(asked).toEqual([]);
  expect(taken(supply)).toBeUndefined();
  await setImmediate();
  const all: (string | undefined)[] = [];
  for (let i = 0; i < 10_000; i++) {
    all.push(taken(supply));
    await Promise.resolve();
  }
  expect(all).toEqual(made.slice(0, all.length));
  expect(new Set(all).size).toBe(all.length);
  expect(asked.slice(0, 8)).toEqual([32, 64, 128, 256, 512, 1024, 1024, 1024]);
});

test('has none while they are made, and asks again a while after a failure', async () => {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
  let asked = 0;
  const supply = new KeySupply((_, count) => {
    asked++;
    return asked === 1 ? Promise.reject(new Error('full')) : Promise.resolve(new Uint8Array(count * SUPPLIED_BYTES));
  });
  for (let i = 0; i < 3; i++) expect(taken(supply)).toBeUndefined();
  expect(asked).toBe(1);
  await setImmediate();
  expect(taken(supply)).toBeUndefined();
  expect(asked).toBe(1);
  clock.mockReturnValue(10_000);
  expect(taken(supply)).toBeUndefined();
  await setImmediate();
  expect(asked).toBe(2);
  expect(taken(supply)).toBeDefined();
  clock.mockRestore();
});

test('keeps the keys of controllers apart', async () => {
  const supply = new KeySupply((controller, count) =>
    Promise.resolve(new Uint8Array(count * SUPPLIED_BYTES).fill(controller)),
  );
  for (const controller of [1, 2, 1, 2]) supply.take(controller);
  await setImmediate();
  expect(supply.take(2)!.whole).toEqual(Buffer.alloc(32, 2));
  expect(supply.take(1)!.whole).toEqual(Buffer.alloc(32, 1));
});
