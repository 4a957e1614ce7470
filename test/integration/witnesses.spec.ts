/** The witness role in a real server: cosigned checkpoints are kept and served, whatever witnesses do meanwhile. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '#host';
import {
  parseCheckpoint,
  parseNote,
  parsePolicy,
  parseReceipt,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '#proof';
import { sha256, verifyEd25519 } from '#store';
import { SmallWitness } from '../running/small-witness.js';
import { collected, CONTROLLER, InProcess, NDJSON } from './in-process.js';

const witnesses = ['a', 'b', 'c'].map((name) => new SmallWitness(`witness.example/${name}`));
const [one, two, gone] = witnesses as [SmallWitness, SmallWitness, SmallWitness];
const prefix = `/log/${CONTROLLER}/1`;
let dir: string;
let server: InProcess;
let logKey: string;

const policyOf = (log = ''): string =>
  `${log}${witnesses.map(({ name, vkey, url }) => `witness ${name} ${vkey} ${url}/`).join('\n')}
group most 2 ${witnesses.map(({ name }) => name).join(' ')}
quorum most
`;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-witnesses-'));
  for (const witness of witnesses) await witness.start();
  await writeFile(join(dir, 'policy'), policyOf());
  await gone.stop();
  server = await InProcess.start('--witness-policy', join(dir, 'policy'), '--witness-seconds', '0');
  logKey = (await server.get(`${prefix}/vkey`)).text.trim();
}, 60_000);
afterAll(async () => {
  await server.dispose();
  for (const witness of [one, two]) await witness.stop();
  await rm(dir, { recursive: true });
});

const grow = async (by: number): Promise<number> => {
  await server.send(Array.from({ length: by }, () => JSON.stringify(collected())).join('\n'), NDJSON);
  return server.parts.ledger.size(CONTROLLER);
};
const part = async () =>
  (await server.get('/health/ready')).json<{
    parts: Record<string, { state: string; cosigned: { size: number } | null }>;
  }>().parts[`witness ${CONTROLLER}`]!;
const until = async (state: string, size: number): Promise<void> => {
  for (;;) {
    const { state: now, cosigned } = await part();
    if (now === state && (cosigned?.size ?? 0) === size) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const served = async () => {
  const text = (await server.get(`${prefix}/checkpoint`)).text;
  const note = parseNote(text);
  const head = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!head.ok) throw new Error(head.code);
  return { text, head: head.value };
};

describe('the witness role', () => {
  let latest = 0;

  it('asks nothing of an empty log, and serves its own checkpoint until the first is cosigned', async () => {
    expect((await served()).head.size).toBe(0);
    expect(await part()).toMatchObject({ cosigned: null });
    expect(one.asked).toEqual([]);
  });

  it('does not serve as cosigned what too few witnesses cosigned, and says so', async () => {
    one.know(logKey);
    const size = await grow(1);
    await until('witness-refuses', 0);
    expect((await served()).head.size).toBe(size);
  });

  it('serves the checkpoint that enough witnesses cosigned, and keeps its time', async () => {
    two.know(logKey);
    latest = await grow(299);
    await until('cosigned', latest);
    const policy = parsePolicy(sha256, policyOf(`log ${logKey}\n`));
    if (!policy.ok) throw new Error(policy.code);
    const { text, head } = await served();
    const verified = verifyCheckpoint(verifyEd25519, policy.value, text);
    expect(verified.ok && verified.value.cosignatures.map(({ witness }) => witness.name).toSorted()).toEqual([
      one.name,
      two.name,
    ]);
    expect(head.size).toBe(latest);
    expect((await part()).cosigned).toMatchObject({ size: latest });
  });

  it('goes on from where a witness says that it stands', async () => {
    one.remember(`test.example${prefix}`, undefined);
    latest = await grow(3);
    await until('cosigned', latest);
    expect(one.asked.at(-1)).toBe(0);
  });

  it('waits while the witnesses are gone, gives receipts meanwhile, and is cosigned when they are back', async () => {
    await two.stop();
    const before = latest;
    latest = await grow(2);
    await until('quorum-missing', before);
    const single = (await server.send(collected())).json<{ receipt: string }>();
    const receipt = parseReceipt(single.receipt);
    expect(receipt.ok).toBe(true);
    latest += 1;
    expect((await served()).head.size).toBe(before);
    await two.start();
    await until('cosigned', latest);
  });

  it('believes no answer that it cannot verify', async () => {
    const before = latest;
    for (const instead of [
      { status: 200, body: `\u2014 ${two.name} AAAAAAAA\n` },
      { status: 200, body: 'good\n'.repeat(100_000) },
      { status: 409, body: 'seven\n' },
      { status: 500, body: '' },
    ]) {
      two.instead = instead;
      latest = await grow(1);
      await until('quorum-missing', before);
    }
    two.instead = undefined;
    await until('cosigned', latest);
    expect((await served()).head.size).toBe(latest);
  });

  it('says that the log is older than what a witness has seen', async () => {
    const before = latest;
    two.instead = { status: 409, body: '1000000\n' };
    latest = await grow(1);
    await until('behind-witness', before);
    two.instead = undefined;
    await until('cosigned', latest);
    expect((await served()).head.size).toBe(latest);
  });

  it('gives the kept checkpoints page by page, without end for none', async () => {
    type Page = { checkpoints: { size: number }[]; next?: number };
    const all = (await server.get(`${prefix}/checkpoints`)).json<Page>();
    expect(all.next).toBeUndefined();
    const paged: { size: number }[] = [];
    for (let after: number | undefined; ;) {
      const query: string = after === undefined ? '' : `&after=${after}`;
      const page = (await server.get(`${prefix}/checkpoints?limit=1${query}`)).json<Page>();
      expect(new Set(page.checkpoints.map(({ size }) => size)).size).toBe(1);
      paged.push(...page.checkpoints);
      if (page.next === undefined) break;
      expect(page.next).toBe(page.checkpoints[0]!.size);
      after = page.next;
    }
    expect(paged).toEqual(all.checkpoints);
    expect((await server.get(`${prefix}/checkpoints?limit=1001`)).json()).toMatchObject({ parameter: 'limit' });
  });

  it('proves inclusion and consistency over HTTP, without a key', async () => {
    const { head } = await served();
    const kept = (await server.get(`${prefix}/checkpoints`)).json<{
      checkpoints: { size: number; cosigned: string | null; checkpoint: string }[];
    }>().checkpoints;
    expect(kept.filter(({ cosigned }) => cosigned !== null).length).toBeGreaterThan(3);
    const first = kept[0]!;
    const note = parseNote(first.checkpoint);
    const old = note.ok ? parseCheckpoint(note.value.text) : note;
    if (!old.ok) throw new Error(old.code);
    const consistency = (await server.get(`${prefix}/proof/consistency?from=${first.size}&to=${head.size}`)).json<{
      hashes: string[];
    }>();
    const path = consistency.hashes.map((hash) => new Uint8Array(Buffer.from(hash, 'base64')));
    const claim = { oldSize: first.size, oldRoot: old.value.root, size: head.size, root: head.root, path };
    expect(verifyConsistency(sha256, claim).ok).toBe(true);
    const index = 271;
    const inclusion = (await server.get(`${prefix}/proof/inclusion?index=${index}&size=${head.size}`)).json<{
      hashes: string[];
    }>();
    const tile = new Uint8Array(
      await (await fetch(`${server.url}${prefix}/tile/0/001.p/${index - 255}`)).arrayBuffer(),
    );
    const leaf = tile.slice((index - 256) * 32, (index - 255) * 32);
    const included = {
      index,
      size: head.size,
      leaf,
      root: head.root,
      path: inclusion.hashes.map((hash) => new Uint8Array(Buffer.from(hash, 'base64'))),
    };
    expect(verifyInclusion(sha256, included).ok).toBe(true);
    for (const wrong of [
      'inclusion',
      `inclusion?index=${head.size + 5}`,
      'inclusion?index=0&size=0',
      'consistency?from=9&to=8',
      'consistency?to=8',
    ])
      expect([wrong, (await server.get(`${prefix}/proof/${wrong}`)).status]).toEqual([wrong, 400]);
    expect((await server.get(`/log/${CONTROLLER}/2/proof/inclusion?index=0`)).status).toBe(404);
  });
});

it('a policy that no witness can meet stops the start', async () => {
  const path = join(dir, 'wrong');
  const [first] = witnesses;
  for (const [text, said] of [
    ['quorum none\n', 'asks for no witness'],
    [`witness w ${first!.vkey}\nquorum w\n`, 'no address'],
    [`witness w ${first!.vkey} ftp://x\nquorum w\n`, 'http(s)'],
    ['witness w\n', 'policy-malformed (line 1)'],
  ] as const) {
    await writeFile(path, text);
    const started = InProcess.start('--witness-policy', path);
    await expect(started).rejects.toThrow(ConfigError);
    await expect(started).rejects.toThrow(said);
  }
});
