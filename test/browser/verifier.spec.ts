/** The verifier's page in a real browser, opened from a file as a regulator would open it, without a network. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { exported, MadeLog, storedEntry } from '../../libs/proof/testdata/exported.js';

let dir: string;
let browser: Browser;
let page: Page;
const log = new MadeLog(Array.from({ length: 700 }, (_, i) => storedEntry(i)));

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'depter-browser-'));
  const good = await exported(log, { first: 100, end: 650, head: log.head(), older: [log.head(256)] });
  await writeFile(join(dir, 'good.tar'), good);
  const at = Buffer.from(good).lastIndexOf(Buffer.from('"purposes"'));
  await writeFile(join(dir, 'bad.tar'), good.with(at + 2, good[at + 2]! ^ 1));
  // It unpacks the libraries that it needs where it believes to be among those of its usual place.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  browser = await playwright.launch({
    args: chromium.args,
    executablePath: await chromium.executablePath(),
    headless: true,
  });
  page = await browser.newPage();
  await page.context().setOffline(true);
  await page.goto(pathToFileURL(resolve('dist/verify/depter-verify.html')).href);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await rm(dir, { recursive: true });
});

async function verdict(file: string, key: string): Promise<{ kind: string | null; text: string }> {
  await page.setInputFiles('#archive', join(dir, file));
  await page.fill('#key', key);
  await page.click('#check');
  await page.waitForSelector('#check:not([disabled])');
  const said = page.locator('#verdict');
  return { kind: await said.getAttribute('class'), text: (await said.textContent()) ?? '' };
}

it('finds a good archive good, and says whose key it took', async () => {
  const given = await verdict('good.tar', log.vkey);
  expect(given).toMatchObject({ kind: 'good', text: expect.stringContaining('entries       550, each at its place') });
  expect(given.text).not.toContain('taken from the archive');
  expect((await verdict('good.tar', '')).text).toContain('taken from the archive');
  expect(await verdict('good.tar', `log ${log.vkey}\nquorum none`)).toMatchObject({ kind: 'good' });
});

it('finds a bad one bad, and says where', async () => {
  expect(await verdict('bad.tar', '')).toMatchObject({
    kind: 'bad',
    text: expect.stringMatching(/^bad: entry-mismatch at entry 699 /),
  });
  const other = new MadeLog([storedEntry(0)], log.key.name, 99);
  expect(await verdict('good.tar', other.vkey)).toMatchObject({ kind: 'bad', text: 'bad: key-unknown at log/vkey\n' });
  expect(await verdict('good.tar', 'nonsense')).toMatchObject({ kind: 'wrong' });
});
