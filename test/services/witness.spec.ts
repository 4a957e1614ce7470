/** A real witness of the C2SP protocol cosigns the checkpoints of a real Depter log as it grows. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  consistencyProof, consistencyTiles, formatAddCheckpoint, parseCheckpoint, parseCosignatures, parseNote, parseWitnessSize,
} from '#proof'; // prettier-ignore
import { openEmbedded, type EmbeddedStore } from '#store';
import { collected } from '../contract/actions.js';
import { options, siyliq } from '../contract/engine.js';
import { onReal } from './real.js';

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(data).digest());

await onReal(
  'a witness',
  ['DEPTER_TEST_WITNESS', 'DEPTER_TEST_WITNESS_DATA', 'DEPTER_TEST_SERVICES'],
  ([witness = '', data = '', services = '']) => {
    let dir: string;
    let store: EmbeddedStore;

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'depter-witnessed-'));
      // A witness remembers every log it was told of: each run is another one.
      store = await openEmbedded({ dir, origin: `witnessed.example/${Date.now()}`, ...options() });
      await store.ledger.record(siyliq, [collected('w-0', 'W-0')]);
      const key = await store.log.verifierKey(siyliq, 1);
      await promisify(execFile)(join(services, 'witness', 'add-log'), [data, key ?? '']);
    });
    afterAll(async () => {
      await store.close();
      await rm(dir, { recursive: true });
    });

    const headOf = (checkpoint: string) => {
      const note = parseNote(checkpoint);
      const head = note.ok ? parseCheckpoint(note.value.text) : undefined;
      if (head?.ok !== true) throw new Error('the checkpoint cannot be read');
      return head.value;
    };

    /** The proof that the log of `size` continues that of `oldSize`, made of its tiles. */
    const proofBetween = async (oldSize: number, size: number): Promise<readonly Uint8Array[]> => {
      if (oldSize === 0 || oldSize === size) return [];
      const tiles = new Map<string, Uint8Array>();
      for (const { level, index, width } of consistencyTiles(oldSize, size)) {
        tiles.set(`${level}/${index}`, (await store.log.tile(siyliq, 1, level, index, width))!);
      }
      return consistencyProof(sha256, oldSize, size, (level, index) => tiles.get(`${level}/${index}`)!);
    };

    const ask = async (oldSize: number, proof: readonly Uint8Array[], checkpoint: string) => {
      const body = formatAddCheckpoint({ oldSize, proof, checkpoint });
      const answer = await fetch(`${witness}/add-checkpoint`, { method: 'POST', body });
      return { status: answer.status, text: await answer.text() };
    };

    const growTo = async (size: number): Promise<string> => {
      const from = await store.ledger.size(siyliq);
      const more = Array.from({ length: size - from }, (_, i) => collected(`w-${from + i}`, `W-${from + i}`));
      if (more.length > 0) await store.ledger.record(siyliq, more);
      const checkpoint = (await store.log.checkpoint(siyliq, 1)) ?? '';
      expect(headOf(checkpoint).size).toBe(size);
      return checkpoint;
    };

    it('cosigns each growth, across the edge of a tile, and refuses what does not follow', async () => {
      let oldSize = 0;
      for (const size of [1, 255, 256, 257, 600]) {
        const checkpoint = await growTo(size);
        const { status, text } = await ask(oldSize, await proofBetween(oldSize, size), checkpoint);
        expect({ size, status }).toEqual({ size, status: 200 });
        const cosignatures = parseCosignatures(text);
        expect(cosignatures.ok && cosignatures.value.length).toBe(1);
        oldSize = size;
      }
      const newer = await growTo(601);
      const stale = await ask(257, await proofBetween(257, 601), newer);
      expect(stale.status).toBe(409);
      expect(parseWitnessSize(stale.text)).toEqual({ ok: true, value: 600 });
      const [first, ...rest] = await proofBetween(600, 601);
      const bent = await ask(600, [Uint8Array.from(first!, (byte) => byte ^ 1), ...rest], newer);
      expect(bent.status).toBe(422);
    });
  },
);
