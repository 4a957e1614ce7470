import { describe, expect, test } from '@jest/globals';
import {
  checkpoint,
  cosignatureMessage,
  cosignatureTime,
  cosignatureVerifier,
  cosigner,
  emptyRoot,
  formatAddCheckpoint,
  formatNote,
  formatSignatures,
  formatWitnessSize,
  judgeAddCheckpoint,
  leafHash,
  makeVerifierKey,
  noteSigner,
  noteVerifier,
  openNote,
  parseAddCheckpoint,
  parseCosignatures,
  parseNote,
  parseWitnessSize,
  signNote,
  TiledLog,
  Tree,
  type AddCheckpoint,
  type WitnessedLog,
} from './index.js';
import { bytes, demoEntry, ed25519, node, seedOf, sha256 } from '../testdata/ed25519.js';

const log = ed25519('127.0.0.1/ledger/demo', seedOf(7));
const stranger = ed25519('127.0.0.1/ledger/demo', seedOf(8));
const witness = ed25519('witness.example.com/w1', seedOf(9));
const witnessKey = makeVerifierKey(sha256, witness.name, witness.publicKey, 'cosignature');
const verifiers = [noteVerifier(node.verify, makeVerifierKey(sha256, log.name, log.publicKey))];
const tree = Tree.empty(sha256);
const roots = [tree.root()];
for (let i = 0; i < 20; i++) {
  tree.append(leafHash(sha256, demoEntry(i)));
  roots.push(tree.root());
}

function head(size: number): { size: number; root: Uint8Array } {
  return { size, root: roots[size] ?? emptyRoot(sha256) };
}

function signed(size: number, root = head(size).root, key = log): string {
  return signNote(checkpoint({ origin: log.name, size, root }), noteSigner(sha256, key));
}

function request(oldSize: number, size: number): AddCheckpoint {
  const proof = new TiledLog(sha256, size, () => tree.partialTile(0)).consistencyPath(oldSize);
  return { oldSize, proof, checkpoint: signed(size) };
}

describe('cosignatures', () => {
  const text = checkpoint({ origin: 'example.com/behind-the-sofa', ...head(3) });

  test('the message is the header, the time and the whole text', () => {
    const message = cosignatureMessage(1679315147, bytes(text));
    expect(new TextDecoder().decode(message)).toBe(`cosignature/v1\ntime 1679315147\n${text}`);
  });

  test('the time is read from the first bytes, as in the example of the specification', () => {
    const blob = Uint8Array.fromBase64(
      'jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==',
    );
    expect(cosignatureTime(blob.subarray(4))).toBe(1679315147);
  });

  test('one is made, added to the checkpoint and verified', () => {
    const note = signNote(text, noteSigner(sha256, log), cosigner(sha256, witness, 1_800_000_000));
    const parsed = parseNote(note);
    if (!parsed.ok) throw new Error(parsed.code);
    const opened = openNote(parsed.value, [cosignatureVerifier(node.verify, witnessKey)]);
    if (!opened.ok) throw new Error(opened.code);
    const [line] = opened.value;
    expect(line?.keyId).toBe(witnessKey.keyId);
    expect(line?.signature).toHaveLength(72);
    expect(cosignatureTime(line?.signature ?? new Uint8Array(0))).toBe(1_800_000_000);
  });

  test('neither another time, nor another length, nor the plain signature of the text is a cosignature', () => {
    const verifier = cosignatureVerifier(node.verify, witnessKey);
    const good = cosigner(sha256, witness, 1_800_000_000).sign(bytes(text));
    expect(verifier.verify(bytes(text), good)).toBe(true);
    for (let at = 0; at < good.length; at++) {
      const changed = good.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x80;
      expect(verifier.verify(bytes(text), changed)).toBe(false);
    }
    for (const bad of [new Uint8Array(0), good.slice(1), Uint8Array.of(...good, 0), witness.sign(bytes(text))]) {
      expect(verifier.verify(bytes(text), bad)).toBe(false);
    }
    expect(() => cosigner(sha256, witness, -1)).toThrow(RangeError);
    expect(() => cosigner(sha256, witness, 1.5)).toThrow(RangeError);
  });
});

describe('messages', () => {
  test('a request is read as it was written', () => {
    const sent = request(5, 20);
    const body = formatAddCheckpoint(sent);
    expect(body.startsWith(`old 5\n${sent.proof[0]?.toBase64()}\n`)).toBe(true);
    expect(parseAddCheckpoint(body)).toEqual({ ok: true, value: sent });
    expect(formatAddCheckpoint(request(0, 3))).toBe(`old 0\n\n${signed(3)}`);
  });

  const line = `${seedOf(1).toBase64()}\n`;
  test('63 hashes are read and 64 are not', () => {
    expect(parseAddCheckpoint(`old 1\n${line.repeat(63)}\n${signed(2)}`)).toMatchObject({ ok: true });
    expect(parseAddCheckpoint(`old 1\n${line.repeat(64)}\n${signed(2)}`)).toMatchObject({ ok: false });
  });

  test.each([
    ['', 'nothing'],
    [`old 1\n${line}`, 'no empty line'],
    [`\n\n${signed(1)}`, 'no size'],
    [`old\n\n${signed(1)}`, 'no number'],
    [`old  1\n\n${signed(1)}`, 'two spaces'],
    [`old 01\n\n${signed(1)}`, 'a leading zero'],
    [`old -1\n\n${signed(1)}`, 'a sign'],
    [`old 9007199254740993\n\n${signed(1)}`, 'a size that no double holds'],
    [`Old 1\n\n${signed(1)}`, 'a capital'],
    [`old 1\r\n\r\n${signed(1)}`, 'carriage returns'],
    [`old 1\nAAAA\n\n${signed(1)}`, 'a short hash'],
    [`old 1\n${line.replace('=', '')}\n${signed(1)}`, 'no padding'],
  ])('%#: %j is refused (%s)', (body) => {
    expect(parseAddCheckpoint(body)).toEqual({ ok: false, code: 'request-malformed' });
  });

  test('answers are read as they were written', () => {
    const lines = [{ name: witness.name, keyId: witnessKey.keyId, signature: new Uint8Array(72) }];
    expect(parseCosignatures(formatSignatures(lines))).toEqual({ ok: true, value: lines });
    expect(parseWitnessSize(formatWitnessSize(20852014))).toEqual({ ok: true, value: 20852014 });
    for (const bad of ['', '\n', '12', '12\n\n', '012\n', ' 12\n', '1e9\n']) {
      expect(parseWitnessSize(bad)).toEqual({ ok: false, code: 'answer-malformed' });
      expect(parseCosignatures(bad)).toEqual({ ok: false, code: 'answer-malformed' });
    }
  });
});

describe('a witness', () => {
  const judge = (sent: AddCheckpoint, latest: WitnessedLog['latest']): string => {
    const verdict = judgeAddCheckpoint(sha256, sent, (origin) =>
      origin === log.name ? { verifiers, latest } : undefined,
    );
    if (verdict.ok) return `cosign ${verdict.value.head.size}`;
    return verdict.code === 'size-conflict' ? `${verdict.code} ${verdict.size}` : verdict.code;
  };
  const unproved = { ...request(5, 20), proof: request(5, 19).proof };
  const elsewhere = signNote(checkpoint({ origin: 'example.com/no', ...head(3) }), noteSigner(sha256, log));
  const fork = signed(5, seedOf(5));

  test.each<readonly [string, AddCheckpoint, number | undefined, string]>([
    ['its first checkpoint', request(0, 20), undefined, 'cosign 20'],
    ['its first, of an empty log', request(0, 0), undefined, 'cosign 0'],
    ['the next', request(5, 20), 5, 'cosign 20'],
    ['the same again', request(5, 5), 5, 'cosign 5'],
    ['after the empty one', request(0, 7), 0, 'cosign 7'],
    ['no note', { ...request(5, 20), checkpoint: 'x' }, 5, 'request-malformed'],
    [
      'no checkpoint',
      { ...request(5, 20), checkpoint: signNote('x\n', noteSigner(sha256, log)) },
      5,
      'request-malformed',
    ],
    ['a log it does not know', { ...request(0, 3), checkpoint: elsewhere }, undefined, 'unknown-origin'],
    [
      'a key it does not know',
      { ...request(5, 20), checkpoint: signed(20, head(20).root, stranger) },
      5,
      'signature-wrong',
    ],
    ['a changed root', { ...request(5, 20), checkpoint: signed(20).replace('\n20\n', '\n19\n') }, 5, 'signature-wrong'],
    ['a size going back', { ...request(5, 5), oldSize: 6 }, 6, 'old-too-large'],
    ['another size than its own', request(5, 20), 7, 'size-conflict 7'],
    ['an older one', request(5, 6), 7, 'size-conflict 7'],
    ['something for nothing', request(5, 20), undefined, 'size-conflict 0'],
    ['another root at its size', { oldSize: 5, proof: [], checkpoint: fork }, 5, 'root-conflict'],
    ['a wrong proof', unproved, 5, 'proof-wrong'],
    ['a proof where none is due', { ...request(0, 3), proof: [seedOf(1)] }, undefined, 'proof-wrong'],
    ['a proof to the same size', { ...request(5, 5), proof: [seedOf(1)] }, 5, 'proof-wrong'],
  ])('asked for %s', (_, sent, latest, answer) => {
    expect(judge(sent, latest === undefined ? undefined : head(latest))).toBe(answer);
  });

  test('what it cosigns is the note with its line added', () => {
    const verdict = judgeAddCheckpoint(sha256, request(5, 20), () => ({ verifiers, latest: head(5) }));
    if (!verdict.ok) throw new Error(verdict.code);
    const { name, keyId, sign } = cosigner(sha256, witness, 1_800_000_000);
    const line = { name, keyId, signature: sign(bytes(verdict.value.note.text)) };
    const answer = formatSignatures([line]);
    expect(formatNote({ ...verdict.value.note, signatures: [...verdict.value.note.signatures, line] })).toBe(
      `${signed(20)}${answer}`,
    );
  });
});
