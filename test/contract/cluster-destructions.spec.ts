import { describe, expect, test } from '@jest/globals';
import { Postgres } from '#store';
import { collected } from './actions.js';
import { clusterPlaces } from './cluster-place.js';
import { destructionsContract } from './destructions-contract.js';
import { options, siyliq } from './engine.js';
import { recorded } from './ledger-contract.js';

describe('destruction on the cluster', () => {
  const makePlace = clusterPlaces();
  destructionsContract(makePlace);

  test('what an older version of the program had begun is ended at the next start', async () => {
    const place = await makePlace();
    const store = await place.open(options());
    const group = ['A', 'B'].map((client) =>
      collected(client, client, { values: { name: client, phone: '+77010000001' } }),
    );
    const [whole, item] = (await store.ledger.record(siyliq, group)).map((outcome) => recorded(outcome).subject!);
    await store.close();
    const postgres = new Postgres({ url: place.postgres });
    for (const [subject, label] of [[whole, ''], [item, 'name']] as const) {
      await postgres.run('INSERT INTO depter.shreds SELECT no, $1, $2 FROM depter.controllers WHERE name = $3', [
        Buffer.from(subject!, 'base64url'), label, siyliq,
      ]);
    } // prettier-ignore
    const again = await place.open(options());
    expect(await again.ledger.find(siyliq, [{ kind: 'client', value: 'A' }])).toBeUndefined();
    expect((await again.vault.texts(siyliq, item!)).map(({ field }) => field)).toEqual(['phone']);
    expect(await postgres.rows('SELECT FROM depter.shreds UNION ALL SELECT FROM depter.destructions')).toEqual([]);
    await postgres.close();
    await again.close();
    await place.remove();
  });

  test('a value that comes after the keys went stays, and one of before is not kept from then on', async () => {
    const place = await makePlace();
    const store = await place.open(options());
    const group = [collected('1', 'A', { values: { name: 'A' } }), collected('2', 'A')];
    const subject = recorded((await store.ledger.record(siyliq, group))[0]).subject!;
    const postgres = new Postgres({ url: place.postgres });
    // As an action does that is accepted in that moment.
    await postgres.run('CREATE TABLE depter.came (marked bigint)');
    await postgres.run(`CREATE FUNCTION depter.come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.run::json->>'state' = 'shredded' THEN
        INSERT INTO depter.came SELECT count(*) FROM depter.destroyed_items;
        INSERT INTO depter.sealed SELECT e.seq, 'name',
          decode(translate(NEW.run::json->'erased'->0->>'wholeKey', '-_', '+/') || '==', 'base64'), decode('00', 'hex')
          FROM depter.events e WHERE e.type = 'collected' AND NOT EXISTS (SELECT FROM depter.sealed s WHERE s.seq = e.seq);
      END IF;
      RETURN NEW;
    END $$`);
    await postgres.run(
      'CREATE TRIGGER come AFTER UPDATE ON depter.destructions FOR EACH ROW EXECUTE FUNCTION depter.come()',
    );
    const act = { kind: 'own', name: 'destroyed', subject, by: null, at: '2026-03-01T10:00:00.000Z', data: { items: ['name'], method: 'erase' } } as const; // prettier-ignore
    await store.destructions.destroy(siyliq, { act: { ...act, data: { ...act.data, items: ['name'] } }, dossiers: [subject] }); // prettier-ignore
    expect(await postgres.rows('SELECT marked FROM depter.came')).toEqual([{ marked: 1 }]);
    expect(await postgres.rows(`SELECT box FROM depter.sealed WHERE label = 'name'`)).toEqual([
      { box: Buffer.from([0]) },
    ]);
    await postgres.close();
    await store.close();
    await place.remove();
  });
});
