/** The vault's formats, made a second time from their description with the platform's primitives alone: they are final. */
import { describe, expect, test } from '@jest/globals';
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { StoreFailure } from '../ports.js';
import { eventName, identityName, referenceName } from './naming.js';
import {
  boundTo, commitmentTo, digestUnder, frameTexts, identifierPlace, labelKey, openBox, readTexts, referencePlace, sealBox, sealedFor,
} from './seal.js'; // prettier-ignore

const key = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const hmac = (data: Uint8Array | string, under: Uint8Array = key): Buffer =>
  createHmac('sha256', under).update(data).digest();
const after = (length: number, bytes: Uint8Array): Buffer => {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes.length);
  return Buffer.concat([prefix.subarray(4 - length), bytes]);
};

describe('names', () => {
  test('an event id is of source and id after their lengths, and of the ordinal of all but the first', () => {
    const [source, id] = [Buffer.from('urn:источник'), Buffer.from('2026-1')];
    const pair = Buffer.concat([after(4, source), after(4, id)]);
    expect(eventName(key, source.toString(), '2026-1', 0)).toEqual(hmac(pair).subarray(0, 16));
    const third = Buffer.concat([pair, Buffer.from([0, 0, 0, 3])]);
    expect(eventName(key, source.toString(), '2026-1', 3)).toEqual(hmac(third).subarray(0, 16));
  });

  test('golden values', () => {
    expect(eventName(key, 'urn:los:core', '2026-000123', 0).toString('base64url')).toBe(GOLDEN.event);
    expect(identityName(key, 'iin', '900101300017').toString('base64url')).toBe(GOLDEN.identity);
    expect(referenceName(key, 'consent', 'C-1').toString('base64url')).toBe(GOLDEN.reference);
    expect(labelKey(key, '#digest').toString('base64url')).toBe(GOLDEN.label);
  });

  test('kinds are apart, and where a text ends is part of the name', () => {
    const names = [
      identityName(key, 'client', 'x'), identityName(key, 'online', 'x'), referenceName(key, 'consent', 'x'), referenceName(key, 'contract', 'x'),
      eventName(key, 'a', 'bc', 0), eventName(key, 'ab', 'c', 0), eventName(key, 'ab', 'c', 1),
    ].map((name) => name.toString('hex')); // prettier-ignore
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a box', () => {
  const owner = sealedFor('kz.autosiyliq', Buffer.alloc(16, 1));
  const event = Buffer.alloc(16, 2);

  test('is bound to controller, dossier, event and label, each after its length', () => {
    const parts = [Buffer.from('kz.autosiyliq'), Buffer.alloc(16, 1), event, Buffer.from('#text')];
    expect(boundTo(owner, event, '#text')).toEqual(Buffer.concat(parts.map((part) => after(1, part))));
    expect(boundTo(sealedFor('kg.somo', null), event, 'name')[8]).toBe(0);
  });

  test('is iv, ciphertext and tag of AES-256-GCM under the label’s key', () => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', hmac('name'), iv).setAAD(boundTo(owner, event, 'name'));
    const box = Buffer.concat([iv, cipher.update('Айгүл'), cipher.final(), cipher.getAuthTag()]);
    expect(openBox(labelKey(key, 'name'), boundTo(owner, event, 'name'), box).toString()).toBe('Айгүл');
  });

  test('opens in its place alone, and whole', () => {
    const bound = boundTo(owner, event, 'name');
    const box = sealBox(labelKey(key, 'name'), bound, Buffer.from('x'));
    const places = [event, Buffer.alloc(16, 3), identifierPlace, referencePlace(event)].map((place) =>
      boundTo(owner, place, 'name'),
    );
    expect(openBox(labelKey(key, 'name'), places[0]!, box).toString()).toBe('x');
    for (const place of places.slice(1)) expect(() => openBox(labelKey(key, 'name'), place, box)).toThrow(StoreFailure);
    const elsewhere = boundTo(sealedFor('kg.somo', Buffer.alloc(16, 1)), event, 'name');
    expect(() => openBox(labelKey(key, 'name'), elsewhere, box)).toThrow(StoreFailure);
    expect(() => openBox(labelKey(key, 'phone'), bound, box)).toThrow(StoreFailure);
    expect(() => openBox(labelKey(key, 'name'), bound, box.subarray(0, box.length - 1))).toThrow(StoreFailure);
  });

  test('one text sealed twice is two boxes', () => {
    const bound = boundTo(owner, event, 'name');
    expect(sealBox(key, bound, Buffer.from('x'))).not.toEqual(sealBox(key, bound, Buffer.from('x')));
  });
});

test('texts come out of their frame as they went in', () => {
  const texts = [
    { field: 'note', salt: randomBytes(32), text: '' },
    { field: 'entry.cross-border', salt: randomBytes(32), text: 'ұзақ \u{1F600}'.repeat(2000) },
  ];
  expect(readTexts(frameTexts(texts))).toEqual(texts);
  expect(frameTexts([texts[0]!]).subarray(0, 5).toString('latin1')).toBe('\x04note');
});

test('a commitment is SHA-256 of salt and text, a digest the HMAC of the content’s hash', () => {
  const salt = randomBytes(32);
  for (const text of ['', 'Айгүл', 'x'.repeat(5000)]) {
    expect(commitmentTo(salt, text)).toBe(createHash('sha256').update(salt).update(text).digest('base64url'));
  }
  expect(digestUnder(key, salt)).toEqual(hmac(salt).subarray(0, 16));
});

/** For ever: were one of them to change, no repeat and no person would be known again. */
const GOLDEN = {
  event: 'WFsZJrKFr8yE4HYrBU3XYA',
  identity: 'pY0_vJqMiGRJHSni4cQBlg',
  reference: 'daf507EmEYQgIjq8vl9Mag',
  label: 'voA_t71TEG5ZICQ16lkAvgQBs-pUv0uGl0f7r6-zxyA',
};
