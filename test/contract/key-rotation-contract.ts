/** The key of a log is rotated: both sign for a while, then the new one alone; what was signed before verifies as before. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import {
  introductionText, keysIntroduced, logPolicy, parseNote, parseVerifierKey, readIntroduction, verifyReceipt, type VerifierKey,
} from '#proof'; // prettier-ignore
import { sha256, StoreFailure, verifyEd25519 } from '#store';
import { collected } from './actions.js';
import { options, siyliq, StandingClock, type Engine, type MakePlace, type Place } from './engine.js';
import { recorded } from './ledger-contract.js';

const DAY_MS = 86_400_000;

export function keyRotationContract(makePlace: MakePlace): void {
  let place: Place;
  let store: Engine;
  const clock = new StandingClock('2026-03-01T10:00:00Z');

  beforeEach(async () => {
    clock.ms = Date.parse('2026-03-01T10:00:00Z');
    place = await makePlace();
    store = await place.open(options({ clock }));
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  const again = async (): Promise<void> => {
    await store.close();
    store = await place.open(options({ clock }));
  };
  const record = async (id: string) =>
    recorded((await store.ledger.record(siyliq, [collected(id, id)], { receipts: true }))[0]!);
  const keyOf = (line: string): VerifierKey => {
    const key = parseVerifierKey(sha256, line);
    if (!key.ok) throw new Error(key.code);
    return key.value;
  };
  const primitives = { sha256, verify: verifyEd25519 };
  const verified = (receipt: string, entry: Uint8Array, key: VerifierKey): boolean =>
    verifyReceipt(primitives, logPolicy(key), receipt, entry).ok;
  const signatures = (note: string): number => {
    const parsed = parseNote(note);
    return parsed.ok ? parsed.value.signatures.length : 0;
  };

  it('both keys sign until the stated time, the new one alone after it, and every receipt verifies by whose it is', async () => {
    const before = await record('a');
    const old = keyOf((await store.log.verifierKey(siyliq, 1))!);
    await store.log.rotateKey(siyliq, clock.ms + 10 * DAY_MS);
    const fresh = keyOf((await store.log.verifierKey(siyliq, 1))!);
    expect(fresh.name).toBe(old.name);
    expect(fresh.keyId).not.toBe(old.keyId);
    // The head that stands is signed by both at once, with nothing new in it.
    expect(signatures((await store.log.checkpoint(siyliq, 1))!)).toBe(2);

    const during = await record('b');
    for (const key of [old, fresh]) expect(verified(during.receipt!, during.entry!, key)).toBe(true);
    await again();
    const reopened = await record('c');
    for (const key of [old, fresh]) expect(verified(reopened.receipt!, reopened.entry!, key)).toBe(true);

    clock.ms += 10 * DAY_MS;
    const after = await record('d');
    expect([old, fresh].map((key) => verified(after.receipt!, after.entry!, key))).toEqual([false, true]);
    expect([old, fresh].map((key) => verified(before.receipt!, before.entry!, key))).toEqual([true, false]);
    const later = (await store.log.receipt(siyliq, 0))!;
    expect(verified(later, before.entry!, fresh)).toBe(true);
    await again();
    expect((await store.log.keys(siyliq, 1)).map(({ untilMs }) => untilMs)).toEqual([
      Date.parse('2026-03-11T10:00:00Z'),
      null,
    ]);
  });

  it('the old key introduces the new one, so that whoever believes either may believe both', async () => {
    const old = keyOf(
      (await store.log
        .verifierKey(siyliq, 1)
        .then(async (key) => key ?? (await record('a'), store.log.verifierKey(siyliq, 1))))!,
    );
    await store.log.rotateKey(siyliq, clock.ms + DAY_MS);
    const keys = await store.log.keys(siyliq, 1);
    expect(keys.map(({ introduction }) => introduction === null)).toEqual([true, false]);
    const introduction = readIntroduction(primitives, keys[1]!.introduction!)!;
    const fresh = keyOf(keys[1]!.verifierKey);
    expect(introduction).toMatchObject({ from: '2026-03-01T10:00:00.000Z', oldUntil: '2026-03-02T10:00:00.000Z' });
    expect(keysIntroduced([old], [introduction])).toHaveLength(2);
    expect(keysIntroduced([fresh], [introduction])).toHaveLength(2);
    const stranger = { ...old, publicKey: new Uint8Array(32) };
    expect(keysIntroduced([stranger], [introduction])).toEqual([stranger]);
    // Neither a changed text nor one signature of the two introduces anyone.
    const note = keys[1]!.introduction!;
    expect(readIntroduction(primitives, note.replace('from 2026', 'from 2025'))).toBeUndefined();
    expect(readIntroduction(primitives, note.split('\n').toSpliced(-2, 1).join('\n'))).toBeUndefined();
    expect(introductionText(introduction)).toBe(note.split('\n\n')[0] + '\n');
  });

  it('is refused while an earlier rotation runs, and done again after it', async () => {
    await record('a');
    await store.log.rotateKey(siyliq, clock.ms + DAY_MS);
    const twice = store.log.rotateKey(siyliq, clock.ms + DAY_MS);
    await expect(twice).rejects.toThrow(StoreFailure);
    await expect(twice).rejects.toMatchObject({ code: 'changed' });
    clock.ms += DAY_MS;
    await store.log.rotateKey(siyliq, clock.ms + DAY_MS);
    const keys = await store.log.keys(siyliq, 1);
    const introductions = keys
      .flatMap(({ introduction }) => introduction ?? [])
      .map((note) => readIntroduction(primitives, note)!);
    expect(keysIntroduced([keyOf(keys[0]!.verifierKey)], introductions)).toHaveLength(3);
    await again();
    const { receipt, entry } = await record('b');
    expect(keys.map(({ verifierKey }) => verified(receipt!, entry!, keyOf(verifierKey)))).toEqual([false, true, true]);
  });
}
