/**
 * A small witness over HTTP, for what a real one cannot be made to do at will: stand elsewhere, refuse, be gone, talk
 * nonsense. It judges as the library's own witness does, and remembers in memory what it has cosigned.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  cosigner, formatSignatures, formatWitnessSize, judgeAddCheckpoint, noteVerifier, parseAddCheckpoint, parseVerifierKey, verifierKey,
  type WitnessedLog,
} from '#proof'; // prettier-ignore
import { sha256, verifyEd25519 } from '#store';

export class SmallWitness {
  readonly name: string;
  readonly vkey: string;
  readonly #key: ReturnType<typeof createPrivateKey>;
  readonly #publicKey: Uint8Array;
  readonly #logs = new Map<string, WitnessedLog>();
  #server: Server | undefined;
  #port = 0;
  /** Every question's old size, by the order in which they came. */
  readonly asked: number[] = [];
  /** Answers this instead of judging. */
  instead: { readonly status: number; readonly body: string } | undefined;

  constructor(name: string) {
    this.name = name;
    this.#key = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), randomBytes(32)]),
      format: 'der',
      type: 'pkcs8',
    });
    const spki = createPublicKey(this.#key).export({ format: 'der', type: 'spki' });
    this.#publicKey = new Uint8Array(spki.subarray(spki.length - 32));
    this.vkey = verifierKey(sha256, name, this.#publicKey, 'cosignature');
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The log's own key vouches for what it is asked from then on. */
  know(logKey: string): void {
    const key = parseVerifierKey(sha256, logKey);
    if (!key.ok) throw new Error(key.code);
    const verifiers = [noteVerifier(verifyEd25519, key.value)];
    this.#logs.set(key.value.name, { verifiers, latest: undefined });
  }

  /** Forgets what it has cosigned, or remembers another head. */
  remember(origin: string, latest: WitnessedLog['latest']): void {
    const { verifiers } = this.#logs.get(origin)!;
    this.#logs.set(origin, { verifiers, latest });
  }

  /** Where it was, once it has been there. */
  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { status, text } = this.#answer(body);
        response.writeHead(status).end(text);
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
    this.#server = undefined;
  }

  #answer(body: Uint8Array): { readonly status: number; readonly text: string } {
    const request = parseAddCheckpoint(body);
    if (!request.ok) return { status: 400, text: '' };
    this.asked.push(request.value.oldSize);
    if (this.instead !== undefined) return { status: this.instead.status, text: this.instead.body };
    const judged = judgeAddCheckpoint(sha256, request.value, (origin) => this.#logs.get(origin));
    if (!judged.ok) {
      if (judged.code === 'size-conflict') return { status: 409, text: formatWitnessSize(judged.size) };
      return { status: { 'unknown-origin': 404, 'signature-wrong': 403, 'proof-wrong': 422 }[judged.code as string] ?? 400, text: '' }; // prettier-ignore
    }
    const { note, head } = judged.value;
    this.remember(head.origin, { size: head.size, root: head.root });
    const own = {
      name: this.name,
      publicKey: this.#publicKey,
      sign: (text: Uint8Array) => sign(null, text, this.#key),
    };
    const by = cosigner(sha256, own, Math.floor(Date.now() / 1000));
    const signature = by.sign(Buffer.from(note.text));
    return { status: 200, text: formatSignatures([{ name: by.name, keyId: by.keyId, signature }]) };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
