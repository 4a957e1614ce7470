/** What an answer shows of values (`wire.md`, Answers), and of whom. The scenarios are in `scenario.spec.ts`. */
import { expect, test } from '@jest/globals';
import { cloudEvent, identifiersOf } from '../../../test/scenario/feed.js';
import { scenario } from '../../../test/scenario/scenario.js';
import { MemoryLedger } from '../testdata/memory-ledger.js';
import { rulebookOf } from '../testdata/packs.js';
import type { Person } from './identifier.js';
import { Told } from '../testdata/acts.js';
import { linkedSubjects, momentOf } from './fold.js';
import { lineage } from './lineage.js';

test('a value is shown to those entitled, the last one given, and none of what is destroyed', () => {
  const told = scenario('4.4');
  const rulebook = rulebookOf('kz.autosiyliq');
  const ledger = new MemoryLedger(rulebook);
  for (const entry of told.feed) {
    ledger.record(cloudEvent(told, entry) as { readonly id: string }, `${entry.on}T17:00:00.000Z`);
  }
  const record = ledger.person(ledger.subject(identifiersOf(told, 'F') as unknown as Person));
  const values = (event: string, item: string): string | undefined => ledger.values.get(`${event} ${item}`);
  const at = { asOf: '2032-01-01', asKnown: undefined };
  const shown = lineage(record, rulebook, at, { values }).items;
  expect(shown.find((row) => row.item === 'address')?.value).toBe('2 New Street');
  expect(shown.find((row) => row.item === 'email')).not.toHaveProperty('value');
  expect(JSON.stringify(lineage(record, rulebook, at))).not.toContain('New Street');
});

test('through a dossier that too many are linked to nobody is one person', () => {
  const phone = { phone: '+77000000299' };
  const others = ['X-1', 'X-2'].map((client) => ({ client }));
  const rows = others.map((person) => ['2026-02-02', 'linked', { person, other: phone }] as const);
  const { ledger } = new Told(rulebookOf('kz.finbox'), rows);
  const [one, two, hub] = [...others, phone].map((person) => ledger.subject(person));
  const record = ledger.person(one!);
  const person = (crowded?: ReadonlySet<string>): ReadonlySet<string> => {
    const read = crowded === undefined ? record : { ...record, crowded };
    return linkedSubjects(read, momentOf(read, ledger.rulebook, { asOf: '2026-03-01', asKnown: undefined }));
  };
  expect(person()).toEqual(new Set([one, two, hub]));
  expect(person(new Set([hub!]))).toEqual(new Set([one]));
});
