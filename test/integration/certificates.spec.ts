/** The certificate of a destruction: what it says, that it proves it by itself, and that it holds nothing of the person. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SubjectRef } from '#ledger';
import { logPolicy, parseVerifierKey, verifyReceipt } from '#proof';
import type { Certificate } from '#report';
import { node, sha256 } from '../../libs/proof/testdata/ed25519.js';
import { anIin, collected, CONTROLLER, InProcess } from './in-process.js';

const NAME = 'Canary Fictitious';

describe('a certificate of destruction', () => {
  let depter: InProcess;
  let subject: SubjectRef;
  let event: string;
  let address: string;
  const iin = anIin();

  beforeAll(async () => {
    depter = await InProcess.start();
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
  afterAll(() => depter.dispose());

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
    for (const { entry, receipt } of [certificate.intent, certificate.outcome]) {
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
});
