/**
 * Canaries: texts that no program would make by itself, put wherever something can come in, and then looked for wherever
 * something can come out: every file under the data folder, the log, answers, metrics, what a crash prints.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, Depter } from '../running/depter.js';

const CONTROLLER = 'kz.autosiyliq';
const IIN = '850505400018';
const PHONE = '+77000000104';

/** One canary for each door. Those of the form of an id could be taken for one; that is the point. */
const CANARY = {
  value: 'Zqvalue Kanareika 7731',
  contactValue: 'Zqcontact Kanareika 7732',
  note: 'zqnote kanareika 7733',
  document: 'zqdocument-7734',
  client: 'zqclient-7735',
  email: 'zqmail7736@example.com',
  online: 'zqonline-7737',
  id: 'zqid-7738',
  source: 'urn:zqsource:7739',
  item: 'zqitem-7740',
  purpose: 'zqpurpose-7741',
  recipient: 'zqrecipient-7742',
  channel: 'zqchannel-7743',
  consent: 'zqconsent-7744',
  contract: 'zqcontract-7745',
  request: 'zqrequest-7746',
  staff: 'zqstaff-7747',
  unknownKey: 'zqunknownkey7748',
  unknownValue: 'zqunknownvalue7749',
  type: 'depter.action.zqtype7750.v1',
  attribute: 'zqattribute7751',
  broken: 'zqbroken7752',
  query: 'zqquery7753',
  path: 'zqpath7754',
  header: 'zqheader7755',
  ground: 'zqground-7756',
  edition: 'zqedition-7757',
  key: 'zqkey-7758',
  commandNote: 'zqcommand kanareika 7759',
  commandItem: 'zqitem-7760',
  number: 'zqnumber-7761',
  authority: 'zqauthority-7762',
} as const;

let made = 0;
const action = (name: string, data: object, more: object = {}): Record<string, unknown> => ({
  specversion: '1.0',
  id: `${CANARY.id}-${++made}`,
  source: CANARY.source,
  type: `depter.action.${name}.v1`,
  data: { on: '2026-02-02', ...data },
  ...more,
});

const person = { iin: IIN, client: CANARY.client, email: CANARY.email, phone: PHONE };
const good = [
  action('collected', {
    person, items: ['name', 'phone', CANARY.item], values: { name: CANARY.value, phone: PHONE, [CANARY.item]: CANARY.value },
    origin: { kind: 'subject' }, purposes: ['loan', CANARY.purpose], basis: 'consent', consent: CANARY.consent, note: CANARY.note, by: CANARY.staff,
  }),
  action('collected', {
    person, items: ['phone'], describes: { phone: { online: CANARY.online } }, values: { phone: CANARY.contactValue }, origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent',
  }),
  action('transferred', { person, items: ['name'], recipient: CANARY.recipient, purposes: ['loan'], basis: 'consent' }),
  action('contracted', { person, contract: CANARY.contract, document: CANARY.document }),
  action('withdrew', { person, parts: 'all', channel: CANARY.channel, request: CANARY.request }),
  action('refused', { person, request: CANARY.request, ground: CANARY.ground }),
  action('noticed', { person, items: ['name'], purposes: ['loan'], edition: CANARY.edition }),
  action('collected', { person: { email: CANARY.email }, items: ['email'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }),
]; // prettier-ignore
const bad: string[] = [
  `{"${CANARY.broken}": `,
  JSON.stringify(action('collected', { person, [CANARY.unknownKey]: CANARY.unknownValue })),
  JSON.stringify({ ...action('collected', {}), type: CANARY.type }),
  JSON.stringify(
    action('collected', {
      person: { iin: CANARY.unknownValue },
      items: ['name'],
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
    }),
  ),
  JSON.stringify(
    action('collected', {
      person,
      items: [`${CANARY.unknownValue} !`],
      origin: { kind: CANARY.unknownKey },
      purposes: ['loan'],
      basis: 'consent',
    }),
  ),
  JSON.stringify(
    action('collected', {
      person,
      items: ['name'],
      values: { [CANARY.unknownKey]: 'x' },
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
    }),
  ),
  JSON.stringify(
    action('collected', {
      person,
      items: ['name'],
      values: { name: [CANARY.unknownValue] },
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
    }),
  ),
  JSON.stringify({ ...action('collected', {}), time: CANARY.unknownValue, data: { person } }),
  JSON.stringify({ ...good[0], data: { ...(good[0]!['data'] as object), note: `${CANARY.note} changed` } }),
  JSON.stringify({ ...action('used', { person, items: ['name'], purposes: ['loan'] }), controller: CANARY.unknownKey }),
];

/** A canary as it might lie in a file: in clear, or by a hash of so few bits that it could be guessed back. */
function needles(text: string): { how: string; bytes: Buffer }[] {
  const utf8 = Buffer.from(text);
  const digest = createHash('sha256').update(utf8).digest();
  return [
    { how: 'clear', bytes: utf8 },
    { how: 'utf-16', bytes: Buffer.from(text, 'utf16le') },
    { how: 'hex', bytes: Buffer.from(utf8.toString('hex')) },
    { how: 'base64', bytes: Buffer.from(utf8.toString('base64').replace(/=+$/, '').slice(0, -1)) },
    { how: 'sha256', bytes: digest },
    { how: 'sha256 hex', bytes: Buffer.from(digest.toString('hex')) },
    { how: 'sha256 base64', bytes: Buffer.from(digest.toString('base64url').slice(0, -1)) },
  ];
}

const secrets: readonly string[] = [IIN, PHONE, ...Object.values(CANARY), ...good.map((one) => one['id'] as string)];
const found = (where: string, bytes: Buffer): string[] =>
  secrets.flatMap((secret) =>
    needles(secret).flatMap(({ how, bytes: needle }) =>
      bytes.includes(needle) ? [`${secret} (${how}) in ${where}`] : [],
    ),
  );

async function files(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('canaries', () => {
  let depter: Depter;
  let key: Record<string, string>;
  const answers: Answer[] = [];
  const ask = async (...args: Parameters<Depter['ask']>): Promise<Answer> => {
    const answer = await depter.ask(...args);
    answers.push(answer);
    return answer;
  };

  beforeAll(async () => {
    depter = await Depter.inNewFolder();
    key = {};
    for (const role of ['emitter', 'officer', 'regulator', 'auditor']) key[role] = await depter.key(CONTROLLER, role);
    key['admin'] = await depter.key('*', 'admin');
    await depter.serve({ now: '2026-03-01T00:00:00Z' });
  }, 60_000);
  afterAll(async () => depter.dispose());

  test('what comes in is taken or refused, and the answers hold nothing of it', async () => {
    const ndjson = { 'content-type': 'application/x-ndjson' };
    const stream = [...good.map((one) => JSON.stringify(one)), ...bad].join('\n') + '\n';
    const fed = await ask('POST', `/v1/${CONTROLLER}/actions`, key['emitter'], stream, ndjson);
    const statuses = fed.text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { status: string }).status);
    expect(statuses.slice(0, good.length)).toEqual(good.map(() => 'recorded'));
    expect(statuses.slice(good.length, good.length + bad.length)).toEqual(bad.map(() => 'refused'));

    for (const one of bad)
      await ask('POST', `/v1/${CONTROLLER}/actions`, key['emitter'], one, {
        'content-type': 'application/cloudevents+json',
      });
    await ask('POST', `/v1/${CONTROLLER}/actions`, key['emitter'], `[${bad.slice(1).join(',')}]`, {
      'content-type': 'application/cloudevents-batch+json',
    });
    await ask('POST', `/v1/${CONTROLLER}/actions?${CANARY.query}=${CANARY.query}`, key['emitter'], `${CANARY.broken}`, {
      'content-type': `text/${CANARY.header}`,
    });
    await ask('GET', `/v1/${CONTROLLER}/${CANARY.path}?${CANARY.query}`, key['officer'], undefined, {
      'accept-language': CANARY.header,
    });
    await ask('GET', `/v1/${CONTROLLER}/subjects/${CANARY.path}/lineage?asOf=${CANARY.query}`, key['officer']);
    await ask('GET', '/v1/zqnobody/keys', CANARY.header);
    await ask(
      'POST',
      `/v1/${CONTROLLER}/subjects/find`,
      key['officer'],
      JSON.stringify({ person: { iin: CANARY.unknownValue } }),
      { 'content-type': 'application/json' },
    );
    expect(answers.flatMap((answer) => found('an answer', Buffer.from(answer.text)))).toEqual([]);
    expect(
      answers
        .slice(1)
        .map((answer) => answer.status)
        .filter((status) => status < 400 && status !== 200),
    ).toEqual([]);
  });

  test('commands are taken or refused, and the answers hold nothing of them', async () => {
    const json = { 'content-type': 'application/json' };
    const find = await depter.post(`/v1/${CONTROLLER}/subjects/find`, key['officer']!, { person: { iin: IIN } });
    const { subject } = find.json<{ subject: string }>();
    const told = { note: CANARY.commandNote, document: CANARY.document, by: CANARY.staff };
    const command = async (path: string, body: object, idempotencyKey: string): Promise<number> => {
      const headers = { ...json, 'idempotency-key': idempotencyKey };
      const address = `/v1/${CONTROLLER}/subjects/${subject}/${path}`;
      const answer = await depter.ask('POST', address, key['officer'], JSON.stringify(body), headers);
      expect(found(path, Buffer.from(answer.text))).toEqual([]);
      return answer.status;
    };
    const asked = { request: CANARY.number, right: 'destroy', channel: CANARY.channel, ...told };
    expect(await command('requests', asked, `${CANARY.key}-1`)).toBe(201);
    expect(await command('requests', { ...asked, right: 'block' }, `${CANARY.key}-1`)).toBe(409);
    const block = { items: [CANARY.commandItem], cause: 'dispute', request: CANARY.number, ...told };
    expect(await command('block', block, `${CANARY.key}-2`)).toBe(201);
    expect(await command('block', { ...block, [CANARY.unknownKey]: 1 }, `${CANARY.key}-3`)).toBe(400);
    expect(await command('hold', { authority: CANARY.authority, ...told }, `${CANARY.key}-4`)).toBe(201);
    expect(await command('destroy', { items: ['name'], method: 'erase' }, `${CANARY.key}-5`)).toBe(422);
    expect(await command('destroy', { items: ['name'], method: CANARY.unknownValue }, `${CANARY.key}-5`)).toBe(400);
    expect(await command(`requests/${CANARY.path}/answer`, told, `${CANARY.key}-6`)).toBe(404);
    expect(await command('release', { authority: CANARY.authority }, `${CANARY.key} 7`)).toBe(400);
  });

  test('a reader without the right to values sees none, in any view', async () => {
    const find = await depter.post(`/v1/${CONTROLLER}/subjects/find`, key['officer']!, { person: { iin: IIN } });
    const { subject } = find.json<{ subject: string }>();
    const seen: string[] = [];
    for (const view of ['lineage', 'trail', 'findings', 'access']) {
      const answer = await depter.get(`/v1/${CONTROLLER}/subjects/${subject}/${view}`, key['regulator']);
      if (answer.status === 200) seen.push(...found(`${view} of a regulator`, Buffer.from(answer.text)));
    }
    const html = await depter.get(`/v1/${CONTROLLER}/subjects/${subject}/lineage?lang=ru`, key['regulator'], {
      accept: 'text/html',
    });
    expect(html.status).toBe(200);
    expect([...seen, ...found('the page of a regulator', Buffer.from(html.text))]).toEqual([]);
    const officer = await depter.get(`/v1/${CONTROLLER}/subjects/${subject}/lineage`, key['officer']);
    expect(officer.text).toContain(CANARY.value);
    expect(officer.text).not.toContain(CANARY.contactValue);
  });

  test('metrics, health and the public log hold none', async () => {
    for (const path of ['/metrics', '/health/ready', '/health/live', `/log/${CONTROLLER}/1/checkpoint`]) {
      const answer = await depter.get(path, key['admin']);
      expect(answer.status).toBe(200);
      expect(found(path, Buffer.from(answer.text))).toEqual([]);
    }
    const bundle = await fetch(`${depter.url}/log/${CONTROLLER}/1/tile/entries/000.p/1`, {
      headers: { authorization: `Bearer ${key['auditor']}` },
    });
    expect([200, 404]).toContain(bundle.status);
  });

  test('no file under the data folder holds one, while it runs, after a crash, and after a stop', async () => {
    const scan = async (when: string): Promise<string[]> => {
      const hits: string[] = [];
      for (const file of await files(depter.dir))
        hits.push(...found(`${file.slice(depter.dir.length)} ${when}`, await readFile(file)));
      return hits;
    };
    expect((await files(depter.dir)).length).toBeGreaterThan(2);
    expect(await scan('while it runs')).toEqual([]);
    await depter.stop('SIGABRT');
    expect(await scan('after a crash')).toEqual([]);
    await depter.serve({ now: '2026-03-01T00:00:00Z' });
    await depter.stop();
    expect(await scan('after a stop')).toEqual([]);
  });

  test('nothing that was printed holds one', () => {
    expect(depter.output).toContain('ready http');
    expect(found('the output', Buffer.from(depter.output))).toEqual([]);
  });
});
