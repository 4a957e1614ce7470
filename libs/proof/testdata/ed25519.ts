import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Ed25519Key, Primitives } from '../src/index.js';

/** The primitives as Node gives them; the library itself knows none. */
export const node: Primitives = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  verify: (publicKey, message, signature) =>
    verify(null, message, createPublicKey({ key: spki(publicKey), format: 'der', type: 'spki' }), signature),
};

export const { sha256 } = node;

export function publicKeyOf(seed: Uint8Array): Uint8Array {
  const exported = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(exported.subarray(exported.length - 32));
}

export function ed25519(name: string, seed: Uint8Array): Ed25519Key {
  const key = privateKey(seed);
  return { name, publicKey: publicKeyOf(seed), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

export function seedOf(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}

export function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}

const text = new TextEncoder();

export function bytes(value: string): Uint8Array {
  return text.encode(value);
}

/** Entry `i` of the demo log whose root at 70,000 entries is known. */
export function demoEntry(i: number): Uint8Array {
  return bytes(`{"i":${i},"type":"ProcessingRecorded","v":1}`);
}

function privateKey(seed: Uint8Array): ReturnType<typeof createPrivateKey> {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
}

function spki(publicKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
}
