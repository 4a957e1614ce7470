/** A file of actions as a log: recorded in a folder that is there only as long as it is looked at. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_ACTION_BYTES, readAction, readJson, type Action, type ControllerId, type SubjectRef } from '#ledger';
import { type Line, LineSplitter } from '#roles';
import { openEmbedded, type Clock, type Ledger, type RulesOf } from '#store';
import { wrongUse } from '../failure.js';

const GROUP = 500;

/** What a person of these dossiers is called. */
export type NameOf = (dossiers: readonly SubjectRef[]) => string;

export interface LinesParts {
  readonly rulebookFor: RulesOf;
  readonly clock: Clock;
}

/**
 * Records the actions, lends the folder and removes it. `nameOf` says the line that first names somebody. Throws
 * CommandFailure 2 at the first line that is no action of a controller with packs.
 */
export async function withLinesIn<T>(
  file: string,
  parts: LinesParts,
  use: (dir: string, nameOf: NameOf) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'depter-pack-diff-'));
  try {
    const lines = new Map<SubjectRef, number>();
    const store = await openEmbedded({ dir, ...parts, role: 'pack diff' });
    try {
      await record(file, store.ledger, parts, lines);
    } finally {
      await store.close();
    }
    return await use(dir, (person) => `line ${Math.min(...person.flatMap((subject) => lines.get(subject) ?? []))}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

interface Read {
  readonly line: number;
  readonly action: Action;
}

async function record(file: string, ledger: Ledger, parts: LinesParts, lines: Map<SubjectRef, number>): Promise<void> {
  const splitter = new LineSplitter(MAX_ACTION_BYTES);
  let group: Read[] = [];
  const flush = async (): Promise<void> => {
    const some = group;
    group = [];
    for (const controller of new Set(some.map(({ action }) => action.controller))) {
      await recordGroup(some.filter(({ action }) => action.controller === controller), controller, ledger, lines); // prettier-ignore
    }
  };
  const take = async (): Promise<void> => {
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      group.push({ line: line.number, action: actionOf(line, parts) });
      if (group.length >= GROUP) await flush();
    }
  };
  for await (const chunk of createReadStream(file)) {
    splitter.push(chunk as Buffer);
    await take();
  }
  const last = splitter.finish();
  if (last !== undefined) group.push({ line: last.number, action: actionOf(last, parts) });
  await flush();
}

async function recordGroup(
  group: readonly Read[],
  controller: ControllerId,
  ledger: Ledger,
  lines: Map<SubjectRef, number>,
): Promise<void> {
  const outcomes = await ledger.record(
    controller,
    group.map(({ action }) => action),
    { wait: true },
  );
  for (const [at, outcome] of outcomes.entries()) {
    const { line } = group[at]!;
    if (outcome.kind === 'recorded' || outcome.kind === 'repeated') {
      if (outcome.subject !== null && !lines.has(outcome.subject)) lines.set(outcome.subject, line);
    } else throw wrongUse(`Line ${line} cannot be recorded (${outcome.kind}).`);
  }
}

function actionOf({ bytes, number }: Line, { rulebookFor, clock }: LinesParts): Action {
  const json = bytes === undefined ? undefined : readJson(bytes);
  const reading = {
    now: clock.now(),
    zone: (controller: ControllerId) => rulebookFor(controller)?.zone ?? 'UTC',
    known: (controller: ControllerId) => rulebookFor(controller) !== undefined,
  };
  const read = json === undefined || json.refusal ? json : readAction(json.ok, reading);
  if (read?.ok) return read.ok;
  const { code = 'too-large', pointer = '' } = read?.refusal ?? {};
  throw wrongUse(`Line ${number} is no action that can be recorded: ${code}${pointer === '' ? '' : ` at ${pointer}`}.`);
}
