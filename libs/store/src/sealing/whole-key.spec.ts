import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DIGEST_LABEL, labelKey, TEXT_LABEL } from './seal.js';
import { Opener, WholeKey } from './whole-key.js';

const LABELS = [TEXT_LABEL, DIGEST_LABEL, 'salary', 'phone'];

describe('a whole key', () => {
  test('has its id and the key of each label, whatever becomes of the bytes that it was made of', () => {
    const [id, bytes] = [randomBytes(16), randomBytes(32)];
    const wanted = { id: Buffer.from(id), keys: LABELS.map((label) => labelKey(bytes, label)) };
    const key = new WholeKey(id, bytes);
    const next = new WholeKey(randomBytes(16), randomBytes(32));
    for (const part of [id, bytes]) part.fill(0);
    for (let time = 0; time < 2; time++) {
      expect(key.id).toEqual(wanted.id);
      expect(LABELS.map((label) => key.label(label))).toEqual(wanted.keys);
    }
    expect(LABELS.map((label) => next.label(label))).not.toEqual(wanted.keys);
  });
});

describe('an opener', () => {
  test("unwraps each key once: the whole key, or where that is gone the label's own", () => {
    const [whole, own, ids] = [randomBytes(32), randomBytes(32), [randomBytes(16), randomBytes(16)]];
    const asked: string[] = [];
    const opener = new Opener('kz.example', randomBytes(16), (id, label) => {
      asked.push(`${ids.findIndex((known) => known.equals(id))} ${label}`);
      if (ids[0]!.equals(id)) return label === '' ? whole : undefined;
      return label === 'salary' ? own : undefined;
    });
    for (let time = 0; time < 2; time++) {
      expect(LABELS.map((label) => opener.key(ids[0]!, label))).toEqual(LABELS.map((label) => labelKey(whole, label)));
      expect(LABELS.map((label) => opener.key(ids[1]!, label))).toEqual([undefined, undefined, own, undefined]);
    }
    expect(asked).toEqual(['0 ', '1 ', ...LABELS.map((label) => `1 ${label}`)]);
  });
});
