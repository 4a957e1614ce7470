/** The log as any tlog-tiles client reads it: key, checkpoint, tiles, bundles and receipts agree with each other. */
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  leafHash, logPolicy, nodeHash, parseBundle, parseVerifierKey, tilePath, verifyCheckpoint, verifyReceipt, type Primitives, type VerifierKey,
} from '#proof'; // prettier-ignore
import { ACTIONS, collected, CONTROLLER, InProcess, NDJSON } from './in-process.js';

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(data).digest());
const primitives: Primitives = {
  sha256,
  verify: (publicKey, message, signature) => {
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
      format: 'jwk',
    });
    return verifySignature(null, message, key, signature);
  },
};

let server: InProcess;
let key: VerifierKey;
const prefix = `/log/${CONTROLLER}/1`;

beforeAll(async () => {
  server = await InProcess.start();
  const lines = Array.from({ length: 300 }, () => JSON.stringify(collected()));
  await server.send(lines.join('\n'), NDJSON);
  const vkey = await server.get(`${prefix}/vkey`);
  const parsed = parseVerifierKey(sha256, vkey.text.trim());
  if (!parsed.ok) throw new Error('the verifier key cannot be read');
  key = parsed.value;
}, 60_000);
afterAll(() => server.dispose());

async function bytes(
  path: string,
  secret?: string,
): Promise<{ status: number; body: Uint8Array; cache: string | null }> {
  const headers = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  const response = await fetch(`${server.url}${prefix}/${path}`, { headers });
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, body, cache: response.headers.get('cache-control') };
}

async function head(): Promise<{ size: number; root: Uint8Array }> {
  const verified = verifyCheckpoint(primitives.verify, logPolicy(key), (await server.get(`${prefix}/checkpoint`)).text);
  if (!verified.ok) throw new Error(verified.code);
  return verified.value.head;
}

/** The root of all the hashes, split as RFC 6962 says. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return only;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(sha256, rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

describe('the log', () => {
  it('is named by the origin, and its checkpoint verifies', async () => {
    expect((await server.get(`${prefix}/vkey`)).text).toMatch(/^[^\n]+\n$/);
    expect(key.name).toBe(`test.example${prefix}`);
    expect((await head()).size).toBe(await server.parts.ledger.size(CONTROLLER));
  });

  it('has tiles whose hashes make the signed root, and bundles whose entries make the hashes', async () => {
    const { size, root } = await head();
    const leaves: Uint8Array[] = [];
    for (let index = 0; index * 256 < size; index += 1) {
      const width = Math.min(256, size - index * 256);
      const tile = await bytes(tilePath(0, index, width));
      expect(tile.status).toBe(200);
      expect(tile.cache).toBe('public, max-age=31536000, immutable');
      expect(tile.body).toHaveLength(width * 32);
      const bundle = await bytes(tilePath('entries', index, width), server.keys.auditor);
      expect(bundle.cache).toMatch(/^private/);
      const entries = parseBundle(bundle.body, width);
      if (!entries.ok) throw new Error(entries.code);
      entries.value.forEach((entry, i) => {
        const hash = tile.body.slice(i * 32, i * 32 + 32);
        expect(Buffer.from(leafHash(sha256, entry)).equals(hash)).toBe(true);
        leaves.push(hash);
      });
    }
    expect(leaves).toHaveLength(size);
    expect(Buffer.from(rootOf(leaves)).equals(root)).toBe(true);
  });

  it('has no tile of another width, spelling, generation or controller', async () => {
    const { size } = await head();
    const wrong = [
      tilePath(0, 99),
      tilePath(1, 0),
      `tile/0/001.p/${(size % 256) + 1}`,
      'tile/0/1',
      'tile/00/000',
      'tile/0/000.p/0',
      'tile/x/000',
      'tile/0/000.p/256',
    ];
    for (const path of wrong) expect([path, (await bytes(path)).status]).toEqual([path, 404]);
    for (const address of [
      `/log/${CONTROLLER}/2/checkpoint`,
      `/log/${CONTROLLER}/x/vkey`,
      '/log/kz.nobody/1/checkpoint',
    ])
      expect((await server.get(address)).json()).toMatchObject({ code: 'not-found' });
  });

  it('keeps its entries from those who have no right to them', async () => {
    const path = tilePath('entries', 0);
    expect((await bytes(path)).status).toBe(401);
    for (const role of ['emitter', 'officer', 'admin'] as const)
      expect((await bytes(path, server.keys[role])).status).toBe(403);
    expect((await bytes(path, server.keys.regulator)).status).toBe(200);
  });
});

it('every controller of the packs has a log from the start', async () => {
  const fresh = await InProcess.start();
  const { logs } = fresh.parts.status.now();
  expect(logs.map(({ controller }) => controller).toSorted()).toEqual(fresh.parts.controllers.all().toSorted());
  await fresh.dispose();
});

describe('a receipt', () => {
  it('comes with a single action, proves its entry, and no other', async () => {
    const answer = (await server.send(collected())).json<{
      receipt: string;
      entry: string;
      position: number;
      event: string;
    }>();
    const entry = Buffer.from(answer.entry, 'base64');
    const verified = verifyReceipt(primitives, logPolicy(key), answer.receipt, entry);
    expect(verified).toMatchObject({ ok: true, value: { index: answer.position } });
    expect(JSON.parse(entry.toString())).toMatchObject({ id: answer.event, type: 'collected', v: 1 });
    const changed = Buffer.from(entry.toString().replace('collected', 'rectified'));
    expect(verifyReceipt(primitives, logPolicy(key), answer.receipt, changed).ok).toBe(false);
  });

  it('is given later too, by the event', async () => {
    const line = `${JSON.stringify(collected())}\n`;
    const fed = JSON.parse((await server.send(line, NDJSON)).text) as { event: string; position: number };
    const { keys } = server;
    const receipt = await server.get(`/v1/${CONTROLLER}/events/${fed.event}/receipt`, keys.auditor);
    expect(receipt.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const again = await server.ask('POST', ACTIONS, keys.emitter, line, {
      'content-type': 'application/cloudevents+json',
    });
    expect(again.status).toBe(200);
    const entry = Buffer.from(again.json<{ entry: string }>().entry, 'base64');
    expect(verifyReceipt(primitives, logPolicy(key), receipt.text, entry)).toMatchObject({
      ok: true,
      value: { index: fed.position },
    });
  });

  it('is given to the emitter whose key sent the action first, and to no other', async () => {
    const sent = collected();
    const { event } = (await server.send(sent)).json<{ event: string }>();
    const other = await server.key('emitter');
    const path = `/v1/${CONTROLLER}/events/${event}/receipt`;
    expect((await server.get(path, server.keys.emitter)).status).toBe(200);
    expect((await server.get(path, other)).json()).toMatchObject({ status: 404, code: 'not-found' });
    const type = { 'content-type': 'application/cloudevents+json' };
    expect((await server.ask('POST', ACTIONS, other, JSON.stringify(sent), type)).status).toBe(200);
    expect((await server.get(path, other)).status).toBe(404);
    expect((await server.get(path, server.keys.emitter)).status).toBe(200);
  });
});
