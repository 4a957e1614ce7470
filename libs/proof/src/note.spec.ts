import { describe, expect, test } from '@jest/globals';
import {
  checkpoint,
  formatNote,
  keyIdOf,
  noteSigner,
  noteText,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parseNote,
  parseSigningKey,
  parseVerifierKey,
  signingKey,
  signNote,
  verifierKey,
  type NoteSigner,
  type NoteVerifier,
} from './index.js';
import { ed25519, node, publicKeyOf, seedOf, sha256 } from '../testdata/ed25519.js';

/** The key and the note that the documentation of Go's note package shows. */
const go = {
  skey: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text: 'If you think cryptography is the answer to your problem,\n' + "then you don't know what your problem is.\n",
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

const first = ed25519('127.0.0.1/ledger/demo', seedOf(7));
const second = ed25519('example.com/other', seedOf(8));

function verifierOf(vkey: string): NoteVerifier {
  const key = parseVerifierKey(sha256, vkey);
  if (!key.ok) throw new Error(key.code);
  return noteVerifier(node.verify, key.value);
}

const firstVerifier = verifierOf(verifierKey(sha256, first.name, first.publicKey));
const secondVerifier = verifierOf(verifierKey(sha256, second.name, second.publicKey));

function open(data: Uint8Array | string, ...verifiers: NoteVerifier[]): string {
  const note = parseNote(data);
  if (!note.ok) return note.code;
  const opened = openNote(note.value, verifiers);
  return opened.ok ? opened.value.map(({ name }) => name).join(' ') : opened.code;
}

describe('keys', () => {
  test('are read and written as Go does', () => {
    const secret = parseSigningKey(sha256, go.skey, publicKeyOf);
    if (!secret.ok) throw new Error(secret.code);
    const { name, seed, publicKey } = secret.value;
    expect(verifierKey(sha256, name, publicKey)).toBe(go.vkey);
    expect(signingKey(sha256, name, seed, publicKey)).toBe(go.skey);
    const signer = noteSigner(sha256, ed25519(name, seed));
    expect(signNote(go.text, signer)).toBe(`${go.text}\n${go.line}`);
    expect(open(`${go.text}\n${go.line}`, verifierOf(go.vkey))).toBe('PeterNeumann');
  });

  test('a cosigning key has another id than the same key for notes', () => {
    const note = parseVerifierKey(sha256, verifierKey(sha256, first.name, first.publicKey));
    const cosigning = parseVerifierKey(sha256, verifierKey(sha256, first.name, first.publicKey, 'cosignature'));
    if (!note.ok || !cosigning.ok) throw new Error('both are good keys');
    expect([note.value.use, cosigning.value.use]).toEqual(['note', 'cosignature']);
    expect(note.value.keyId).toBe(keyIdOf(sha256, first.name, 0x01, first.publicKey));
    expect(cosigning.value.keyId).not.toBe(note.value.keyId);
  });

  const other = `example.com/pq+${keyIdOf(sha256, 'example.com/pq', 0x06, new Uint8Array(1312)).toString(16).padStart(8, '0')}`;
  test.each([
    ['', 'key-malformed'],
    ['PeterNeumann', 'key-malformed'],
    ['PeterNeumann+c74f20a3', 'key-malformed'],
    [go.vkey.replace('Peter', 'Peter '), 'key-malformed'],
    [go.vkey.replace('Peter', 'Peter\u2003'), 'key-malformed'],
    [go.vkey.replace('c74f20a3', 'C74F20A3'), 'key-malformed'],
    [go.vkey.replace('c74f20a3', '0c74f20a3'), 'key-malformed'],
    [`+${go.vkey}`, 'key-malformed'],
    [`${go.vkey}\n`, 'key-malformed'],
    [go.vkey.slice(0, -4), 'key-malformed'],
    [go.vkey.replace('c74f20a3', 'c74f20a4'), 'key-id-mismatch'],
    [go.vkey.replace('Peter', 'Pieter'), 'key-id-mismatch'],
    [go.vkey.replace('10TW', '10TX'), 'key-id-mismatch'],
    [`${other}+${Uint8Array.of(0x06, ...new Uint8Array(1312)).toBase64()}`, 'key-unsupported'],
    [`x+00000000+${'A'.repeat(8192)}`, 'key-malformed'],
  ])('%#: %.60s… is refused', (vkey, code) => {
    expect(parseVerifierKey(sha256, vkey)).toEqual({ ok: false, code });
  });

  test('secret keys are refused likewise', () => {
    const parse = (text: string): unknown => parseSigningKey(sha256, text, publicKeyOf);
    expect(parse(go.vkey)).toEqual({ ok: false, code: 'key-malformed' });
    expect(parse(go.skey.slice(0, -4))).toEqual({ ok: false, code: 'key-malformed' });
    expect(parse(go.skey.replace('c74f20a3', '00000000'))).toEqual({ ok: false, code: 'key-id-mismatch' });
  });
});

describe('notes', () => {
  const text = noteText('hello', '', 'world');
  const signers = [noteSigner(sha256, first), noteSigner(sha256, second)];
  const note = signNote(text, ...signers);
  const [, , , , firstLine = '', secondLine = ''] = note.split('\n');

  test('text with an empty line is parted from the signatures at the last one', () => {
    const parsed = parseNote(note);
    if (!parsed.ok) throw new Error(parsed.code);
    expect(parsed.value.text).toBe('hello\n\nworld\n');
    expect(parsed.value.signatures.map(({ name }) => name)).toEqual([first.name, second.name]);
    expect(formatNote(parsed.value)).toBe(note);
    expect(parseNote(new TextEncoder().encode(note))).toEqual(parsed);
  });

  test('known keys are verified, unknown ones ignored, and one must be known', () => {
    expect(open(note, firstVerifier, secondVerifier)).toBe(`${first.name} ${second.name}`);
    expect(open(note, secondVerifier)).toBe(second.name);
    expect(open(note)).toBe('note-unsigned');
    expect(open(note, verifierOf(go.vkey))).toBe('note-unsigned');
    const sameIdOtherName = { ...firstVerifier, name: 'example.com/somebody' };
    const sameNameOtherId = { ...firstVerifier, keyId: firstVerifier.keyId ^ 1 };
    expect(open(note, sameIdOtherName, sameNameOtherId)).toBe('note-unsigned');
  });

  test('a known key whose signature fails spoils the note, whatever else is on it', () => {
    const changed = note.replace('world', 'World');
    expect(open(changed, firstVerifier)).toBe('signature-wrong');
    expect(open(changed)).toBe('note-unsigned');
    const forged = `${text}\n${firstLine}\n${secondLine.replace(/.{6}=$/, 'AAAAAA=')}\n`;
    expect(open(forged, firstVerifier)).toBe(first.name);
    expect(open(forged, firstVerifier, secondVerifier)).toBe('signature-wrong');
    const repeatedBadly = `${text}\n${firstLine}\n${firstLine.replace(/.{6}=$/, 'AAAAAA=')}\n`;
    expect(open(repeatedBadly, firstVerifier)).toBe('signature-wrong');
  });

  test('signature lines of another type and length may stand beside', () => {
    const postQuantum: NoteSigner = { name: first.name, keyId: 0x06060606, sign: () => new Uint8Array(2428).fill(6) };
    const mixed = signNote(text, postQuantum, noteSigner(sha256, first));
    expect(open(mixed, firstVerifier)).toBe(first.name);
    const verifier: NoteVerifier = { ...postQuantum, verify: (_, signature) => signature.length === 2428 };
    expect(open(mixed, firstVerifier, verifier)).toBe(`${first.name} ${first.name}`);
  });

  test('16 signatures are read, and 100, but not 101', () => {
    const stranger: NoteSigner = { name: 'example.com/stranger', keyId: 1, sign: () => new Uint8Array(64) };
    const crowd = (count: number): string =>
      signNote(text, ...Array.from({ length: count - 1 }, () => stranger), noteSigner(sha256, first));
    expect(open(crowd(16), firstVerifier)).toBe(first.name);
    expect(open(crowd(100), firstVerifier)).toBe(first.name);
    expect(open(crowd(101), firstVerifier)).toBe('note-malformed');
  });

  test.each([
    ['nothing', ''],
    ['no signatures', `${text}\n`],
    ['no empty line', `hello\n${firstLine}\n`],
    ['no newline at the end', `${text}\n${firstLine}`],
    ['a hyphen for the dash', `${text}\n${firstLine.replace('—', '-')}\n`],
    ['no space after the dash', `${text}\n${firstLine.replace('— ', '—')}\n`],
    ['two spaces', `${text}\n${firstLine.replace('— ', '—  ')}\n`],
    ['a word too many', `${text}\n${firstLine} x\n`],
    ['no name', `${text}\n— ${firstLine.split(' ')[2]}\n`],
    ['a plus in the name', `${text}\n${firstLine.replace('demo', 'de+mo')}\n`],
    ['a strange space in the name', `${text}\n${firstLine.replace('demo', 'de\u00a0mo')}\n`],
    ['bad base64', `${text}\n${firstLine.replace(/.=$/, '*=')}\n`],
    ['base64 without padding', `${text}\n${firstLine.replace(/=$/, '')}\n`],
    ['a signature of no bytes', `${text}\n— ${first.name} AAAAAA==\n`],
    ['a carriage return', note.replaceAll('\n', '\r\n')],
    ['a tab in the text', note.replace('hello', 'hel\tlo')],
    ['NUL in the text', note.replace('hello', 'hel\u0000lo')],
    ['a lone surrogate', note.replace('hello', 'hel\ud800lo')],
    ['more than a megabyte', `${'x'.repeat(1 << 20)}\n\n${firstLine}\n`],
  ])('%s is malformed', (_, data) => {
    expect(open(data, firstVerifier)).toBe('note-malformed');
  });

  test('bad UTF-8 is malformed; a byte-order mark is part of the text', () => {
    const raw = new TextEncoder().encode(note);
    expect(open(Uint8Array.of(0xff, ...raw), firstVerifier)).toBe('note-malformed');
    expect(open(Uint8Array.of(0xef, 0xbb, 0xbf, ...raw), firstVerifier)).toBe('signature-wrong');
  });

  test('what no note can hold is not signed', () => {
    for (const bad of ['', 'no newline', 'tab\t\n', 'lone \udc00\n']) {
      expect(() => signNote(bad, noteSigner(sha256, first))).toThrow(RangeError);
    }
    expect(() => signNote(text)).toThrow(RangeError);
    expect(() => noteSigner(sha256, { ...first, name: 'a b' })).toThrow(RangeError);
  });
});

describe('checkpoints', () => {
  const root = seedOf(9);
  const head = { origin: 'example.com/log', size: 70_000, root };

  test('are read as they are written', () => {
    expect(checkpoint(head)).toBe(`example.com/log\n70000\n${root.toBase64()}\n`);
    expect(parseCheckpoint(checkpoint(head))).toEqual({ ok: true, value: { ...head, extensions: [] } });
    expect(parseCheckpoint(`${checkpoint(head)}more\n`)).toMatchObject({ value: { extensions: ['more'] } });
  });

  test.each([
    '',
    '\n',
    'example.com/log\n',
    'example.com/log\n1\n',
    `\n1\n${root.toBase64()}\n`,
    `example.com/log\n1\n${root.toBase64()}`,
    `example.com/log\n01\n${root.toBase64()}\n`,
    `example.com/log\n-1\n${root.toBase64()}\n`,
    `example.com/log\n+1\n${root.toBase64()}\n`,
    `example.com/log\n1 \n${root.toBase64()}\n`,
    `example.com/log\n1e3\n${root.toBase64()}\n`,
    `example.com/log\n0x1\n${root.toBase64()}\n`,
    `example.com/log\n\n${root.toBase64()}\n`,
    `example.com/log\n9007199254740992\n${root.toBase64()}\n`,
    `example.com/log\n18446744073709551615\n${root.toBase64()}\n`,
    `example.com/log\n99999999999999999999999999\n${root.toBase64()}\n`,
    `example.com/log\n1\n${root.toBase64().slice(0, -1)}\n`,
    `example.com/log\n1\n${root.toBase64()}=\n`,
    `example.com/log\n1\n${root.toBase64().replace(/.=$/, 'B=')}\n`,
    `example.com/log\n1\n${root.slice(1).toBase64()}\n`,
    `example.com/log\n1\n${root.toBase64()}\n\nmore\n`,
    `example.com/log\r\n1\r\n${root.toBase64()}\r\n`,
  ])('%j is none', (text) => {
    expect(parseCheckpoint(text)).toEqual({ ok: false, code: 'checkpoint-malformed' });
  });

  test('what no checkpoint can hold is not written', () => {
    for (const bad of [
      { ...head, origin: '' },
      { ...head, origin: 'two\nlines' },
      { ...head, size: -1 },
      { ...head, size: 2 ** 53 },
      { ...head, root: new Uint8Array(31) },
    ]) {
      expect(() => checkpoint(bad)).toThrow(RangeError);
    }
  });
});
