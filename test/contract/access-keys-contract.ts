/** What every keeper of API keys does. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { options, siyliq, somo, type Engine, type MakePlace, type Place } from './engine.js';

const subject = 'AbcdefghijklmnopqrstuA' as SubjectRef;

export function accessKeysContract(makePlace: MakePlace): void {
  let place: Place;
  let store: Engine;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open(options());
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  describe('a key', () => {
    test('is known by its secret, with its controller, role and subject, now and after opening again', async () => {
      const officer = await store.accessKeys.add({ controller: siyliq, role: 'officer' });
      const person = await store.accessKeys.add({ controller: siyliq, role: 'subject', subject });
      expect(officer.key).toMatchObject({
        controller: siyliq,
        role: 'officer',
        subject: null,
        created: '2026-03-01T10:00:00.000Z',
      });
      await store.close();
      store = await place.open(options());
      expect(await store.accessKeys.check(officer.secret)).toEqual(officer.key);
      expect(await store.accessKeys.check(person.secret)).toEqual(person.key);
      expect(person.key.subject).toBe(subject);
    });

    test('another secret is nobody’s', async () => {
      const { secret } = await store.accessKeys.add({ controller: siyliq, role: 'emitter' });
      for (const wrong of ['', 'x', `${secret}A`, secret.slice(1), secret.toUpperCase()]) {
        expect(await store.accessKeys.check(wrong)).toBeUndefined();
      }
    });

    test('two keys are never the same', async () => {
      const keys = await Promise.all([1, 2].map(() => store.accessKeys.add({ controller: siyliq, role: 'emitter' })));
      expect(keys[0]!.secret).not.toBe(keys[1]!.secret);
      expect(keys[0]!.key.id).not.toBe(keys[1]!.key.id);
    });

    test('of a controller are listed, without their secrets; an admin’s to all lie apart', async () => {
      const { key } = await store.accessKeys.add({ controller: siyliq, role: 'emitter' });
      const admin = await store.accessKeys.add({ controller: '*', role: 'admin' });
      await store.accessKeys.add({ controller: somo, role: 'auditor' });
      expect(await store.accessKeys.list(siyliq)).toEqual([key]);
      expect(await store.accessKeys.list('*')).toHaveLength(3);
      expect(JSON.stringify(await store.accessKeys.list('*'))).not.toContain(admin.secret);
    });

    test('to all controllers is an admin’s alone, and a subject’s names its subject', async () => {
      await expect(store.accessKeys.add({ controller: '*', role: 'officer' })).rejects.toThrow(RangeError);
      await expect(store.accessKeys.add({ controller: siyliq, role: 'subject' })).rejects.toThrow(RangeError);
    });
  });
}
