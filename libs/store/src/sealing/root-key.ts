/** The root key, which wraps every other key. */
import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StoreFailure } from '../ports.js';
import { unwrapKey, wrapKey } from './wrapping.js';

const KEY_BYTES = 32;

/**
 * Wraps and unwraps keys of 32 bytes. The result is iv(12) ‖ ciphertext(32) ‖ tag(16), bound to `context`. `id` names the
 * key in every wrapped key, so that a key management service, or levels between, can be added.
 */
export abstract class RootKey {
  abstract readonly id: Buffer;
  abstract wrap(key: Uint8Array, context: Uint8Array): Buffer;
  /** Throws StoreFailure `corrupt` where the wrapped key was not made by this root for this context. */
  abstract unwrap(wrapped: Uint8Array, context: Uint8Array): Buffer;
}

/** A root key in a file of 32 bytes, readable by its owner alone; made when the data folder is. */
export class FileRootKey extends RootKey {
  readonly id: Buffer;
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    super();
    this.#key = key;
    this.id = createHmac('sha256', key).update('depter root key id').digest().subarray(0, 16);
  }

  static open(dir: string): FileRootKey {
    return FileRootKey.read(join(dir, 'root.key'));
  }

  /** From any file; messages say its last name alone. */
  static read(path: string): FileRootKey {
    const name = basename(path);
    if (!existsSync(path)) throw new StoreFailure('corrupt', `the root key is missing: ${name}`, false);
    const key = readFileSync(path);
    if (key.length !== KEY_BYTES) throw new StoreFailure('corrupt', `the root key has not 32 bytes: ${name}`, false);
    return new FileRootKey(key);
  }

  /** Makes the file, durable before anything is wrapped by it. */
  static create(dir: string): void {
    const part = join(dir, 'root.key.part');
    const file = openSync(part, 'w', 0o600);
    writeSync(file, randomBytes(KEY_BYTES));
    fsyncSync(file);
    closeSync(file);
    renameSync(part, join(dir, 'root.key'));
    const folder = openSync(dir, 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  static exists(dir: string): boolean {
    return existsSync(join(dir, 'root.key'));
  }

  override wrap(key: Uint8Array, context: Uint8Array): Buffer {
    return wrapKey(this.#key, key, context);
  }

  override unwrap(wrapped: Uint8Array, context: Uint8Array): Buffer {
    const key = unwrapKey(this.#key, wrapped, context);
    if (key === undefined) throw new StoreFailure('corrupt', 'a key was not wrapped by this root key', false);
    return key;
  }
}
