/**
 * A log that a real witness has cosigned is brought back shorter than the witness saw it. The witness gives nothing to what
 * would contradict it, `depter restore` refuses, and the new generation that it begins instead is cosigned again.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decode } from '#ledger';
import { parsePolicy, verifyCheckpoint, type Policy } from '#proof';
import { sha256, verifyEd25519 } from '#store';
import { Depter } from '../running/depter.js';
import { HOW_TO_GET_EVENTSTORE, startEventStore } from '../running/eventstore.js';
import { PostgresServer } from '../running/postgres.js';
import { RealWitness } from '../running/real-witness.js';
import { suiteIf } from '../running/suite-if.js';
import { onReal } from './real.js';

const CONTROLLER = 'kz.autosiyliq';
const CLI = resolve('dist/apps/cli/src/main.js');
const COSIGNED_MS = 20_000;

/** A store as this suite needs it. Each copy is of a moment at which nobody serves. */
interface Kind {
  start(): Promise<Depter>;
  copy(depter: Depter, to: string): Promise<string>;
  /** The place that a copy is brought back to, and what `depter restore` is told of it. */
  back(copy: string, old: Depter): Promise<{ readonly depter: Depter; readonly flags: readonly string[] }>;
  stop(): Promise<void>;
}

function inFolder(): Kind {
  const made: Depter[] = [];
  return {
    start: async () => {
      made.push(await Depter.inNewFolder());
      return made[0]!;
    },
    copy: async (depter, to) => {
      await mkdir(to);
      const flags = ['--data', depter.dir, '--to', join(to, 'ledgers'), '--keys-to', join(to, 'keys')];
      const { stdout } = await run('backup', ...flags);
      return stdout;
    },
    back: async (copy, old) => {
      const [ledger = '', keys = ''] = copy.split('\n');
      const depter = await Depter.inNewFolder();
      made.push(depter);
      const flags = ['--ledger', ledger, '--keys', keys, '--root-key', join(old.dir, 'root.key'), '--data', depter.dir];
      return { depter, flags };
    },
    stop: async () => {
      for (const depter of made) await depter.dispose();
    },
  };
}

function inDatabase(startNode?: () => Promise<{ readonly address: string; stop(): Promise<void> }>): Kind {
  const made: Depter[] = [];
  let server: PostgresServer;
  let node: Awaited<ReturnType<NonNullable<typeof startNode>>> | undefined;
  let address: string;
  const log = () => (node === undefined ? [] : ['--eventstore', node.address]);
  return {
    start: async () => {
      server = await PostgresServer.start();
      node = await startNode?.();
      address = await server.database();
      made.push(await Depter.onDatabase(address, log()));
      return made[0]!;
    },
    copy: () => server.copyOf(address),
    back: async (copy, old) => {
      const depter = await Depter.onDatabase(copy, log());
      made.push(depter);
      await copyFile(join(old.dir, 'root.key'), join(depter.dir, 'root.key'));
      return { depter, flags: ['--postgres', copy, ...log(), '--root-key', join(depter.dir, 'root.key')] };
    },
    stop: async () => {
      for (const depter of made) await depter.dispose();
      await Promise.all([server.stop(), node?.stop()]);
    },
  };
}

async function run(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [CLI, ...args], (failure, stdout, stderr) =>
      done({ code: failure?.code ?? 0, stdout, stderr }),
    );
  });
}

await onReal('a log brought back shorter than a witness saw it', ['DEPTER_TEST_SERVICES'], ([services = '']) => {
  describe('in a folder', () => {
    suite(services, inFolder);
  });
  describe('in PostgreSQL', () => {
    suite(services, () => inDatabase());
  });
  suiteIf(startEventStore !== undefined, 'in PostgreSQL and EventStoreDB', HOW_TO_GET_EVENTSTORE, () =>
    suite(services, () => inDatabase(startEventStore)),
  );
});

function suite(services: string, kindOf: () => Kind): void {
  let dir: string;
  let witness: RealWitness;
  let kind: Kind;
  let served: Depter;
  let fed = 0;

  // A witness of each test's own: it remembers every log that it was told of, and all have one name.
  beforeEach(async () => {
    witness = await RealWitness.inNewFolder(services);
    await witness.start();
    dir = await mkdtemp(join(tmpdir(), 'depter-witnessed-restore-'));
    await writeFile(join(dir, 'policy'), await policyText());
    kind = kindOf();
    served = await kind.start();
  }, 120_000);
  afterEach(async () => {
    await Promise.all([kind.stop(), witness.dispose()]);
    await rm(dir, { recursive: true });
  });

  const policyText = async () => `witness real ${await witness.vkey()} ${witness.url}\nquorum real\n`;
  const serve = (depter: Depter) =>
    depter.serve({ flags: ['--witness-policy', join(dir, 'policy'), '--witness-seconds', '0'] });
  const feed = async (depter: Depter, key: string, count: number) => {
    const lines = Array.from({ length: count }, () =>
      JSON.stringify({
        specversion: '1.0', id: `a-${++fed}`, source: 'urn:test', type: 'depter.action.collected.v1', time: '2026-02-02T09:00:00Z',
        data: { person: { client: `P-${fed % 7}` }, items: ['name'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' },
      }),
    ); // prettier-ignore
    expect((await depter.feed(CONTROLLER, key, lines)).every(({ status }) => status === 'recorded')).toBe(true);
  };
  /** Makes a generation known to the witness; gives what a verifier asks of it. */
  const known = async (depter: Depter, generation: number): Promise<Policy> => {
    const key = (await depter.get(`/log/${CONTROLLER}/${generation}/vkey`)).text.trim();
    await witness.know(key);
    const read = parsePolicy(sha256, `log ${key}\n${await policyText()}`);
    if (!read.ok) throw new Error(read.code);
    return read.value;
  };
  /** The checkpoint of a size as soon as it is served with the witness's cosignature. */
  const cosigned = async (depter: Depter, generation: number, policy: Policy, size: number): Promise<string> => {
    const end = Date.now() + COSIGNED_MS;
    for (;;) {
      const { text } = await depter.get(`/log/${CONTROLLER}/${generation}/checkpoint`);
      const verified = verifyCheckpoint(verifyEd25519, policy, text);
      if (verified.ok && verified.value.head.size === size) return text;
      if (Date.now() > end) throw new Error(`not cosigned at ${size}: ${text}`);
      await new Promise((wait) => setTimeout(wait, 50));
    }
  };

  test('is refused, goes on in a new generation, and is cosigned again', async () => {
    const emitter = await served.key(CONTROLLER, 'emitter');
    const auditor = await served.key(CONTROLLER, 'auditor');
    await serve(served);
    await feed(served, emitter, 100);
    const policy = await known(served, 1);
    await cosigned(served, 1, policy, 100);
    await served.stop();
    const copy = await kind.copy(served, join(dir, 'copies'));
    await serve(served);
    await feed(served, emitter, 200);
    const published = await cosigned(served, 1, policy, 300);
    await served.stop();
    await writeFile(join(dir, 'published'), published);

    const { depter, flags } = await kind.back(copy, served);
    const told = ['--checkpoint', join(dir, 'published')];
    const refused = await run('restore', ...flags, ...told);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('has 100 entries, and 300 were published') }); // prettier-ignore
    const restored = await run('restore', ...flags, ...told, '--new-generation');
    expect(restored).toMatchObject({ code: 0, stderr: `${CONTROLLER} goes on in generation 2, from position 300\n` });

    await serve(depter);
    const continued = await known(depter, 2);
    await cosigned(depter, 2, continued, 1);
    await feed(depter, emitter, 300);
    await cosigned(depter, 2, continued, 301);
    // The first entry says what the witness had last seen of the generation before.
    const { text } = await depter.get(`/log/${CONTROLLER}/1/checkpoint`);
    expect(text.split('\n')[1]).toBe('100');
    const bundle = await fetch(`${depter.url}/log/${CONTROLLER}/2/tile/entries/000`, {
      headers: { authorization: `Bearer ${auditor}` },
    });
    const bytes = Buffer.from(await bundle.arrayBuffer());
    const first = decode(bytes.subarray(2, 2 + bytes.readUInt16BE(0)));
    const [, , root = ''] = published.split('\n');
    expect(first).toMatchObject({
      type: 'continued',
      data: { size: 300, root: Buffer.from(root, 'base64').toString('base64url') },
    });
  }, 180_000);

  test('served as it came is given no cosignature, and says so', async () => {
    const emitter = await served.key(CONTROLLER, 'emitter');
    await serve(served);
    await feed(served, emitter, 10);
    const policy = await known(served, 1);
    await cosigned(served, 1, policy, 10);
    await served.stop();
    const copy = await kind.copy(served, join(dir, 'copies'));
    await serve(served);
    await feed(served, emitter, 10);
    await cosigned(served, 1, policy, 20);
    await served.stop();

    const { depter, flags } = await kind.back(copy, served);
    const restored = await run('restore', ...flags);
    // With the event log beside it, nobody has to tell how long the log was.
    if (flags.includes('--eventstore')) {
      expect(restored).toMatchObject({ code: 1, stderr: expect.stringContaining('has 10 entries, and 20 were') });
      return;
    }
    expect(restored.code).toBe(0);
    await serve(depter);
    const state = async () => {
      const parts = (await depter.get('/health/ready')).json<{ parts: Record<string, { state: string }> }>().parts;
      return parts[`witness ${CONTROLLER}`]?.state;
    };
    // It was cosigned as far as it goes; what comes now stands where the witness has seen something else.
    await feed(depter, emitter, 5);
    for (const end = Date.now() + COSIGNED_MS; (await state()) !== 'behind-witness';) {
      if (Date.now() > end) throw new Error(`the witness is ${await state()}`);
      await new Promise((wait) => setTimeout(wait, 50));
    }
    const { text } = await depter.get(`/log/${CONTROLLER}/1/checkpoint`);
    const verified = verifyCheckpoint(verifyEd25519, policy, text);
    expect(verified.ok ? verified.value.head.size : 0).toBe(10);
  }, 180_000);
}
