/**
 * A log as somebody outside watches it: every head must be signed, and must continue the one seen before. What was once
 * published is never taken back, whatever happened to the process.
 */
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import {
  consistencyProof, consistencyTiles, emptyRoot, leafHash, logPolicy, parseVerifierKey, tilePath, Tree, verifyCheckpoint, verifyConsistency, verifyReceipt, type Primitives, type ReadCheckpoint, type TilePlace, type VerifierKey,
} from '#proof'; // prettier-ignore
import type { ControllerId } from '#ledger';
import type { TransparencyLog } from '#store';

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(data).digest());

const primitives: Primitives = {
  sha256,
  verify: (publicKey, message, signature) => {
    const x = Buffer.from(publicKey).toString('base64url');
    return verifySignature(
      null,
      message,
      createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
      signature,
    );
  },
};

/** Where the log is read. */
export interface LogSource {
  verifierKey(): Promise<string>;
  checkpoint(): Promise<string>;
  tile(place: TilePlace): Promise<Uint8Array>;
}

export class WatchedLog {
  #key: VerifierKey | undefined;
  #last: { readonly size: number; readonly root: Uint8Array } = { size: 0, root: emptyRoot(sha256) };

  /** The present head. Throws where its signature is wrong or it does not continue the last one that was looked at. */
  async look(source: LogSource): Promise<ReadCheckpoint> {
    const key = await this.#keyOf(source);
    const verified = verifyCheckpoint(primitives.verify, logPolicy(key), await source.checkpoint());
    if (!verified.ok) throw new Error(`the checkpoint is wrong: ${verified.code}`);
    const { head } = verified.value;
    const before = this.#last;
    if (head.size < before.size) throw new Error(`the log was ${before.size} long and is ${head.size}`);
    const path = await pathBetween(source, before.size, head.size);
    const claim = { oldSize: before.size, oldRoot: before.root, size: head.size, root: head.root, path };
    const consistent = verifyConsistency(sha256, claim);
    if (!consistent.ok) throw new Error(`from ${before.size} to ${head.size}: ${consistent.code}`);
    this.#last = head;
    return head;
  }

  /** The index of the entry that a receipt is for. Throws where it proves nothing. */
  indexOf(receipt: string, entry: Uint8Array): number {
    if (this.#key === undefined) throw new Error('the log was never looked at');
    const verified = verifyReceipt(primitives, logPolicy(this.#key), receipt, entry);
    if (!verified.ok) throw new Error(`the receipt is wrong: ${verified.code}`);
    return verified.value.index;
  }

  /** A log keeps its key for life. */
  async #keyOf(source: LogSource): Promise<VerifierKey> {
    const parsed = parseVerifierKey(sha256, (await source.verifierKey()).trim());
    if (!parsed.ok) throw new Error(`the verifier key is wrong: ${parsed.code}`);
    if (this.#key !== undefined && this.#key.keyId !== parsed.value.keyId) throw new Error('the log has another key');
    this.#key = parsed.value;
    return parsed.value;
  }
}

async function pathBetween(source: LogSource, oldSize: number, size: number): Promise<Uint8Array[]> {
  if (oldSize === 0 || oldSize === size) return [];
  const tiles = new Map<string, Uint8Array>();
  for (const place of consistencyTiles(oldSize, size)) {
    tiles.set(`${place.level}/${place.index}`, await source.tile(place));
  }
  return consistencyProof(sha256, oldSize, size, (level, index) => tiles.get(`${level}/${index}`)!);
}

/** The root of the tree over all entries of a log, made anew. */
export function rootOver(entries: readonly Uint8Array[]): Uint8Array {
  const tree = Tree.empty(sha256);
  for (const entry of entries) tree.append(leafHash(sha256, entry));
  return tree.root();
}

/** The log of a running server. */
export function servedLog(url: () => string, controller: string): LogSource {
  const ask = async (path: string): Promise<Uint8Array> => {
    const response = await fetch(`${url()}/log/${controller}/1/${path}`);
    if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return {
    verifierKey: async () => Buffer.from(await ask('vkey')).toString(),
    checkpoint: async () => Buffer.from(await ask('checkpoint')).toString(),
    tile: ({ level, index, width }) => ask(tilePath(level, index, width)),
  };
}

/** The log of a store in this process. */
export function storedLog(log: TransparencyLog, controller: ControllerId): LogSource {
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the log has no such part');
    return value;
  };
  return {
    verifierKey: async () => there(await log.verifierKey(controller, 1)),
    checkpoint: async () => there(await log.checkpoint(controller, 1)),
    tile: async ({ level, index, width }) => there(await log.tile(controller, 1, level, index, width)),
  };
}
