/** Asked before acting: permit, or every reason against; whoever is asked about, nothing is recorded or shown. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyRole } from '#ledger';
import { anIin, collected, CONTROLLER, InProcess } from './in-process.js';

let server: InProcess;
const person = { iin: anIin() };

const act = (name: string, data: Readonly<Record<string, unknown>>) => ({
  ...collected({ type: `depter.action.${name}.v1`, time: undefined }),
  data: { person, on: '2026-03-02', ...data },
});
const parts = [{ purpose: 'loan' }, { recipient: 'kz.bureau' }];

beforeAll(async () => {
  server = await InProcess.start();
  const consent = { consent: 'C-1', parts, edition: 'undated', act: 'signature' };
  for (const action of [
    act('consented', consent),
    collected({ time: undefined }, { person, on: '2026-03-02', items: ['name', 'shoe-size'], values: undefined }),
  ])
    expect((await server.send(action)).status).toBe(201);
}, 60_000);
afterAll(() => server.dispose());

const ask = (question: Readonly<Record<string, unknown>>, role: Exclude<KeyRole, 'subject'> = 'emitter') =>
  server.ask(
    'POST',
    `/v1/${CONTROLLER}/decisions`,
    server.keys[role],
    JSON.stringify({ person, do: 'use', items: ['name'], purposes: ['loan'], at: '2026-03-10', ...question }),
    { 'content-type': 'application/json' },
  );

describe('a decision', () => {
  it('permits what nothing is against, as an emitter and an officer ask, and is no reading', async () => {
    const size = await server.parts.ledger.size(CONTROLLER);
    for (const role of ['emitter', 'officer'] as const) {
      const answer = await ask({}, role);
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({ decision: 'permit', reasons: [] });
    }
    expect(await server.parts.ledger.size(CONTROLLER)).toBe(size);
  });

  it('denies with the codes and clauses of the findings that the act would leave', async () => {
    const answer = (await ask({ purposes: ['marketing-calls'] })).json<{
      decision: string;
      reasons: { code: string }[];
    }>();
    expect(answer.decision).toBe('deny');
    expect(answer.reasons.map(({ code }) => code)).toEqual(['unlisted', 'use-off-purpose']);
  });

  it('knows an unlisted item by the name that was sent', async () => {
    const codes = async (item: string) =>
      (await ask({ items: [item] })).json<{ reasons: { code: string }[] }>().reasons.map(({ code }) => code);
    expect(await codes('shoe-size')).toEqual(['unlisted']);
    expect(await codes('hat-size')).toEqual(['unlisted', 'use-off-purpose']);
  });

  it('is on the state of the moment asked', async () => {
    expect((await ask({ at: '2026-03-01' })).json()).toMatchObject({
      decision: 'deny',
      reasons: [{ code: 'use-off-purpose' }],
    });
    expect((await ask({ at: '2026-03-10T09:00:00+05:00' })).json()).toMatchObject({ decision: 'permit' });
  });

  it('is on an empty fold of whom nobody knows; who shares a phone is not them', async () => {
    const stranger = { person: { iin: anIin() } };
    expect((await ask(stranger)).json()).toMatchObject({ decision: 'deny', reasons: [{ code: 'use-off-purpose' }] });
    const phone = '+77000000177';
    await server.send(collected({}, { person: { phone } }));
    expect((await ask({ person: { phone } })).json()).not.toMatchObject({ reasons: [{ code: 'use-off-purpose' }] });
    expect((await ask({ person: { iin: anIin(), phone } })).json()).toMatchObject({
      reasons: [{ code: 'use-off-purpose' }],
    });
  });

  it.each([
    [{ do: 'transfer' }, 'missing-field', '/recipient'],
    [{ recipient: 'kz.bureau' }, 'unknown-field', ''],
    [{ do: 'sell' }, 'invalid-field', '/do'],
    [{ at: 'soon' }, 'invalid-field', '/at'],
    [{ at: undefined }, 'missing-field', '/at'],
    [{ items: [] }, 'invalid-field', '/items'],
    [{ person: { iin: '850505400019' } }, 'check-digit', '/person/iin'],
  ])('of %j is refused', async (question, code, pointer) => {
    expect((await ask(question)).json()).toMatchObject({ status: 400, code, pointer });
  });
});
