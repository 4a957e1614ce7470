/** The feed against a server that keeps the contract of answers and cuts connections as servers do. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBlank } from '#roles';
import { run } from '../program.js';
import type { Counts } from './tally.js';

interface Plan {
  /** Cuts the connection after so many answers of one stream; each entry is for one stream, the rest are not cut. */
  readonly cuts?: number[];
  /** The status of each request in turn, instead of an answer; 0 lets it through. */
  readonly statuses?: number[];
  /** How long the log's key takes to come. */
  readonly keyAfterMs?: number;
}

const SECRET = 'secret-key';
const opened: { server?: Server; folder?: string } = {};

afterEach(async () => {
  opened.server?.closeAllConnections();
  opened.server?.close();
  if (opened.folder !== undefined) await rm(opened.folder, { recursive: true, force: true });
  delete opened.folder;
});

async function* linesOf(request: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const part of request) {
    const texts = (rest + part.toString()).split(/\r?\n/);
    rest = texts.pop() ?? '';
    yield* texts;
  }
  if (rest !== '') yield rest;
}

/** What it holds, each once, in order of arrival; a line `bad` is refused. */
async function serving(plan: Plan): Promise<{ url: string; held: string[] }> {
  const held: string[] = [];
  const known = new Set<string>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') {
      const first = request.url?.endsWith('/1/vkey') === true;
      await sleep(plan.keyAfterMs ?? 0);
      response.writeHead(first ? 200 : 404).end(first ? 'log of the test' : '{"code":"not-found"}');
      return;
    }
    const status = plan.statuses?.shift() ?? 0;
    if (request.headers.authorization !== `Bearer ${SECRET}`) {
      response.writeHead(401).end('{"code":"unauthorised"}');
      return;
    }
    if (status !== 0) {
      response.writeHead(status, { 'retry-after': '0' }).end('{"code":"overloaded"}');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    let line = 0;
    const cutAt = request.headers['content-length'] === undefined ? plan.cuts?.shift() : undefined;
    for await (const text of linesOf(request)) {
      line += 1;
      if (isBlank(Buffer.from(text))) continue;
      if (line === cutAt) {
        request.socket.destroy();
        return;
      }
      const status = text === 'bad' ? 'refused' : known.has(text) ? 'repeated' : 'recorded';
      if (status === 'recorded') held.push(text);
      known.add(text);
      const problem = status === 'refused' ? { problem: { code: 'malformed', pointer: '' } } : {};
      response.write(`${JSON.stringify({ line, status, ...problem })}\n`);
    }
    response.end();
  };
  // A client that goes away in the middle is what these tests are about.
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  opened.server = server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, held };
}

function screen() {
  let text = '';
  return {
    write: (more: string) => void (text += more),
    get text() {
      return text;
    },
  };
}

async function feedOf(url: string, input: string | Readable, more: readonly string[] = [], key = SECRET) {
  const [stdout, stderr] = [screen(), screen()];
  let file = '-';
  if (typeof input === 'string') {
    opened.folder ??= await mkdtemp(join(tmpdir(), 'depter-feed-'));
    file = join(opened.folder, 'feed.ndjson');
    await writeFile(file, input);
  }
  const stdin = typeof input === 'string' ? Readable.from([]) : input;
  const status = await run(['feed', file, '--url', url, '--key', key, '--controller', 'kz.autosiyliq', ...more], {
    stdin,
    stdout,
    stderr,
  });
  return { status, out: stdout.text, err: stderr.text, file };
}

const texts = (count: number) => Array.from({ length: count }, (_, index) => `line-${index}`);

describe('depter feed', () => {
  it('waits for no answer to lines that are blank for the server: of spaces, tabs, CR and a BOM', async () => {
    const { url, held } = await serving({});
    const more = ['--retry-seconds', '1'];
    const { status } = await feedOf(url, '\ufeff\n \t\none\n\r\r\n   \n\t', more);
    expect([status, held]).toEqual([0, ['one']]);
  });

  it('sends every line once, from a file without a last newline and with blank lines', async () => {
    const { url, held } = await serving({});
    const all = texts(5000);
    const { status, out, file } = await feedOf(url, `\n${all.join('\n\r\n')}\n\n${'last'}`);
    expect(status).toBe(0);
    expect(held).toEqual([...all, 'last']);
    expect(out).toMatch(/^5001 actions, \d+\/s: 5001 recorded, 0 repeated, 0 refused\n$/);
    expect(existsSync(`${file}.depter-progress`)).toBe(false);
  });

  it('reads a pipe', async () => {
    const { url, held } = await serving({});
    const all = texts(300);
    const { status } = await feedOf(url, Readable.from(all.map((text) => Buffer.from(`${text}\n`))));
    expect(status).toBe(0);
    expect(held).toEqual(all);
  });

  it('says which lines are refused and why, bounded, and ends with 1', async () => {
    const { url, held } = await serving({});
    const { status, out, err } = await feedOf(url, 'a\nbad\nb\nbad\nbad\nbad\n', ['--show', '2']);
    expect(status).toBe(1);
    expect(held).toEqual(['a', 'b']);
    expect(err.split('\n').filter((line) => /line/.test(line))).toEqual([
      'line 2: malformed',
      'line 4: malformed',
      'more lines are refused; --show N shows more than 2',
    ]);
    expect(out).toContain('2 recorded, 0 repeated, 4 refused');
  });

  it('goes on after cuts with the first line that has no answer, from a file and from a pipe', async () => {
    for (const pipe of [false, true]) {
      const { url, held } = await serving({ cuts: [2, 700, 2500] });
      // Long enough that what waits for an answer is many pieces.
      const all = texts(4000).map((text) => text.padEnd(400, '.'));
      const text = `${all.join('\n')}\n`;
      const { status, err } = await feedOf(url, pipe ? Readable.from([Buffer.from(text)]) : text);
      expect(status).toBe(0);
      expect(held).toEqual(all);
      expect(err).toContain('going on in 1 s');
      opened.server?.close();
    }
  });

  it('waits where the server has no room', async () => {
    const { url, held } = await serving({ statuses: [429, 503] });
    const { status } = await feedOf(url, 'a\nb\n');
    expect(status).toBe(0);
    expect(held).toEqual(['a', 'b']);
  });

  it('keeps its place when it gives up, and takes it up again', async () => {
    const all = texts(50);
    const text = `${all.join('\n')}\n`;
    // The first line and a part of the stream pass; whoever comes after the cut is turned away.
    const plan = { cuts: [20], statuses: [0, 0, ...Array.from({ length: 50 }, () => 503)] };
    const { url, held } = await serving(plan);
    const first = await feedOf(url, text, ['--retry-seconds', '0']);
    expect(first.status).toBe(3);
    expect(existsSync(`${first.file}.depter-progress`)).toBe(true);
    plan.statuses.length = 0;
    const [stdout, stderr] = [screen(), screen()];
    const again = await run(['feed', first.file, '--url', url, '--key', SECRET, '--controller', 'kz.autosiyliq'], {
      stdin: Readable.from([]),
      stdout,
      stderr,
    });
    expect(again).toBe(0);
    expect(held).toEqual(all);
    expect(stderr.text).toMatch(/going on after line [1-9]/);
    expect(stdout.text).toMatch(/^50 actions, .*, 0 refused\n$/);
  });

  it('notes its place and its counts of one moment, however long the noting takes', async () => {
    const { url } = await serving({ keyAfterMs: 50 });
    opened.folder = await mkdtemp(join(tmpdir(), 'depter-feed-'));
    const file = join(opened.folder, 'feed.ndjson');
    const standings: { line: number; counts: Counts }[] = [];
    const text = `${texts(100_000).join('\n')}\n`;
    await writeFile(file, text);
    const fed = run(['feed', file, '--url', url, '--key', SECRET, '--controller', 'kz.autosiyliq'], {
      stdin: Readable.from([]),
      stdout: screen(),
      stderr: screen(),
    });
    let over = false;
    void fed.finally(() => (over = true));
    while (!over) {
      const noted = await readFile(`${file}.depter-progress`, 'utf8').catch(() => undefined);
      if (noted !== undefined) standings.push((JSON.parse(noted) as { standing: (typeof standings)[0] }).standing);
      await sleep(2);
    }
    expect(await fed).toBe(0);
    expect(standings.length).toBeGreaterThan(0);
    for (const { line, counts } of standings) expect(counts.recorded + counts.repeated + counts.refused).toBe(line);
  });

  it('ends with 3 and says what to do where the key is unknown or nobody answers', async () => {
    const { url } = await serving({});
    const wrong = await feedOf(url, 'a\n', [], 'another');
    expect(wrong.status).toBe(3);
    expect(wrong.err).toContain('depter key add');
    expect(wrong.err).not.toContain('another');
    const nobody = await feedOf('http://127.0.0.1:1', 'a\n', ['--retry-seconds', '0']);
    expect(nobody.status).toBe(3);
    expect(nobody.err).toContain('ECONNREFUSED');
  });
});
