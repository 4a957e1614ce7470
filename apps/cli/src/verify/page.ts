/**
 * The verifier in a browser: a page of one file, which sends nothing anywhere. The browser's own cryptography only answers
 * later, and the verifier asks for hashes by the million, so both primitives are of an audited library.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Primitives, RandomAccess } from '#proof';
import { believed } from './believed.js';
import { judged } from './judged.js';

/** As much of the page as is spoken to. */
interface Element {
  textContent: string | null;
  className: string;
  value: string;
  max: number;
  disabled: boolean;
  readonly files: readonly File[];
  addEventListener(type: 'click', listener: () => void): void;
}
declare const document: { getElementById(id: string): Element };

const primitives: Primitives = {
  sha256: (data) => sha256(data),
  verify: (publicKey, message, signature) => {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};

class ChosenFile implements RandomAccess {
  readonly size: number;
  readonly #file: File;

  constructor(file: File) {
    this.#file = file;
    this.size = file.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(await this.#file.slice(offset, offset + length).arrayBuffer());
    if (bytes.length !== length) throw new Error('the file became shorter while it was read');
    return bytes;
  }
}

const [archive, key, button, bar, verdict] = ['archive', 'key', 'check', 'bar', 'verdict'].map((id) =>
  document.getElementById(id),
) as [Element, Element, Element, Element, Element];

async function check(): Promise<void> {
  const [file] = archive.files;
  if (file === undefined) return;
  const text = key.value.trim();
  // A policy has several words a line, a key none but its own.
  const isPolicy = /^\s*(log|witness|group|quorum|#)/m.test(text);
  const keys = text === '' || isPolicy ? [] : text.split('\n');
  const said = believed(primitives.sha256, isPolicy ? `${text}\n` : undefined, keys);
  if ('wrong' in said) return show('wrong', said.wrong);
  show('', '');
  const { good, text: told } = await judged(primitives, new ChosenFile(file), {
    policy: said.policy,
    onProgress: (done, all) => {
      bar.max = Math.max(1, all);
      bar.value = String(done);
    },
  });
  show(good ? 'good' : 'bad', told);
}

function show(kind: string, text: string): void {
  verdict.className = kind;
  verdict.textContent = text;
}

button.addEventListener('click', () => {
  button.disabled = true;
  check()
    .catch(() => show('wrong', 'The archive cannot be read.'))
    .finally(() => (button.disabled = false));
});
