/** What the answer for one person costs, and apart from it the commit of the note that it was read. */
import { writeFile } from 'node:fs/promises';
import {
  clocks,
  type ControllerId,
  findings,
  type Identifier,
  lineage,
  type PersonRecord,
  type Resolvers,
  type SubjectRef,
} from '#ledger';
import type { Rulebook } from '#packs';
import { textsByEvent, type SealedReference, type SealedText } from '#store';
import { controllerOf } from '../controller.js';
import { peerFailed } from '../failure.js';
import { type Folder, withFolder } from '../folder.js';
import { fictitiousPerson } from '../simulate/fictitious.js';
import { seedOf } from '../simulate/random.js';
import { simulate } from '../simulate/simulation.js';
import { percentile } from './measure.js';
import { milliseconds, type Table } from './table.js';

/** A borrower who is measured; the links that Depter adds are events, too. */
interface Measured {
  readonly seed: string;
  readonly actions: number;
  /** Of clocks and findings, p50. */
  readonly goalMs: number;
}

/** About two hundred events, and about twenty. */
const LONG: Measured = { seed: 'dossier', actions: 165, goalMs: 1 };
const SHORT: Measured = { seed: 'short dossier', actions: 15, goalMs: 0.15 };
const WARM_UP = 1000;
const ROUNDS = 1000;
const AS_OF = '2026-06-30';

/** The feed of both borrowers, to be fed into the log that is measured. */
export async function writeDossiers(file: string, controller: string): Promise<void> {
  await writeFile(file, [LONG, SHORT].flatMap(({ seed, actions }) => linesOf(controller, seed, actions)).join(''));
}

/** One borrower's feed. */
export async function writeDossier(file: string, controller: string, seed: string, actions: number): Promise<void> {
  await writeFile(file, linesOf(controller, seed, actions).join(''));
}

function linesOf(controller: string, seed: string, actions: number): readonly string[] {
  return [...simulate({ persons: 1, seed, controller, from: '2026-01-01', to: '2026-06-30', actions })];
}

/** Prints the rows; `dir` holds a log with those borrowers, and no server holds it. */
export async function benchLineage(dir: string, controller: string, table: Table): Promise<void> {
  await withFolder({ dir, packs: undefined, origin: undefined, role: 'bench' }, async (folder) => {
    const id = controllerOf(controller);
    const { ledger } = folder.store;
    const rulebook = folder.controllers.rulebook(id);
    const { subject, record, events } = await found(folder, controller, LONG);
    if (rulebook === undefined) throw peerFailed('No pack is of the controller to be measured.');
    const read = await timed(() => answer(folder, subject, rulebook));
    const again = await timed(() => answer(folder, subject, rulebook, (one) => one));
    const noted = await timed(() => recordReading(folder, id, subject));
    table.heading(`Lineage, warm, of a person with ${events} events, in a log of ${await ledger.size(id)}`);
    table.row({
      name: 'read, opened, folded, written as JSON: p50, p99',
      figure: figure(read),
      beside: 'goal p99 5 ms',
    });
    table.row({ name: 'the same, of whom nothing came since the fold', figure: figure(again) });
    table.row({ name: 'apart from it, the commit of its `accessed`', figure: figure(noted) });
    const judged = await timed(() => Promise.resolve(judge(anew(record), rulebook)));
    table.row({ name: 'clocks and findings of the same person', figure: figure(judged), beside: goalOf(LONG) });
    const short = await found(folder, controller, SHORT);
    const judgedShort = await timed(() => Promise.resolve(judge(anew(short.record), rulebook)));
    table.row({
      name: `clocks and findings of a person with ${short.events} events`,
      figure: figure(judgedShort),
      beside: goalOf(SHORT),
    });
  });
}

function figure(samples: readonly number[]): string {
  return `${milliseconds(percentile(samples, 50))}, ${milliseconds(percentile(samples, 99))}`;
}

function goalOf({ goalMs }: Measured): string {
  return `goal p50 ${goalMs} ms`;
}

async function found(
  { store: { ledger } }: Folder,
  controller: string,
  { seed }: Measured,
): Promise<{ readonly subject: SubjectRef; readonly record: PersonRecord; readonly events: number }> {
  const id = controllerOf(controller);
  const { iin } = fictitiousPerson(seedOf(seed), 0);
  const subject = await ledger.find(id, [{ kind: 'iin', value: iin } as Identifier]);
  const record = subject === undefined ? undefined : await ledger.person(id, subject);
  if (subject === undefined || record === undefined) throw peerFailed('The borrower to be measured is not in the log.');
  return { subject, record, events: record.dossiers.reduce((sum, dossier) => sum + dossier.events.length, 0) };
}

/** Another record, of which nothing was folded yet. */
const anew = (record: PersonRecord): PersonRecord => ({ ...record });

/** An answer with values, as an officer sees it. */
async function answer(
  { store }: Folder,
  subject: SubjectRef,
  rulebook: Rulebook,
  folded: (record: PersonRecord) => PersonRecord = anew,
): Promise<string> {
  const controller = controllerOf(rulebook.controller);
  const record = await store.ledger.person(controller, subject);
  if (record === undefined) throw peerFailed('The borrower to be measured is gone.');
  const resolvers = await opened(store, record, rulebook);
  return JSON.stringify(lineage(folded(record), rulebook, { asOf: AS_OF, asKnown: undefined }, resolvers));
}

function judge(record: PersonRecord, rulebook: Rulebook): number {
  const at = { asOf: AS_OF, asKnown: undefined };
  return clocks(record, rulebook, at).length + findings(record, rulebook, at).length;
}

async function opened(store: Folder['store'], record: PersonRecord, rulebook: Rulebook): Promise<Resolvers> {
  const controller = controllerOf(rulebook.controller);
  const values = new Map<string, readonly SealedText[]>();
  const references = new Map<string, SealedReference>();
  for (const { subject, events } of record.dossiers) {
    const texts = textsByEvent(events, await store.vault.texts(controller, subject));
    for (const [event, ofEvent] of texts) values.set(event, ofEvent);
    for (const [reference, sealed] of await store.vault.references(controller, subject)) {
      references.set(reference, sealed);
    }
  }
  const textOf = (sealed: SealedReference | undefined): string | undefined =>
    sealed?.text.kind === 'value' ? sealed.text.value : undefined;
  return {
    values: (event, item) => textOf(values.get(event)?.find(({ label }) => label === item)),
    texts: (reference) => textOf(references.get(reference)),
  };
}

/** Records that an officer has read a person, durably. */
export async function recordReading({ store }: Folder, controller: ControllerId, subject: SubjectRef): Promise<void> {
  const at = new Date().toISOString();
  await store.ledger.record(controller, [
    { kind: 'own', name: 'accessed', subject, by: null, at, data: { role: 'officer', view: 'lineage' } },
  ]);
}

async function timed(act: () => Promise<unknown>): Promise<number[]> {
  for (let round = 0; round < WARM_UP; round += 1) await act();
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await act();
    samples.push(performance.now() - begun);
  }
  return samples;
}
