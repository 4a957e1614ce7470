import { describe, expect, test } from '@jest/globals';
import {
  addHead, ArchiveWriter, checkpoint, exportLog, introductionText, keysIntroduced, makeVerifierKey, noteSigner, readIntroduction, signedUntil, signNote,
  logPolicy, verifyArchive, verifierKey, type KeyIntroduction,
} from './index.js'; // prettier-ignore
import { inFile, MadeLog, manifestOf, origin, people, recordedAt, storedEntry } from '../testdata/exported.js';
import { ed25519, node, seedOf, sha256 } from '../testdata/ed25519.js';

/** Keys of one log, by their seeds; what they sign is signed in truth. */
const signerOf = (seed: number) => ed25519(origin, seedOf(seed));
const keyOf = (seed: number) => makeVerifierKey(sha256, origin, signerOf(seed).publicKey, 'note');
const lineOf = (seed: number) => verifierKey(sha256, origin, signerOf(seed).publicKey);

function note(old: number, fresh: number, from: string, oldUntil: string): string {
  const text = introductionText({ old: keyOf(old), key: keyOf(fresh), from, oldUntil });
  return signNote(text, noteSigner(sha256, signerOf(old)), noteSigner(sha256, signerOf(fresh)));
}
const introduced = (old: number, fresh: number, from: string, oldUntil: string): KeyIntroduction =>
  readIntroduction(node, note(old, fresh, from, oldUntil))!;
const at = (hour: number): string => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;

describe('keys that are introduced', () => {
  const first = introduced(1, 2, at(1), at(2));
  const second = introduced(2, 3, at(2), at(4));
  const ids = (keys: readonly { keyId: number }[]) => keys.map(({ keyId }) => keyId);

  test('follow one another in a chain, from whichever is believed', () => {
    for (const seed of [1, 2, 3]) expect(keysIntroduced([keyOf(seed)], [second, first])).toHaveLength(3);
  });

  test.each([
    ['a retired key, later, another successor', introduced(1, 9, at(3), at(5))],
    ['a retired key, back-dated, another successor', introduced(1, 9, at(1), at(2))],
    ['a key, another predecessor', introduced(9, 2, at(1), at(2))],
  ])('are not those of a forger who has %s', (_, forged) => {
    for (const seed of [1, 2, 3])
      expect(ids(keysIntroduced([keyOf(seed)], [first, second, forged]))).not.toContain(keyOf(9).keyId);
  });

  test.each([
    ['introduced after its own end', introduced(9, 1, at(3), at(3)), 9],
    ['said to outlive the one that it introduced', introduced(9, 1, at(0), at(6)), 9],
    ['introduced after the end that is said of the old one', introduced(3, 9, at(6), at(5)), 9],
  ])('are not one %s', (_, forged, seed) => {
    for (const believed of [1, 2, 3])
      expect(ids(keysIntroduced([keyOf(believed)], [first, second, forged]))).not.toContain(keyOf(seed).keyId);
  });

  test('vouch until the last of the signers is retired', () => {
    expect(signedUntil([keyOf(1)], [])).toBeNull();
    expect(signedUntil([keyOf(1)], [first, second])).toBe(at(2));
    expect(signedUntil([keyOf(1), keyOf(2)], [first, second])).toBe(at(4));
    expect(signedUntil([keyOf(2), keyOf(3)], [first, second])).toBeNull();
  });
});

describe('an archive under a head of retired keys alone', () => {
  const log = new MadeLog(Array.from({ length: 300 }, (_, i) => storedEntry(i)));
  const FRESH = 8;
  const whole = { first: 0, end: 300, head: log.head(), older: [] };

  /** Whoever signs is one of seeds 7, the log's first key, and 8, which it introduced. */
  async function archived(end: string, seeds: readonly number[], isPerson = false): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    const writer = new ArchiveWriter(sha256, async (part) => void parts.push(part.slice()));
    const text = checkpoint({ origin, size: 300, root: log.head().root });
    const head = { ...log.head(), note: signNote(text, ...seeds.map((seed) => noteSigner(sha256, signerOf(seed)))) };
    const keys = [log.vkey, lineOf(FRESH)];
    const introductions = [note(7, FRESH, recordedAt(0), end)];
    if (isPerson) {
      await addHead(writer, head, keys, introductions);
      await writer.add('subject/298.entry', log.entries[298]!);
      await writer.add('subject/298.receipt', log.receipt(298, head));
    } else {
      const made = await exportLog(node, log, writer, { ...whole, head, keys, introductions });
      if (!made.ok) throw new Error(made.fault.code);
    }
    await writer.finish({ ...manifestOf(log, whole), subjects: isPerson ? [people[298 % 3]!] : null });
    return Uint8Array.from(Buffer.concat(parts));
  }
  const judge = async (archive: Uint8Array, seed = FRESH) =>
    verifyArchive(node, inFile(archive), { policy: logPolicy(keyOf(seed)) });

  test('is good as far as they were not retired', async () => {
    const retired = recordedAt(300);
    expect(await judge(await archived(retired, [7]))).toMatchObject({ ok: true, value: { retired } });
    for (const seeds of [[7, FRESH], [FRESH]])
      expect(await judge(await archived(recordedAt(9), seeds))).toMatchObject({ ok: true, value: { retired: null } });
  }); // prettier-ignore

  test('is bad from the first entry that was recorded later, whichever key is believed', async () => {
    const fault = { code: 'key-retired', place: 'entry 299 (tile/entries/001.p/44)' };
    for (const seed of [7, FRESH])
      expect(await judge(await archived(recordedAt(299), [7]), seed)).toEqual({ ok: false, fault });
    const early = await judge(await archived(recordedAt(150), [7]));
    expect(early).toMatchObject({ ok: false, fault: { place: 'entry 150 (tile/entries/000)' } });
  });

  test('is bad with the entry of one person that was recorded later', async () => {
    const fault = { code: 'key-retired', place: 'entry 298 (subject/298.entry)' };
    expect(await judge(await archived(recordedAt(298), [7], true))).toEqual({ ok: false, fault });
    expect(await judge(await archived(recordedAt(299), [7], true))).toMatchObject({ ok: true });
  });
});
