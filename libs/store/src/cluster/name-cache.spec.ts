import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Reference, SubjectRef } from '#ledger';
import { idText } from '../sealing/mint.js';
import { NameCache, NewNames } from './name-cache.js';

const dossiers = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(16));

function learnt(subject: Buffer): NewNames {
  const names = new NewNames();
  names.dossiers.set('iin', {
    subject: idText(subject) as SubjectRef,
    bytes: subject,
    made: undefined,
    key: undefined,
  });
  names.ties.set('tie', 'about' as Reference);
  return names;
}

describe('what a process remembers of names', () => {
  it('is not of a dossier that was shredded, nor what was found before that was told', () => {
    const cache = new NameCache();
    const [one, other] = dossiers(2) as [Buffer, Buffer];
    cache.forget(1, []);
    cache.learn(1, learnt(one));
    expect([cache.dossier('iin')?.bytes, cache.tie('tie')]).toEqual([one, 'about']);
    cache.forget(2, [one]);
    cache.learn(1, learnt(one));
    cache.learn(2, learnt(one));
    expect([cache.dossier('iin'), cache.tie('tie')]).toEqual([undefined, 'about']);
    cache.learn(2, learnt(other));
    expect(cache.dossier('iin')?.bytes).toEqual(other);
  });

  it('begins anew before the shredded take room without end', () => {
    const cache = new NameCache();
    const [one] = dossiers(1) as [Buffer];
    cache.forget(1, []);
    cache.learn(1, learnt(one));
    cache.bound();
    expect([cache.told, cache.dossier('iin')?.bytes]).toEqual([1, one]);
    cache.forget(2, dossiers(60_000));
    cache.bound();
    expect([cache.told, cache.dossier('iin'), cache.tie('tie')]).toEqual([undefined, undefined, undefined]);
  });
});
