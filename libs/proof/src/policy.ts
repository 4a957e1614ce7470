import type { Sha256 } from './hashing.js';
import { parseVerifierKey, type KeyCode, type VerifierKey } from './key.js';
import { accept, reject, type Accepted, type Rejected, type Result } from './result.js';
import { decodeText, encodeText, textBytesMax } from './text.js';
import { equalBytes } from './hashing.js';

/** Which checkpoints a verifier believes: signed by one of the logs, cosigned as the quorum says. tlog-policy. */
export interface Policy {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  readonly quorum: Quorum;
}

/** A rule over cosignatures: none wanted, one witness, or a number of the members of a group. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly key: VerifierKey }
  | { readonly kind: 'group'; readonly threshold: number; readonly members: readonly Quorum[] };

export type PolicyCode =
  | KeyCode
  | 'policy-malformed'
  | 'key-duplicate'
  | 'name-duplicate'
  | 'name-unknown'
  | 'member-twice'
  | 'threshold-out-of-range'
  | 'quorum-twice'
  | 'quorum-missing';

/** A policy as its file says it, with the address of each witness where one is given (tlog-witness: the URL before `/add-checkpoint`). */
export interface FilePolicy extends Policy {
  readonly addresses: ReadonlyMap<VerifierKey, string>;
}

/** `line` counts from 1; 0 stands for the whole file. */
export type PolicyResult = Accepted<FilePolicy> | (Rejected<PolicyCode> & { readonly line: number });

/** The policy that asks for the signature of one of these keys of a log, and for no witness. */
export function logPolicy(...logs: readonly VerifierKey[]): Policy {
  return { logs, witnesses: [], quorum: { kind: 'none' } };
}

/** Whether the witnesses that cosigned are enough. */
export function quorumMet(quorum: Quorum, cosigned: (witness: VerifierKey) => boolean): boolean {
  switch (quorum.kind) {
    case 'none':
      return true;
    case 'witness':
      return cosigned(quorum.key);
    case 'group':
      return quorum.members.filter((member) => quorumMet(member, cosigned)).length >= quorum.threshold;
  }
}

/** Reads a policy file. Names are opaque octets, keys are UTF-8; the address after a log's key is allowed and not kept. */
export function parsePolicy(sha256: Sha256, data: Uint8Array | string): PolicyResult {
  if (data.length > textBytesMax) return { ...reject('policy-malformed'), line: 0 };
  const draft = new PolicyDraft(sha256);
  const lines = octets(typeof data === 'string' ? encodeText(data) : data).split('\n');
  for (const [i, line] of lines.entries()) {
    const code = draft.read(line);
    if (code !== undefined) return { ...reject(code), line: i + 1 };
  }
  const policy = draft.finish();
  return policy === undefined ? { ...reject('quorum-missing'), line: 0 } : accept(policy);
}

/** A policy file as far as it was read. */
class PolicyDraft {
  readonly #sha256: Sha256;
  readonly #logs: VerifierKey[] = [];
  readonly #witnesses: VerifierKey[] = [];
  readonly #named = new Map<string, Quorum>();
  readonly #members = new Set<string>();
  readonly #addresses = new Map<VerifierKey, string>();
  #quorum: Quorum | undefined;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /** Takes in one line; gives the code of what is wrong with it. */
  read(line: string): PolicyCode | undefined {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(line)) return 'policy-malformed';
    const words = line.split(/[\t ]+/).filter((word) => word !== '');
    const [keyword, ...rest] = words;
    if (keyword === undefined || keyword.startsWith('#')) return undefined;
    switch (keyword) {
      case 'log':
        return this.#log(rest);
      case 'witness':
        return this.#witness(rest);
      case 'group':
        return this.#group(rest);
      case 'quorum':
        return this.#setQuorum(rest);
      default:
        return 'policy-malformed';
    }
  }

  finish(): FilePolicy | undefined {
    if (this.#quorum === undefined) return undefined;
    return { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum, addresses: this.#addresses };
  }

  #log([vkey, , ...more]: readonly string[]): PolicyCode | undefined {
    if (vkey === undefined || more.length > 0) return 'policy-malformed';
    const key = this.#key(vkey);
    if (!key.ok) return key.code;
    if (key.value.use !== 'note') return 'key-unsupported';
    return keep(this.#logs, key.value);
  }

  #witness([name, vkey, address, ...more]: readonly string[]): PolicyCode | undefined {
    if (name === undefined || vkey === undefined || more.length > 0) return 'policy-malformed';
    const key = this.#key(vkey);
    if (!key.ok) return key.code;
    if (key.value.use !== 'cosignature') return 'key-unsupported';
    if (address !== undefined) this.#addresses.set(key.value, address);
    return this.#define(name, { kind: 'witness', key: key.value }) ?? keep(this.#witnesses, key.value);
  }

  #group([name, wanted, ...names]: readonly string[]): PolicyCode | undefined {
    if (name === undefined || wanted === undefined || names.length === 0) return 'policy-malformed';
    const members: Quorum[] = [];
    for (const member of names) {
      const known = this.#named.get(member);
      if (known === undefined) return 'name-unknown';
      // Each witness counts in one way only, so nobody is a member twice, of whatever groups.
      if (this.#members.has(member)) return 'member-twice';
      this.#members.add(member);
      members.push(known);
    }
    const threshold = thresholdOf(wanted, members.length);
    if (threshold === undefined) return 'threshold-out-of-range';
    return this.#define(name, { kind: 'group', threshold, members });
  }

  #setQuorum([name, ...more]: readonly string[]): PolicyCode | undefined {
    if (name === undefined || more.length > 0) return 'policy-malformed';
    if (this.#quorum !== undefined) return 'quorum-twice';
    this.#quorum = name === 'none' ? { kind: 'none' } : this.#named.get(name);
    return this.#quorum === undefined ? 'name-unknown' : undefined;
  }

  #define(name: string, quorum: Quorum): PolicyCode | undefined {
    if (name === 'none' || this.#named.has(name)) return 'name-duplicate';
    this.#named.set(name, quorum);
    return undefined;
  }

  #key(word: string): Result<VerifierKey, KeyCode> {
    const text = decodeText(Uint8Array.from(word, (octet) => octet.charCodeAt(0)));
    return text === undefined ? reject('key-malformed') : parseVerifierKey(this.#sha256, text);
  }
}

/** Two keys are the same if their public keys are, whatever their names. */
function keep(keys: VerifierKey[], key: VerifierKey): PolicyCode | undefined {
  if (keys.some(({ publicKey }) => equalBytes(publicKey, key.publicKey))) return 'key-duplicate';
  keys.push(key);
  return undefined;
}

function thresholdOf(wanted: string, members: number): number | undefined {
  if (wanted === 'all') return members;
  if (wanted === 'any') return 1;
  if (!/^[1-9][0-9]{0,5}$/.test(wanted)) return undefined;
  const threshold = Number(wanted);
  return threshold <= members ? threshold : undefined;
}

/** Bytes as characters of the same number, so that whatever is above ASCII stays as it is. */
function octets(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
