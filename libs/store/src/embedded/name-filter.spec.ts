import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { fillNames, NameFilter, pairName } from './name-filter.js';

const names = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(16));

function folder(rows: number): { db: DatabaseSync; held: Buffer[] } {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE TABLE dossiers (subject BLOB PRIMARY KEY, hmac BLOB) WITHOUT ROWID;
    CREATE TABLE refs (controller INTEGER, hmac BLOB, PRIMARY KEY (controller, hmac)) WITHOUT ROWID;
    CREATE TABLE ref_texts (controller INTEGER, owner BLOB, ref BLOB, PRIMARY KEY (controller, owner, ref)) WITHOUT ROWID;
    CREATE TABLE links (subject BLOB, other BLOB, PRIMARY KEY (subject, other)) WITHOUT ROWID;
    CREATE TABLE ties (client BLOB, contact BLOB, PRIMARY KEY (client, contact)) WITHOUT ROWID; BEGIN`);
  const held: Buffer[] = [];
  const run = (sql: string, ...values: (number | Buffer)[]) => db.prepare(sql).run(...values);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [randomBytes(16), randomBytes(16)];
    run('INSERT INTO dossiers VALUES (?, ?)', a, b);
    run('INSERT INTO refs VALUES (?, ?)', row % 3, a);
    run('INSERT INTO ref_texts VALUES (?, ?, ?)', row % 2, row === 0 ? Buffer.alloc(0) : a, b);
    run('INSERT INTO links VALUES (?, ?)', b, a);
    run('INSERT INTO ties VALUES (?, ?)', a, b);
    held.push(b, a, Buffer.from(pairName(row === 0 ? Buffer.alloc(0) : a, b)), Buffer.from(pairName(b, a)));
  }
  db.exec(`COMMIT; INSERT INTO dossiers VALUES (x'', NULL)`);
  return { db, held };
}

describe('the filter of names', () => {
  it('knows every name that was added, and hardly any other', () => {
    const filter = new NameFilter();
    filter.complete();
    const there = names(20_000);
    for (const name of there) filter.add(name);
    expect(there.every((name) => filter.mayHold(name))).toBe(true);
    expect(names(20_000).filter((name) => filter.mayHold(name)).length).toBeLessThan(20);
  });

  it('holds everything possible until it has read the file', () => {
    expect(new NameFilter().mayHold(randomBytes(16))).toBe(true);
  });

  it.each([0, 3, 5000, 12_345])('reads the names of a folder of %i rows a table', async (rows) => {
    const { db, held } = folder(rows);
    const filter = new NameFilter();
    fillNames(filter, db);
    const strange = names(200);
    while (strange.every((name) => filter.mayHold(name))) await sleep(1);
    expect(held.every((name) => filter.mayHold(name))).toBe(true);
    db.close();
  });

  it('stops where the folder is closed under it', async () => {
    const { db } = folder(6000);
    const filter = new NameFilter();
    fillNames(filter, db);
    db.close();
    await sleep(20);
    expect(filter.mayHold(randomBytes(16))).toBe(true);
  });
});
