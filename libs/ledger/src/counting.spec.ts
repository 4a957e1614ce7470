import { describe, expect, it } from '@jest/globals';
import { Contracts } from './contract.js';
import { Named } from './counting.js';

describe('contracts named one after another', () => {
  const named = (...references: readonly string[]): Named =>
    references.slice(1).reduce((all, reference) => all.with(reference), Named.of(references[0]!));

  it('hold what they were named and nothing that others were named later', () => {
    const two = named('a', 'b');
    const long = two.with('c').with('d');
    const other = two.with('x').with('c');
    const holds = (one: Named): string => [...'abcdxy'].filter((reference) => one.has(reference)).join('');
    expect([two, long, other, long.with('y'), other.with('d')].map(holds)).toEqual([
      'ab',
      'abcd',
      'abcx',
      'abcdy',
      'abcdx',
    ]);
  });

  it('are one object where they came in one order, whichever grew first', () => {
    const one = named('a', 'b');
    const grown = ['c', 'd', 'c', 'd', 'b', 'a'].map((reference) => one.with(reference));
    expect(grown[2]).toBe(grown[0]);
    expect(grown[3]).toBe(grown[1]);
    expect(grown[3]).not.toBe(grown[2]);
    expect(grown[4]).toBe(one);
    expect(grown[5]).toBe(one);
    expect(grown[1]!.with('c')).toBe(one.with('d').with('c'));
  });

  it('are all of the person as soon as one collection names none', () => {
    const contracts = new Contracts(() => undefined);
    const one = contracts.countingWith(undefined, 'a');
    expect(contracts.countingWith(undefined, 'a')).toBe(one);
    expect(contracts.countingWith(one, undefined)).toBe('all');
    expect(contracts.countingWith('all', 'a')).toBe('all');
  });
});
