/** A data folder carried to the cluster: the same log, the same proofs, the same texts, and it goes on. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPublicKey, hash, verify } from 'node:crypto';
import type { ControllerId, SubjectRef } from '#ledger';
import { logPolicy, parseVerifierKey, verifyReceipt, type Primitives } from '#proof';
import { carryFolder, openEmbedded, type ClusterStore, type LogKey, type Outcome, type Store } from '#store';
import { action, collected, iins } from './actions.js';
import { clusterPlaces, type ClusterPlace } from './cluster-place.js';
import { options, siyliq, somo } from './engine.js';
import { recorded } from './ledger-contract.js';
import { textsBehind } from './texts-behind.js';

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const primitives: Primitives = {
  sha256,
  verify: (key, message, signature) => {
    const spki = createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });
    return verify(null, message, spki, signature);
  },
};

const life = [
  collected('1', 'A', { person: { iin: iins[0], client: 'A' }, values: { name: 'Айгүл', phone: '+77010000001' }, note: 'n' }),
  collected('2', 'B', { describes: { phone: { phone: '+77010000002' } }, values: { phone: '+77010000002' }, items: ['name', 'phone', 'shoe-size'] }),
  collected('3', 'C', { values: { name: 'Berik' } }),
  action({ id: '4', type: 'corrected', data: { person: { client: 'B' }, event: { source: 'urn:test', id: '2' }, reason: 'r' } }),
  action({ id: '5', type: 'asked', data: { authority: 'kz.court', request: 'R-1', note: 'by post' } }),
]; // prettier-ignore
const many = Array.from({ length: 600 }, (_, i) => collected(`m${i}`, `P${i % 9}`, { values: { name: `n${i}` } }));

describe('a folder carried to the cluster', () => {
  const makePlace = clusterPlaces();
  let place: ClusterPlace;
  let store: ClusterStore | undefined;
  let before: Awaited<ReturnType<typeof told>>;
  let outcomes: Outcome[];
  let secret: string;
  let keysLeft: SubjectRef;
  let somoKeys: readonly LogKey[];

  beforeEach(async () => {
    place = await makePlace();
    const folder = await openEmbedded({ dir: place.dir, origin: 'depter.example', ...options() });
    outcomes = await folder.ledger.record(siyliq, [...life, ...many], { receipts: true });
    await folder.ledger.record(somo, [
      action({ id: '1', type: 'asked', controller: somo, data: { authority: 'x', request: 'R' } }),
    ]);
    const c = (await folder.ledger.find(siyliq, [{ kind: 'client', value: 'C' }]))!;
    keysLeft = (await folder.ledger.find(siyliq, [{ kind: 'iin', value: iins[0] }]))!;
    await folder.log.rotateKey(somo, options().clock.now() + 86_400_000);
    somoKeys = await folder.log.keys(somo, 1);
    await folder.keys.shredDossier(siyliq, c);
    await folder.keys.shredItem(siyliq, keysLeft, 'name');
    secret = (await folder.accessKeys.add({ controller: siyliq, role: 'auditor' })).secret;
    before = await told(folder);
    await folder.close();
    const carried = await carryFolder({
      dir: place.dir,
      postgres: place.postgres,
      clock: options().clock,
      ...place.eventLog(),
    });
    expect(carried).toBe(before.size + 1);
    store = await place.open(options());
  }, 60_000);
  afterEach(async () => {
    await store?.close();
    await place.remove();
  });

  /** Everything that can be asked of a store. */
  async function told(of: Store, controller: ControllerId = siyliq) {
    const size = await of.ledger.size(controller);
    const entries = await of.ledger.entries(controller, 0, 10_000);
    const subjects = [...new Set(entries.map(({ event }) => event.subject))] as (SubjectRef | null)[];
    return {
      size,
      entries: entries.map(({ position, entry }) => [position, Buffer.from(entry).toString()]),
      people: await Promise.all(subjects.flatMap((subject) => (subject === null ? [] : [of.ledger.person(controller, subject)]))),
      texts: await Promise.all(subjects.map(async (subject) =>
        (await of.vault.texts(controller, subject)).map(({ position, label, field, text }) => [position, label, field, text]))),
      references: await Promise.all(subjects.map(async (subject) => [...(await textsBehind(of.vault, controller, subject))].sort())),
      checkpoint: await of.log.checkpoint(controller, 1),
      verifierKey: await of.log.verifierKey(controller, 1),
      tiles: [Buffer.from((await of.log.tile(controller, 1, 0, 0, 256))!).toString('hex'), Buffer.from((await of.log.tile(controller, 1, 1, 0, 2))!).toString('hex')],
    }; // prettier-ignore
  }

  test('answers everything as before; every old receipt verifies; it goes on', async () => {
    expectSame(await told(store!), before);
    const key = parseVerifierKey(sha256, before.verifierKey!);
    if (!key.ok) throw new Error('not a verifier key');
    const policy = logPolicy(key.value);
    for (const outcome of outcomes) {
      const { position, entry, receipt } = recorded(outcome);
      expect(verifyReceipt(primitives, policy, receipt!, entry!)).toMatchObject({
        ok: true,
        value: { index: position },
      });
      if (position % 100 !== 0) continue;
      const today = (await store!.log.receipt(siyliq, position))!;
      expect(verifyReceipt(primitives, policy, today, entry!)).toMatchObject({ ok: true, value: { index: position } });
    }
    expect(await store!.accessKeys.check(secret)).toMatchObject({ controller: siyliq, role: 'auditor' });
    const again = await store!.ledger.record(siyliq, [life[0]!, life[1]!, life[2]!, collected('m5', 'B'), many[7]!]);
    expect(again.map(({ kind }) => kind)).toEqual(['repeated', 'repeated', 'gone', 'conflict', 'repeated']);
    const [next] = await store!.ledger.record(siyliq, [collected('new', 'A', { values: { name: 'New' } })], {
      receipts: true,
    });
    const { position, entry, receipt } = recorded(next);
    expect(position).toBe(before.size);
    expect(verifyReceipt(primitives, policy, receipt!, entry!).ok).toBe(true);
  }, 60_000);

  test('a log whose key was rotated is signed by both, as before', async () => {
    expect(await store!.log.keys(somo, 1)).toEqual(somoKeys);
    const next = action({ id: '2', type: 'asked', controller: somo, data: { authority: 'x', request: 'R-2' } });
    expect(recorded((await store!.ledger.record(somo, [next]))[0]).position).toBe(1);
    const [body = '', signatures = ''] = (await store!.log.checkpoint(somo, 1))!.split('\n\n');
    expect(body.split('\n')[1]).toBe('2');
    expect(signatures.trim().split('\n')).toHaveLength(2);
  });

  test('what was shredded stays shredded, what is shredded now is gone, also under a renewed epoch', async () => {
    await store!.renewEpoch();
    expectSame(await told(store!), before);
    await store!.keys.shredDossier(siyliq, keysLeft);
    expect((await store!.vault.texts(siyliq, keysLeft)).filter(({ text }) => text.kind === 'value')).toEqual([]);
  }, 60_000);

  test('the folder opens no more, and the database takes no second one', async () => {
    await expect(openEmbedded({ dir: place.dir, ...options() })).rejects.toMatchObject({ code: 'unavailable' });
    const twice = carryFolder({ dir: place.dir, postgres: place.postgres, clock: options().clock });
    await expect(twice).rejects.toMatchObject({ code: 'unavailable' });
  });
});

/** Compares part by part, and says the first that differs alone: the whole would be too long to be read. */
function expectSame(after: Readonly<Record<string, unknown>>, before: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(before)) {
    const [now, then] = [textsOf(after[name]), textsOf(before[name])];
    const differs = then.findIndex((text, i) => text !== now[i]);
    if (differs >= 0) expect({ name, text: now[differs] }).toEqual({ name, text: then[differs] });
    expect([name, now.length]).toEqual([name, then.length]);
  }
}

function textsOf(value: unknown): string[] {
  // Entries are compared by themselves; a person's record has them once more.
  const text = (part: unknown) =>
    JSON.stringify(part, (key, one: unknown) =>
      key === 'entry' ? undefined : one instanceof Map ? [...one].sort() : one,
    );
  return Array.isArray(value) ? value.map(text) : [text(value)];
}
