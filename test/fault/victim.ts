/**
 * A program that feeds a file of actions straight into a data folder, and is there to be killed. It runs on its own, the
 * way Node runs TypeScript, on the built libraries.
 *
 *   node test/fault/victim.ts DIR FILE STALL_MS
 *
 * Each acknowledged action is one line on standard output (a file: a pipe may be full), written before anything else
 * happens: the ids of the action and of its event, and the position. Actions go in groups, all handed over at once.
 */
import { readFileSync, writeSync } from 'node:fs';
import { controllerId, readAction, readJson, type Action } from '#ledger';
import { Clock, openEmbedded } from '#store';

const GROUP_ACTIONS = 25;
const CONTROLLER = controllerId('kz.autosiyliq')!;

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

const [dir = '', file = '', stallMs = '0'] = process.argv.slice(2);
const rules = { has: () => true, all: () => [] };
const store = await openEmbedded({
  dir,
  clock: new SystemClock(),
  rulebookFor: () => rules,
  role: 'victim',
  stallAfterKeysMs: Number(stallMs),
});

const reading = { controller: CONTROLLER, now: Date.now(), zone: 'UTC' };
const actions = readFileSync(file)
  .toString()
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Action => {
    const json = readJson(Buffer.from(line));
    const read = json.refusal ? json : readAction(json.ok, reading);
    if (read.refusal)
      throw new Error(`the victim was given a bad action: ${read.refusal.code} ${read.refusal.pointer}`);
    return read.ok;
  });

const groups = Array.from({ length: Math.ceil(actions.length / GROUP_ACTIONS) }, (_, n) =>
  actions.slice(n * GROUP_ACTIONS, (n + 1) * GROUP_ACTIONS),
);
await Promise.all(
  groups.map(async (group) => {
    const outcomes = await store.ledger.record(CONTROLLER, group);
    outcomes.forEach((outcome, i) => {
      if (outcome.kind !== 'recorded' && outcome.kind !== 'repeated') throw new Error(`an action was ${outcome.kind}`);
      const { kind, event, position } = outcome;
      writeSync(1, `${JSON.stringify({ id: group[i]!.id, kind, event, position })}\n`);
    });
  }),
);
await store.close();
