import { expect, test } from '@jest/globals';
import { verifyArchive } from '#proof';
import {
  exported, exportedPerson, inFile, MadeLog, people, recordedAt, storedEntry, type Plan,
} from '../../../../libs/proof/testdata/exported.js'; // prettier-ignore
import { readmes } from '../export/readme.js';
import { nodePrimitives } from './primitives.js';
import { toldReport } from './told.js';

const log = new MadeLog(Array.from({ length: 300 }, (_, i) => storedEntry(i)));
const plan: Plan = { first: 100, end: 200, head: log.head(), older: [] };

async function told(archive: Uint8Array): Promise<string> {
  const judged = await verifyArchive(nodePrimitives, inFile(archive));
  if (!judged.ok) throw new Error(`${judged.fault.code} at ${judged.fault.place}`);
  return toldReport(judged.value);
}

test('the verdict says the instants of the period, which the days do not settle', async () => {
  const said = `at or after ${recordedAt(100)} and before ${recordedAt(200)}`;
  const period = await told(await exported(log, plan));
  expect(period).toContain(`none recorded ${said} is left out`);
  for (const one of [period, await told(await exportedPerson(log, plan, people[1]!))])
    expect(one).toContain(`recorded      ${said}, as the archive says`);
  const open = await told(await exported(log, { ...plan, first: 0 }));
  expect(open).toContain(`none recorded before ${recordedAt(200)} is left out`);
  expect(await told(await exported(log, { ...plan, first: 0, end: 300 }))).toContain(
    'none recorded at any time is left out',
  );
});

test('the verdict says which files the log proves, and which it does not', async () => {
  const period = await told(await exported(log, plan));
  expect(period).toContain("proved        by the log's signatures: log/\n");
  expect(period).toContain('not proved    readme.en.txt, packs/kz.test@2026.json, manifest.json: as whoever');
  const person = await told(await exportedPerson(log, plan, people[1]!));
  expect(person).toContain('log/, and each .entry and .receipt of subject/\n');
  expect(person).toContain('not proved    subject/evidence.json, manifest.json: as whoever');
});

test.each(
  readmes({ controller: 'kz.test', origin: 'o', from: null, to: null, size: 3, first: 0, end: 3, about: 'complaint' }),
)('%s says which files the log does not prove', (name, text) => {
  const proofs = text.slice(text.lastIndexOf('\n\n'));
  for (const file of ['packs/', 'subject/evidence.json', 'manifest.json', name, 'log/', '.entry', '.receipt'])
    expect(proofs).toContain(file);
});
