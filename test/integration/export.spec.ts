/** A regulator's export, from a running server and from a folder, checked by the command, by the program alone and by any tar. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entryHead, logPolicy, parseBundle, parseVerifierKey, verifyReceipt } from '#proof';
import { sha256, verifyEd25519 } from '#store';
import { extract } from 'tar-stream';
import { depter } from '../running/command-line.js';
import { anIin, collected, CONTROLLER, InProcess, linesOf, NDJSON } from './in-process.js';

let dir: string;
let server: InProcess;
let vkey: string;
let subject: string;
const person = { iin: anIin() };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-export-'));
  server = await InProcess.start();
  const others = Array.from({ length: 540 }, () => collected());
  const mine = Array.from({ length: 3 }, () => collected({}, { person, values: { name: 'CANARY-NAME' } }));
  const lines = [...others.slice(0, 300), mine[0], ...others.slice(300), mine[1], mine[2]];
  const answers = linesOf((await server.send(lines.map((one) => JSON.stringify(one)).join('\n'), NDJSON)).text);
  expect(answers.every(({ status }) => status === 'recorded')).toBe(true);
  vkey = (await server.get(`/log/${CONTROLLER}/1/vkey`)).text.trim();
  subject = await server.find(person);
}, 60_000);
afterAll(async () => {
  await server.dispose();
  await rm(dir, { recursive: true });
});

const exported = (file: string, ...more: string[]) =>
  depter(
    'export',
    '--url',
    server.url,
    '--key',
    server.keys.regulator,
    '--controller',
    CONTROLLER,
    '--out',
    join(dir, file),
    ...more,
  );

describe('an export of a running server', () => {
  it('holds all entries, tiles and packs, and is verified without the server', async () => {
    const whole = await exported('all.tar');
    expect(whole.err).toBe('');
    expect(whole).toMatchObject({ status: 0, out: expect.stringMatching(/^exported 544 of 544 entries/) });
    const judged = await depter('verify', join(dir, 'all.tar'), '--vkey', vkey);
    expect(judged).toMatchObject({ status: 0, out: expect.stringContaining('entries       544, each at its place') });
    expect(judged.out).not.toContain('taken from the archive');
    expect((await depter('verify', join(dir, 'all.tar'))).out).toContain('taken from the archive');
  });

  it('is a tar that others read, and holds no value and no identifier', async () => {
    const names: string[] = [];
    const reader = extract();
    createReadStream(join(dir, 'all.tar')).pipe(reader);
    for await (const entry of reader) {
      names.push(entry.header.name);
      entry.resume();
    }
    expect(names).toEqual(expect.arrayContaining(['readme.ky.txt', 'packs/kz.autosiyliq.yaml', 'packs/in-force.json', 'log/checkpoint', 'log/tile/entries/002.p/32', 'manifest.json'])); // prettier-ignore
    const bytes = (await readFile(join(dir, 'all.tar'))).toString('latin1');
    expect(bytes).not.toContain('CANARY-NAME');
    expect(bytes).not.toContain(person.iin);
  });

  it('of a period holds what was recorded in it', async () => {
    expect((await exported('day.tar', '--from', '2026-03-10', '--to', '2026-03-10')).out).toMatch(/^exported 544 of/);
    expect((await exported('none.tar', '--from', '2026-03-11')).out).toMatch(/^exported 0 of 544/);
    for (const file of ['day.tar', 'none.tar']) expect((await depter('verify', join(dir, file))).status).toBe(0);
  });

  it('of one person holds their entries with receipts, and that it was read is recorded first', async () => {
    expect(await exported('person.tar', '--subject', subject)).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^exported 3 of 54\d/),
    });
    const judged = await depter('verify', join(dir, 'person.tar'), '--vkey', vkey);
    expect(judged).toMatchObject({ status: 0, out: expect.stringContaining('3 of one person') });
    const bytes = (await readFile(join(dir, 'person.tar'))).toString('latin1');
    expect(bytes).toContain('subject/evidence.json');
    for (const secret of ['CANARY-NAME', person.iin]) expect(bytes).not.toContain(secret);
    const access = await server.get(`/v1/${CONTROLLER}/subjects/${subject}/access`, server.keys.regulator);
    expect(access.json<{ access: { view: string; role: string }[] }>().access).toContainEqual(
      expect.objectContaining({ view: 'evidence', role: 'regulator' }),
    );
  });

  it('is refused in words to those who may not, or ask for what is not there', async () => {
    const ask = (key: string, ...more: string[]) =>
      depter(
        'export',
        '--url',
        server.url,
        '--key',
        key,
        '--controller',
        CONTROLLER,
        '--out',
        join(dir, 'x.tar'),
        ...more,
      );
    expect((await ask(server.keys.officer)).status).toBe(3);
    expect((await ask(server.keys.regulator, '--subject', 'A'.repeat(22))).status).toBe(1);
    expect((await ask(server.keys.regulator, '--from', '2026-13-01')).status).toBe(2);
    expect((await ask(server.keys.regulator, '--from', '2026-03-11', '--to', '2026-03-10')).status).toBe(2);
    expect(
      (await depter('export', '--url', 'http://127.0.0.1:9', '--key', 'k', '--controller', CONTROLLER)).status,
    ).toBe(3);
    await expect(readFile(join(dir, 'x.tar'))).rejects.toThrow('ENOENT');
  });
});

describe('a verification', () => {
  it('says the first fault and its place, and exits 1', async () => {
    const bytes = await readFile(join(dir, 'all.tar'));
    const at = bytes.lastIndexOf('"type":"collected"');
    bytes[at + 10]! ^= 1;
    await writeFile(join(dir, 'bad.tar'), bytes);
    expect(await depter('verify', join(dir, 'bad.tar'))).toMatchObject({
      status: 1,
      out: 'bad: entry-mismatch at entry 542 (tile/entries/002.p/32)\n',
    });
  });

  it('is wrong use without an archive, with a key that is none, or with two ways to say whom to believe', async () => {
    const all = join(dir, 'all.tar');
    await writeFile(join(dir, 'policy'), `log ${vkey}\nquorum none\n`);
    for (const args of [[join(dir, 'nothing.tar')], [all, '--vkey', 'none'], [all, '--policy', join(dir, 'nothing')], [all, '--policy', join(dir, 'policy'), '--vkey', vkey], []])
      expect([args, (await depter('verify', ...args)).status]).toEqual([args, 2]); // prettier-ignore
    expect((await depter('verify', all, '--policy', join(dir, 'policy'))).status).toBe(0);
  });

  it('of another key than the one that was published is bad', async () => {
    const other = await InProcess.start();
    const theirs = (await other.get(`/log/${CONTROLLER}/1/vkey`)).text.trim();
    await other.dispose();
    expect(await depter('verify', join(dir, 'all.tar'), '--vkey', theirs)).toMatchObject({
      status: 1,
      out: 'bad: key-unknown at log/vkey\n',
    });
  });

  it('of a server checks its hashes for anyone, and its entries with a key', async () => {
    const log = `${server.url}/log/${CONTROLLER}/1`;
    const open = await depter('verify', log);
    expect(open).toMatchObject({ status: 0, out: expect.stringContaining('The hashes alone were checked') });
    const whole = await depter(
      'verify',
      server.url,
      '--controller',
      CONTROLLER,
      '--key',
      server.keys.auditor,
      '--vkey',
      vkey,
    );
    expect(whole).toMatchObject({
      status: 0,
      out: expect.stringContaining(`, ${await server.parts.ledger.size(CONTROLLER)} entries`),
    });
    expect((await depter('verify', server.url)).status).toBe(2);
    expect((await depter('verify', server.url, '--controller', 'kz.nobody')).status).toBe(1);
    expect((await depter('verify', 'http://127.0.0.1:9/log/kz.autosiyliq/1')).status).toBe(3);
  });
});

describe('the verifier alone', () => {
  const alone = async (...args: string[]): Promise<{ status: number; out: string }> => {
    // Copied to where there is nothing else: no package, no module of the project.
    const program = join(dir, 'depter-verify.mjs');
    await copyFile(resolve('dist/verify/depter-verify.mjs'), program);
    return new Promise((done) => {
      execFile(process.execPath, [program, ...args], { cwd: dir }, (error, stdout) =>
        done({ status: error === null ? 0 : Number(error.code), out: stdout }),
      );
    });
  };

  it('says the same as the command, with nothing but Node', async () => {
    const same = await depter('verify', join(dir, 'all.tar'), '--vkey', vkey);
    expect(await alone('all.tar', '--vkey', vkey)).toEqual({ status: 0, out: same.out });
    expect(await alone('bad.tar')).toEqual({
      status: 1,
      out: 'bad: entry-mismatch at entry 542 (tile/entries/002.p/32)\n',
    });
    expect((await alone('person.tar')).status).toBe(0);
    for (const args of [[], ['nothing.tar'], ['all.tar', '--vkey', 'x'], ['all.tar', '--what']])
      expect((await alone(...args)).status).toBe(2);
  });
});

describe('a proof', () => {
  it('of inclusion is a receipt that proves its entry, of consistency that an older log is the beginning', async () => {
    const kept = (await server.get(`/log/${CONTROLLER}/1/checkpoint`)).text;
    await writeFile(join(dir, 'kept'), kept);
    await server.send(JSON.stringify(collected()), NDJSON);
    const of = ['--url', server.url, '--controller', CONTROLLER];
    const inclusion = await depter('proof', 'inclusion', ...of, '--index', '300');
    expect(inclusion.status).toBe(0);
    const [read] = await server.parts.ledger.entries(CONTROLLER, 300, 1);
    const key = parseVerifierKey(sha256, vkey);
    if (!key.ok) throw new Error(key.code);
    const primitives = { sha256, verify: verifyEd25519 };
    expect(verifyReceipt(primitives, logPolicy(key.value), inclusion.out, read!.entry)).toMatchObject({
      ok: true,
      value: { index: 300 },
    });
    const consistency = await depter('proof', 'consistency', ...of, '--checkpoint', join(dir, 'kept'));
    expect(consistency).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^good: the \d+ entries of then are the first of \d+/),
    });
    expect((await depter('proof', 'inclusion', ...of, '--index', '9000')).status).toBe(1);
    await writeFile(join(dir, 'kept'), kept.replace(/\n\d+\n/, '\n9\n'));
    expect((await depter('proof', 'consistency', ...of, '--checkpoint', join(dir, 'kept'))).status).toBe(2);
  });
});

describe('a log whose key was rotated', () => {
  it('is exported with both keys, and believed for the sake of either', async () => {
    const data = join(dir, 'rotated');
    const here = ['--data', data, '--controller', CONTROLLER];
    const lines = async (name: string) => {
      await writeFile(join(dir, name), `${JSON.stringify(collected())}\n`);
      return join(dir, name);
    };
    expect((await depter('feed', await lines('one'), ...here, '--origin', 'rotated.example')).status).toBe(0);
    expect((await depter('export', ...here, '--out', join(dir, 'before.tar'))).status).toBe(0);
    const old = /key +(\S+)/.exec((await depter('verify', join(dir, 'before.tar'))).out)![1]!;
    const rotated = await depter('key', 'rotate-log', ...here, '--days', '3');
    const fresh = rotated.out.trim().split('\n').at(-1)!;
    expect(rotated.status).toBe(0);
    expect((await depter('key', 'rotate-log', ...here)).status).toBe(3);
    expect((await depter('feed', await lines('two'), ...here)).status).toBe(0);
    expect((await depter('export', ...here, '--out', join(dir, 'after.tar'))).status).toBe(0);
    for (const key of [old, fresh]) {
      expect(await depter('verify', join(dir, 'after.tar'), '--vkey', key)).toMatchObject({
        status: 0,
        out: expect.stringMatching(/^good/),
      });
    }
    expect((await depter('verify', join(dir, 'after.tar'), '--vkey', vkey)).out).toBe('bad: key-unknown at log/vkey\n');
    const bytes = await readFile(join(dir, 'after.tar'));
    const at = bytes.indexOf('old-until ');
    bytes[at + 13]! ^= 1;
    await writeFile(join(dir, 'forged.tar'), bytes);
    expect((await depter('verify', join(dir, 'forged.tar'))).out).toBe('bad: key-malformed at log/introductions/2\n');
  });
});

describe('a log that was continued', () => {
  it('exports the entries of one person in the generation that grows, at their places in it', async () => {
    const data = join(dir, 'continued');
    const here = ['--data', data, '--controller', CONTROLLER];
    const borrower = { iin: anIin() };
    const feed = async (...more: string[]): Promise<number> => {
      const line = JSON.stringify(collected({}, { person: borrower }));
      await writeFile(join(dir, 'line'), `${line}\n`);
      return (await depter('feed', join(dir, 'line'), ...here, ...more)).status;
    };
    expect(await feed('--origin', 'continued.example')).toBe(0);
    const copies = await depter('backup', '--data', data, '--to', join(dir, 'ledgers'), '--keys-to', join(dir, 'keys'));
    const [ledger, keys] = copies.out.trim().split('\n');
    expect(await feed()).toBe(0);
    expect((await depter('export', ...here, '--out', join(dir, 'first.tar'))).status).toBe(0);
    const published = (await membersOf(join(dir, 'first.tar'))).get('log/checkpoint')!;
    await writeFile(join(dir, 'published'), published);
    const root = join(dir, 'root.key');
    await copyFile(join(data, 'root.key'), root);
    await rm(data, { recursive: true });
    const from = ['--ledger', ledger!, '--keys', keys!, '--root-key', root, '--data', data];
    const checked = ['--checkpoint', join(dir, 'published'), '--new-generation'];
    expect(await depter('restore', ...from, ...checked)).toMatchObject({ status: 0 });

    expect(await feed()).toBe(0);
    const bundle = (await membersOf(join(dir, 'first.tar'))).get('log/tile/entries/000.p/2')!;
    const parsed = parseBundle(bundle, 2);
    if (!parsed.ok) throw new Error(parsed.code);
    const subject = entryHead(parsed.value[0]!)!.subject!;
    const mine = await depter('export', ...here, '--subject', subject, '--out', join(dir, 'mine.tar'));
    expect(mine).toMatchObject({ status: 0, out: expect.stringMatching(/^exported 1 of 3 entries/) });
    expect(mine.err).toContain('1 entries of this person are in other generations');
    expect([...(await membersOf(join(dir, 'mine.tar'))).keys()]).toContain('subject/1.receipt');
    expect(await depter('verify', join(dir, 'mine.tar'))).toMatchObject({ status: 0 });

    // What is left of the generation before it, by itself: under its own key, as it was published.
    for (const [name, more] of [
      ['whole', []],
      ['person', ['--subject', subject]],
    ] as const) {
      const out = ['--generation', '1', '--out', join(dir, `${name}.tar`)];
      const first = await depter('export', ...here, ...more, ...out);
      expect(first).toMatchObject({ status: 0, out: expect.stringMatching(/^exported 1 of 1 entries/) });
      const verified = await depter('verify', join(dir, `${name}.tar`));
      expect(verified).toMatchObject({ status: 0, out: expect.stringContaining(`/log/${CONTROLLER}/1`) });
    }
    expect((await depter('export', ...here, '--generation', '3')).status).toBe(1);
  });
});

async function membersOf(file: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  const reader = extract();
  createReadStream(file).pipe(reader);
  for await (const entry of reader) {
    const parts: Uint8Array[] = [];
    for await (const part of entry) parts.push(part as Uint8Array);
    members.set(entry.header.name, Buffer.concat(parts));
  }
  return members;
}
