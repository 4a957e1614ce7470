import { describe, expect, test } from '@jest/globals';
import { bytes, node, sha256 } from '../testdata/ed25519.js';
import { MadeLog, origin } from '../testdata/exported.js';
import { formatReceipt, leafHash, logPolicy, makeVerifierKey, Tree, verifyCertificate } from './index.js';

const reference = (text: string): string => text.padEnd(22, '_');
const evidence = {
  dossiers: 1, identifiers: 1, intent: reference('intent'), keys: [reference('key')], root: 'r', shredded: '2026-03-01T10:00:00.001Z',
  size: 1, swept: '2026-03-01T10:00:00.002Z', texts: 2, values: 3,
}; // prettier-ignore
const subject = reference('subject');
const at = '2026-03-01T10:00:00.000Z';
const stored = (type: string, id: string, data: object, recorded: string): Uint8Array =>
  bytes(JSON.stringify({ v: 1, type, id: reference(id), subject, at, recorded, by: null, data }));

const entries = [
  stored('destroying', 'intent', { items: ['name'] }, '2026-03-01T10:00:00.000Z'),
  stored('destroyed', 'act', { evidence, items: ['name'], method: 'erase' }, '2026-03-01T10:00:00.003Z'),
  stored('destroyed', 'reported', { items: 'all', method: 'erase' }, '2026-03-01T10:00:00.004Z'),
  stored('used', 'used', { items: ['name'] }, '2026-03-01T10:00:00.005Z'),
];
const log = new MadeLog(entries);
const elsewhere = new MadeLog(entries, 'depter.example/log/kz.other/1', 28);
const policyOf = ({ key }: MadeLog) => logPolicy(makeVerifierKey(sha256, key.name, key.publicKey));

function provenIn(of: MadeLog, index: number) {
  const tree = Tree.empty(sha256);
  for (const entry of of.entries) tree.append(leafHash(sha256, entry));
  const path = tree.inclusionPath(index, () => new Uint8Array(0));
  const receipt = formatReceipt({ index, path, checkpoint: of.head().note });
  return { position: index, entry: Buffer.from(of.entries[index]!).toString('base64'), receipt };
}

const genuine = {
  controller: 'kz.test', subject, event: reference('act'), act: 'destroyed', items: ['name'] as unknown, method: 'erase' as string | null,
  at, recorded: '2026-03-01T10:00:00.003Z', evidence: evidence as unknown, intent: provenIn(log, 0) as unknown,
  outcome: provenIn(log, 1), verifierKey: log.vkey,
}; // prettier-ignore
const reported = {
  ...genuine, event: reference('reported'), recorded: '2026-03-01T10:00:00.004Z', items: 'all', evidence: null, intent: null,
  outcome: provenIn(log, 2),
}; // prettier-ignore

const judged = (certificate: unknown, policy?: Parameters<typeof verifyCertificate>[2]) =>
  verifyCertificate(node, bytes(typeof certificate === 'string' ? certificate : JSON.stringify(certificate)), policy);

test('of what was carried out and of what was reported is good, by its own key or by one that is given', () => {
  expect(origin).toContain('/log/kz.test/1');
  expect(judged(genuine)).toMatchObject({
    ok: true,
    value: { controller: 'kz.test', subject, act: 'destroyed', items: ['name'], method: 'erase', keys: 'own', done: { shredded: evidence.shredded } },
  }); // prettier-ignore
  expect(judged(genuine, policyOf(log))).toMatchObject({ ok: true, value: { keys: 'given' } });
  expect(judged(reported)).toMatchObject({ ok: true, value: { items: 'all', done: null } });
});

describe('what is tampered with is told, with its place', () => {
  const changed = (entry: string): string => {
    const text = Buffer.from(entry, 'base64').toString().replace('"items":["name"]', '"items":["nose"]');
    return Buffer.from(text).toString('base64');
  };
  test.each<readonly [string, unknown, string, string]>([
    ['no JSON', '{', 'certificate-malformed', 'the certificate'],
    ['another thing', { some: 'thing' }, 'certificate-malformed', 'the certificate'],
    ['no outcome', { ...genuine, outcome: null }, 'certificate-malformed', 'outcome'],
    ['a key that is none', { ...genuine, verifierKey: 'x' }, 'key-malformed', 'verifierKey'],
    ['another controller', { ...genuine, controller: 'kz.other' }, 'certificate-mismatch', 'controller'],
    ['another person', { ...genuine, subject: reference('x') }, 'certificate-mismatch', 'subject'],
    ['another event', { ...genuine, event: reference('x') }, 'certificate-mismatch', 'event'],
    ['another act', { ...genuine, act: 'depersonalised' }, 'certificate-mismatch', 'act'],
    ['another time', { ...genuine, at: '2026-02-01T10:00:00.000Z' }, 'certificate-mismatch', 'at'],
    ['recorded earlier', { ...genuine, recorded: '2026-02-01T10:00:00.000Z' }, 'certificate-mismatch', 'recorded'],
    ['more items', { ...genuine, items: 'all' }, 'certificate-mismatch', 'items'],
    ['another method', { ...genuine, method: 'shred' }, 'certificate-mismatch', 'method'],
    ['more keys', { ...genuine, evidence: { ...evidence, keys: [] } }, 'certificate-mismatch', 'evidence'],
    ['no evidence', { ...genuine, evidence: null }, 'certificate-mismatch', 'evidence'],
    ['evidence of a report', { ...reported, evidence }, 'certificate-mismatch', 'evidence'],
    ['no intent', { ...genuine, intent: null }, 'certificate-malformed', 'intent'],
    ['an intent that is another event', { ...genuine, intent: provenIn(log, 3) }, 'certificate-mismatch', 'intent'],
    ['an intent of a report', { ...reported, intent: provenIn(log, 0) }, 'certificate-mismatch', 'intent'],
    ['an intent of another log', { ...genuine, intent: provenIn(elsewhere, 0) }, 'note-unsigned', 'intent'],
    ['an entry that was changed', { ...genuine, outcome: { ...genuine.outcome, entry: changed(genuine.outcome.entry) } }, 'root-mismatch', 'outcome'],
    ['a receipt of another entry', { ...genuine, outcome: { ...genuine.outcome, receipt: provenIn(log, 3).receipt } }, 'root-mismatch', 'outcome'],
  ])('%s', (_, certificate, code, place) => {
    expect(judged(certificate)).toEqual({ ok: false, fault: { code, place } });
  }); // prettier-ignore

  test('another key than the one that was published', () => {
    const forged = new MadeLog(entries, origin, 66);
    const all = { ...genuine, intent: provenIn(forged, 0), outcome: provenIn(forged, 1), verifierKey: forged.vkey };
    expect(judged(all)).toMatchObject({ ok: true });
    expect(judged(all, policyOf(log))).toEqual({ ok: false, fault: { code: 'note-unsigned', place: 'outcome' } });
  });
});
