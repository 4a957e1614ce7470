/** A real server has its log cosigned by a real witness as it grows, across the edges of tiles, and after the witness was killed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parsePolicy, verifyCheckpoint, type Policy } from '#proof';
import { sha256, verifyEd25519 } from '#store';
import { collected } from '../contract/actions.js';
import { CONTROLLER, InProcess } from '../integration/in-process.js';
import { RealWitness } from '../running/real-witness.js';
import { onReal } from './real.js';

await onReal('a server with a witness', ['DEPTER_TEST_SERVICES'], ([services = '']) => {
  let dir: string;
  let witness: RealWitness;
  let server: InProcess;
  let policy: Policy;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'depter-witnessed-server-'));
    witness = await RealWitness.inNewFolder(services);
    await witness.start();
    const one = `witness real ${await witness.vkey()} ${witness.url}\nquorum real\n`;
    await writeFile(join(dir, 'policy'), one);
    server = await InProcess.start('--witness-policy', join(dir, 'policy'), '--witness-seconds', '0');
    const key = (await server.get(`/log/${CONTROLLER}/1/vkey`)).text.trim();
    await witness.know(key);
    const read = parsePolicy(sha256, `log ${key}\n${one}`);
    if (!read.ok) throw new Error(read.code);
    policy = read.value;
  }, 60_000);
  afterAll(async () => {
    await server.dispose();
    await witness.dispose();
    await rm(dir, { recursive: true });
  });

  const growTo = async (size: number): Promise<void> => {
    for (let from = await server.parts.ledger.size(CONTROLLER); from < size; from += 500) {
      const count = Math.min(500, size - from);
      const group = Array.from({ length: count }, (_, i) => collected(`w-${from + i}`, `W-${(from + i) % 97}`));
      await server.parts.ledger.record(CONTROLLER, group, { wait: true });
    }
  };

  /** The size of the checkpoint that is served, which must be cosigned where it is not empty. */
  const cosignedSize = async (): Promise<number> => {
    const { text } = await server.get(`/log/${CONTROLLER}/1/checkpoint`);
    const verified = verifyCheckpoint(verifyEd25519, policy, text);
    return verified.ok ? verified.value.head.size : 0;
  };
  const cosignedAt = async (size: number): Promise<void> => {
    while ((await cosignedSize()) !== size) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it.each([1, 255, 256, 257])('is cosigned at %i', async (size) => {
    await growTo(size);
    await cosignedAt(size);
    expect(await server.parts.log.cosigned(CONTROLLER, 1)).toMatchObject({ size });
  });

  it('goes on serving the last cosigned checkpoint while the witness is dead, and has the new one cosigned after it', async () => {
    await witness.kill();
    await growTo(600);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await cosignedSize()).toBe(257);
    const health = (await server.get('/health/ready')).json<{ parts: Record<string, { state: string }> }>();
    expect(health.parts[`witness ${CONTROLLER}`]).toMatchObject({ state: 'quorum-missing', lag: 343 });
    await witness.start();
    await cosignedAt(600);
  }, 60_000);

  it.each([65_535, 65_536, 65_537])(
    'is cosigned at %i',
    async (size) => {
      await growTo(size);
      await cosignedAt(size);
      expect(await server.parts.log.cosigned(CONTROLLER, 1)).toMatchObject({ size });
    },
    120_000,
  );
});
