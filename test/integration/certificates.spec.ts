/** The certificate of a destruction: what it says, that it proves it by itself, and that it holds nothing of the person. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { logPolicy, parseVerifierKey, verifyReceipt } from '#proof';
import type { Certificate } from '#report';
import { CERTIFICATE_WORDS } from '../../libs/report/src/certificate-words.js';
import { node, sha256 } from '../../libs/proof/testdata/ed25519.js';
import { STORES, type StartedStore } from '../running/stores.js';
import { anIin, collected, CONTROLLER, InProcess } from './in-process.js';

const NAME = 'Canary Fictitious';

describe.each(STORES)('a certificate of destruction, on $name', ({ start }) => {
  let store: StartedStore;
  let depter: InProcess;
  let subject: SubjectRef;
  let event: string;
  let address: string;
  const iin = anIin();

  beforeAll(async () => {
    store = await start();
    depter = await InProcess.start(...store.flags);
    await depter.send(collected({}, { person: { iin }, values: { name: NAME }, note: 'canary-note' }));
    subject = await depter.find({ iin });
    const done = await depter.parts.destructions.destroy(CONTROLLER, {
      act: {
        kind: 'own', name: 'destroyed', subject, by: null, at: '2026-03-10T07:00:00.000Z', data: { items: 'all', method: 'erase' },
      },
      dossiers: [subject],
    }); // prettier-ignore
    if (done.kind !== 'recorded') throw new Error(done.kind);
    event = done.event;
    address = `/v1/${CONTROLLER}/subjects/${subject}/destructions`;
  }, 60_000);
  afterAll(async () => {
    await depter.dispose();
    await store.stop();
  });

  test('is listed, and says what was carried out', async () => {
    const list = (await depter.get(address, depter.keys.officer)).json<{ destructions: unknown[] }>();
    expect(list.destructions).toEqual([
      { event, position: expect.any(Number), act: 'destroyed', items: 'all', at: '2026-03-10T07:00:00.000Z' },
    ]);
    const certificate = (await depter.get(`${address}/${event}`, depter.keys.regulator)).json<Certificate>();
    expect(certificate).toMatchObject({
      controller: CONTROLLER, subject, event, act: 'destroyed', items: 'all', method: 'erase',
      evidence: { dossiers: 1, identifiers: 1, values: 1, texts: 1 },
    }); // prettier-ignore
  });

  test('proves itself, with nothing but a program that knows receipts', async () => {
    const certificate = (await depter.get(`${address}/${event}`, depter.keys.officer)).json<Certificate>();
    // The log grows on; what was handed out holds.
    await depter.send(collected());
    const key = parseVerifierKey(sha256, certificate.verifierKey);
    if (!key.ok) throw new Error('no verifier key');
    for (const { entry, receipt } of [certificate.intent!, certificate.outcome]) {
      const checked = verifyReceipt(node, logPolicy(key.value), receipt, Buffer.from(entry, 'base64'));
      expect(checked.ok).toBe(true);
    }
    const outcome = JSON.parse(Buffer.from(certificate.outcome.entry, 'base64').toString()) as {
      id: string;
      data: { evidence: object };
    };
    expect(outcome.id).toBe(event);
    expect(outcome.data.evidence).toEqual(certificate.evidence);
  });

  test('is checked by the verifier, which needs nothing but Node', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'depter-certificate-'));
    const program = join(dir, 'depter-verify.mjs');
    await copyFile(resolve('dist/verify/depter-verify.mjs'), program);
    const verified = (text: string) =>
      writeFile(join(dir, 'certificate.json'), text)
        .then(() => promisify(execFile)(process.execPath, [program, 'certificate.json', '--vkey', vkey], { cwd: dir }))
        .then(({ stdout }) => ({ code: 0, stdout }))
        .catch((failure: { code: number; stdout: string }) => failure);
    const vkey = (await depter.get(`/log/${CONTROLLER}/1/vkey`)).text.trim();
    const { text } = await depter.get(`${address}/${event}`, depter.keys.officer);
    const good = await verified(text);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/^good\n {2}certificate {3}destroyed\n/) });
    expect(good.stdout).not.toContain('taken from the certificate');
    const bad = await verified(text.replace('"method":"erase"', '"method":"other"'));
    expect(bad).toMatchObject({ code: 1, stdout: 'bad: certificate-mismatch at method\n' });
    await rm(dir, { recursive: true });
  });

  test.each(['ky', 'kk', 'ru', 'en'])('is a page in %s, without anything of the person', async (lang) => {
    const answer = await depter.get(`${address}/${event}?lang=${lang}`, depter.keys.officer, { accept: 'text/html' });
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-language')).toBe(lang);
    expect(answer.text).toContain(`<html lang="${lang}">`);
    expect(answer.text).toContain(event);
    for (const canary of [NAME, iin, 'canary-note']) expect(answer.text).not.toContain(canary);
  });

  test('is for officers, regulators and the person alone; of another event there is none', async () => {
    expect((await depter.get(`${address}/${event}`, depter.keys.emitter)).status).toBe(403);
    expect((await depter.get(`${address}/${event}`, depter.keys.auditor)).status).toBe(403);
    expect((await depter.get(`${address}/${event}`, await depter.key('subject', subject))).status).toBe(200);
    expect((await depter.get(`${address}/AAAAAAAAAAAAAAAAAAAAAA`, depter.keys.officer)).status).toBe(404);
  });

  describe('of what somebody else carried out and reported', () => {
    const other = anIin();
    const say = (name: string, data: object, time: object = { time: '2026-03-10T11:00:00+05:00' }) =>
      depter.send({
        ...collected({ type: `depter.action.${name}.v1`, ...time }),
        data: { person: { iin: other }, ...data },
      });
    let reported: string;
    let listed: string;

    beforeAll(async () => {
      await depter.send(collected({}, { person: { iin: other }, items: ['photo'], values: { photo: 'canary-photo' } }));
      listed = `/v1/${CONTROLLER}/subjects/${await depter.find({ iin: other })}/destructions`;
    });
    const rows = async () =>
      (await depter.get(listed, depter.keys.officer)).json<{ destructions: Record<string, unknown>[] }>().destructions;

    test('there is none while a hold keeps it, and one when Depter’s own copy has followed', async () => {
      expect((await say('held', { authority: 'kz.court' }, { time: '2026-03-10T10:30:00+05:00' })).status).toBe(201);
      const destroyed = await say('destroyed', { items: ['photo'], method: 'erase', on: '2026-03-10' });
      reported = destroyed.json()['event'] as string;
      expect(await rows()).toEqual([]);
      expect((await depter.get(`${listed}/${reported}`, depter.keys.officer)).status).toBe(404);
      expect((await say('released', {}, { time: '2026-03-10T11:30:00+05:00' })).status).toBe(201);
      expect(await rows()).toEqual([
        { event: reported, position: destroyed.json()['position'], act: 'destroyed', items: ['photo'], at: '2026-03-10', reported: true },
      ]); // prettier-ignore
    });

    test('it proves the report, and its page says what that is', async () => {
      const certificate = (await depter.get(`${listed}/${reported}`, depter.keys.regulator)).json<Certificate>();
      expect(certificate).toMatchObject({ event: reported, method: 'erase', evidence: null, intent: null });
      await depter.send(collected());
      const key = parseVerifierKey(sha256, certificate.verifierKey);
      if (!key.ok) throw new Error('no verifier key');
      const entry = Buffer.from(certificate.outcome.entry, 'base64');
      expect(verifyReceipt(node, logPolicy(key.value), certificate.outcome.receipt, entry).ok).toBe(true);
      expect(JSON.parse(entry.toString())).toMatchObject({ id: reported, type: 'destroyed' });
      for (const lang of ['ky', 'kk', 'ru', 'en']) {
        const page = await depter.get(`${listed}/${reported}?lang=${lang}`, depter.keys.officer, {
          accept: 'text/html',
        });
        expect(page.text).toContain(CERTIFICATE_WORDS[lang as 'en'].reportedNote);
        expect(page.text).toContain(certificate.outcome.entry);
        for (const canary of ['canary-photo', other]) expect(page.text).not.toContain(canary);
      }
    });

    test('of one that was corrected there is none', async () => {
      const destroyed = collected({ type: 'depter.action.destroyed.v1', time: '2026-03-10T11:40:00+05:00' });
      await depter.send({ ...destroyed, data: { person: { iin: other }, items: ['photo'], method: 'erase' } });
      expect(await rows()).toHaveLength(2);
      await say('corrected', { event: { source: 'urn:example:los', id: destroyed['id'] }, reason: 'of another' });
      expect((await rows()).map(({ event }) => event)).toEqual([reported]);
    });
  });
});
