import { expect, test } from '@jest/globals';
import type { StoredEvent } from '#ledger';
import { Alike } from './alike.js';

/** An event as it is read: nothing in it is shared with another. */
function read(more: object, recorded = '2026-01-02T03:04:05.678Z'): StoredEvent {
  const event = { v: 1, type: 'transferred', id: 'AAAAAAAAAAAAAAAAAAAAAQ', subject: 'BBBBBBBBBBBBBBBBBBBBBQ', at: '2026-01-02', recorded, by: null, data: { recipient: 'kz.bureau', ...more } }; // prettier-ignore
  return JSON.parse(JSON.stringify(event)) as StoredEvent;
}

const listsOf = ({ data }: StoredEvent): readonly unknown[] => Object.values(data).filter((one) => Array.isArray(one));

test('events that share what is alike say what they said', () => {
  const alike = new Alike();
  const events = [
    read({ items: ['name', 'salary'], purposes: ['loan'] }),
    read({ items: ['name'], purposes: ['loan'] }, '2026-01-02T03:04:05.679Z'),
    read({ items: ['salary', 'name'], purposes: [], about: { name: 'CCCCCCCCCCCCCCCCCCCCCQ' } }),
    read({ items: ['name', 'salary'], items2: ['name\0salary'], items3: [['name', 'salary']], flags: [true, 1, null] }),
    read({ items: ['na\0me', 'salary'], purposes: ['na', 'me\0salary'] }),
  ];
  const said = events.map((event) => JSON.stringify(event));
  expect(events.map((event) => JSON.stringify(alike.share(event)))).toEqual(said);
});

test('a list that was named before is held once', () => {
  const alike = new Alike();
  const [first, second] = [1, 2].map(() => alike.share(read({ items: ['name', 'salary'], purposes: ['loan'] })));
  expect(listsOf(second!)).toHaveLength(2);
  listsOf(second!).forEach((list, at) => expect(list).toBe(listsOf(first!)[at]));
});

test('what the last event of the type said is held once, and nothing that says more or less', () => {
  const alike = new Alike();
  const said = [{ note: 'a' }, { note: 'a' }, { note: 'a', origin: { kind: 'b' } }, { origin: { kind: 'b' } }, { origin: { kind: 'b', name: 'c' } }, {}, {}]; // prettier-ignore
  const events = said.map((one) => alike.share(read(one)));
  expect(events.map(({ data }) => data)).toEqual(said.map((one) => ({ recipient: 'kz.bureau', ...one })));
  expect(events.map(({ data }, at) => data === events[at - 1]?.data)).toEqual([
    false,
    true,
    false,
    false,
    false,
    false,
    true,
  ]);
  const originOf = (at: number): unknown => (events[at]!.data as { readonly origin?: unknown }).origin;
  expect(originOf(3)).toBe(originOf(2));
  expect(originOf(4)).not.toBe(originOf(3));
});

test('lists that never come again are not held for ever', () => {
  const alike = new Alike();
  const other = (n: number): StoredEvent => alike.share(read({ items: [`item-${n}`] }));
  const [early] = listsOf(other(0));
  for (let n = 1; n < 5_000; n++) other(n);
  expect(listsOf(other(0))[0]).toBe(early);
  expect(listsOf(other(4_999))[0]).not.toBe(listsOf(other(4_999))[0]);
});
