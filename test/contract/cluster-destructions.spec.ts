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
});
