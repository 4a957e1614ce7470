import { describe, expect, test } from '@jest/globals';
import { makeVerifierKey, parsePolicy, quorumMet, verifierKey, formatVerifierKey, type Policy } from './index.js';
import { bytes, publicKeyOf, seedOf, sha256 } from '../testdata/ed25519.js';

const log = verifierKey(sha256, 'example.com/log', publicKeyOf(seedOf(1)));
const names = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3'];
const keys = names.map((name, i) =>
  makeVerifierKey(sha256, `${name}.example`, publicKeyOf(seedOf(10 + i)), 'cosignature'),
);
const vkeys = keys.map(formatVerifierKey);
const witnesses = names.map((name, i) => `witness ${name} ${vkeys[i]}`);

/** The example of the specification: two of three here, and any of three there. */
const example = `# who must have seen it
log ${log}

${witnesses.slice(0, 3).join('\n')}
group X-witnesses 2 x1 x2 x3

${witnesses.slice(3).join('\n')}
group Y-witnesses any y1 y2 y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

function policyOf(text: string | Uint8Array): Policy {
  const policy = parsePolicy(sha256, text);
  if (!policy.ok) throw new Error(`${policy.code} in line ${policy.line}`);
  return policy.value;
}

function met(policy: Policy, ...cosigned: string[]): boolean {
  return quorumMet(policy.quorum, (key) => cosigned.includes(names[keys.findIndex((k) => k.name === key.name)] ?? ''));
}

describe('a policy file', () => {
  test('is read with its logs, witnesses and groups of groups', () => {
    const policy = policyOf(example);
    expect(policy.logs.map(formatVerifierKey)).toEqual([log]);
    expect(policy.witnesses).toEqual(keys);
    expect(policyOf(bytes(example))).toEqual(policy);
  });

  test.each<readonly [string, boolean]>([
    ['', false],
    ['x1 x2', false],
    ['y1 y2 y3', false],
    ['x1 y1', false],
    ['x1 x3 y2', true],
    ['x1 x2 x3 y1 y2 y3', true],
  ])('cosigned by "%s": %s', (cosigned, verdict) => {
    expect(met(policyOf(example), ...cosigned.split(' '))).toBe(verdict);
  });

  test('one witness, or none, is a quorum too', () => {
    expect(met(policyOf(`${witnesses[0]}\nquorum x1\n`))).toBe(false);
    expect(met(policyOf(`${witnesses[0]}\nquorum x1\n`), 'x1')).toBe(true);
    expect(met(policyOf('quorum none\n'))).toBe(true);
  });

  test('white space, comments, addresses, and octets that are no UTF-8 are let through', () => {
    const text = `\t #x\n  log \t ${log}  https://example.com/log \n\t\nwitness kö ${vkeys[0]} https://w.example\n quorum kö`;
    expect(policyOf(text).witnesses).toEqual([keys[0]]);
    const raw = bytes(text.replaceAll('ö', '!')).map((byte) => (byte === 0x21 ? 0xff : byte));
    expect(policyOf(raw).witnesses).toEqual([keys[0]]);
  });

  test('32 logs, witnesses and groups are read', () => {
    const many = Array.from({ length: 32 }, (_, i) => {
      const key = verifierKey(sha256, `w${i}.example`, publicKeyOf(seedOf(100 + i)), 'cosignature');
      const other = verifierKey(sha256, `l${i}.example`, publicKeyOf(seedOf(100 + i)));
      return `log ${other}\nwitness w${i} ${key}\ngroup g${i} all w${i}\n`;
    });
    const members = many.map((_, i) => `g${i}`).join(' ');
    expect(policyOf(`${many.join('')}group all-of-them 32 ${members}\nquorum all-of-them\n`).logs).toHaveLength(32);
  });

  const [w1 = '', w2 = ''] = witnesses;
  test.each<readonly [string, string, string, number]>([
    ['nothing', '', 'quorum-missing', 0],
    ['no quorum', `log ${log}\n`, 'quorum-missing', 0],
    ['an unknown word', 'logs x\nquorum none\n', 'policy-malformed', 1],
    ['a log without key', 'log\nquorum none\n', 'policy-malformed', 1],
    ['a word after the address', `log ${log} https://a b\n`, 'policy-malformed', 1],
    ['a carriage return', `log ${log}\r\nquorum none\r\n`, 'policy-malformed', 1],
    ['NUL in a comment', '# \u0000\nquorum none\n', 'policy-malformed', 1],
    ['a broken key', `quorum none\nlog ${log.slice(0, -1)}\n`, 'key-malformed', 2],
    ['a wrong key id', `log ${log.replace('example.com', 'example.org')}\n`, 'key-id-mismatch', 1],
    ["a witness's key for a log", `log ${vkeys[0]}\n`, 'key-unsupported', 1],
    ["a log's key for a witness", `witness w ${log}\n`, 'key-unsupported', 1],
    ['a log twice', `log ${log}\nlog ${log}\n`, 'key-duplicate', 2],
    [
      'a log twice under two names',
      `log ${log}\nlog ${verifierKey(sha256, 'b.example', publicKeyOf(seedOf(1)))}\n`,
      'key-duplicate',
      2,
    ],
    ['a witness twice', `${w1}\nwitness other ${vkeys[0]}\n`, 'key-duplicate', 2],
    ['a name twice', `${w1}\nwitness x1 ${vkeys[1]}\n`, 'name-duplicate', 2],
    ['a group named as a witness', `${w1}\ngroup x1 all x1\n`, 'name-duplicate', 2],
    ['a witness named none', `witness none ${vkeys[0]}\n`, 'name-duplicate', 1],
    ['a group without members', `${w1}\ngroup g any\n`, 'policy-malformed', 2],
    ['a member not yet named', `group g any x1\n${w1}\n`, 'name-unknown', 1],
    ['itself as a member', `${w1}\ngroup g all x1 g\n`, 'name-unknown', 2],
    ['none as a member', 'group g any none\n', 'name-unknown', 1],
    ['a member twice in a group', `${w1}\ngroup g 2 x1 x1\n`, 'member-twice', 2],
    ['a member of two groups', `${w1}\n${w2}\ngroup g any x1 x2\ngroup h any x2\n`, 'member-twice', 4],
    ['a threshold of 0', `${w1}\ngroup g 0 x1\n`, 'threshold-out-of-range', 2],
    ['a threshold over all', `${w1}\ngroup g 2 x1\n`, 'threshold-out-of-range', 2],
    ['a threshold in words', `${w1}\ngroup g most x1\n`, 'threshold-out-of-range', 2],
    ['a leading zero', `${w1}\ngroup g 01 x1\n`, 'threshold-out-of-range', 2],
    ['a quorum not named', 'quorum x1\n', 'name-unknown', 1],
    ['a quorum named later', `quorum x1\n${w1}\n`, 'name-unknown', 1],
    ['two quorums', 'quorum none\nquorum none\n', 'quorum-twice', 2],
    ['a quorum of two words', 'quorum none none\n', 'policy-malformed', 1],
    ['more than a megabyte', '#'.repeat((1 << 20) + 1), 'policy-malformed', 0],
  ])('with %s is refused', (_, text, code, line) => {
    expect(parsePolicy(sha256, text)).toEqual({ ok: false, code, line });
  });
});
