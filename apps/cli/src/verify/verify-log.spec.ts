import { expect, test } from '@jest/globals';
import { logPolicy, makeVerifierKey, type KeyIntroduction } from '#proof';
import { MadeLog, origin, recordedAt, storedEntry } from '../../../../libs/proof/testdata/exported.js';
import { nodePrimitives } from './primitives.js';
import { verifyLog } from './verify-log.js';

const log = new MadeLog(Array.from({ length: 300 }, (_, i) => storedEntry(i)));
const old = makeVerifierKey(nodePrimitives.sha256, origin, log.key.publicKey, 'note');
const key = makeVerifierKey(nodePrimitives.sha256, origin, new Uint8Array(32).fill(1), 'note');
const served = Object.assign(log, {
  checkpoint: async () => log.head().note,
  checkpoints: async () => [log.head(100).note],
});

const verified = (oldUntil: string, entries: boolean) => {
  const introduction: KeyIntroduction = { old, key, from: recordedAt(0), oldUntil };
  const settings = { policy: logPolicy(old, key), introductions: [introduction], entries, onProgress: () => undefined };
  return verifyLog(served, settings);
};

test('a served head of a retired key alone vouches for nothing that was recorded after its end', async () => {
  expect(await verified(recordedAt(300), true)).toEqual({
    ok: true,
    size: 300,
    checkpoints: 1,
    cosignatures: [],
    retired: recordedAt(300),
  });
  const fault = { code: 'key-retired', place: 'entry 299 (tile/entries/001.p/44)' };
  expect(await verified(recordedAt(299), true)).toEqual({ ok: false, fault });
  // Of hashes alone no time can be read; the verdict says whose they are.
  expect(await verified(recordedAt(299), false)).toMatchObject({ ok: true, retired: recordedAt(299) });
});
