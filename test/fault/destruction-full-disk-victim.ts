/**
 * A program that makes a person in a data folder, or destroys them, on a disk that may be full. It runs on its own, the way
 * Node runs TypeScript, on the built libraries, and says in one line what became of it and how the folder stands.
 *
 *   node test/fault/destruction-full-disk-victim.ts DIR make|destroy|look
 */
import { writeSync } from 'node:fs';
import { controllerId, readAction, type SubjectRef } from '#ledger';
import { Clock, openEmbedded } from '#store';

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

const [dir = '', what = 'look'] = process.argv.slice(2);
const controller = controllerId('kz.autosiyliq')!;
const rules = { has: () => true, all: () => [] };

function say(told: object): never {
  writeSync(1, `${JSON.stringify(told)}\n`);
  process.exit(0);
}

const codeOf = (failure: unknown): string => (failure as { code?: string }).code ?? String(failure);
const store = await openEmbedded({ dir, clock: new SystemClock(), rulebookFor: () => rules, role: 'victim' }).catch(
  (failure: unknown) => say({ opening: codeOf(failure) }),
);
const find = () => store.ledger.find(controller, [{ kind: 'client', value: 'canary-client' }]);

async function make(): Promise<string> {
  for (let n = 0; n < 20; n++) {
    const data = { person: { client: 'canary-client' }, items: ['name'], values: { name: `canary ${n} `.repeat(200) }, origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }; // prettier-ignore
    const event = { specversion: '1.0', id: `full-${n}`, source: 'urn:example:full', type: 'depter.action.collected.v1', time: '2026-02-02T09:00:00Z', data }; // prettier-ignore
    const read = readAction(event, { controller, now: Date.now(), zone: 'UTC' });
    if (read.ok === undefined) throw new Error('a bad action');
    await store.ledger.record(controller, [read.ok]);
  }
  return 'made';
}

async function destroy(): Promise<string> {
  const subject = await find();
  if (subject === undefined) return 'nobody';
  const event = await store.destructions.commandId(controller, 'full');
  const done = await store.destructions
    .destroy(controller, {
      act: { kind: 'own', name: 'destroyed', event, subject, by: null, at: new Date().toISOString(), data: { items: 'all', method: 'erase' } },
      dossiers: [subject],
    })
    .catch((failure: unknown) => ({ kind: codeOf(failure) })); // prettier-ignore
  return done.kind;
}

const became = what === 'make' ? await make() : what === 'destroy' ? await destroy() : 'looked';
const entries = await store.ledger.entries(controller, 0, 100);
const subject = entries[0]!.event.subject as SubjectRef;
const state = {
  became,
  found: (await find()) !== undefined,
  texts: (await store.vault.texts(controller, subject)).filter(({ text }) => text.kind === 'value').length,
  added: entries.map(({ event }) => event.type).filter((type) => type !== 'collected'),
};
await store.close();
say(state);
