/** A process that sequences does not start on a database whose log does not hold. */
import { expect, test } from '@jest/globals';
import { Postgres } from '#store';
import { collected } from './actions.js';
import { clusterPlaces } from './cluster-place.js';
import { options, siyliq } from './engine.js';

const makePlace = clusterPlaces();

test('an entry that is not what it was is named, and nothing is opened', async () => {
  const place = await makePlace();
  const store = await place.open(options());
  await store.ledger.record(siyliq, [collected('1', 'A'), collected('2', 'B'), collected('3', 'C')]);
  await store.close();
  const database = new Postgres({ url: place.postgres });
  // It takes back what it did when it runs again.
  const turn = () =>
    database.run(
      `UPDATE depter.events SET entry = set_byte(entry, 9, 255 - get_byte(entry, 9))
        WHERE seq = (SELECT seq FROM depter.placed WHERE position = 1)`,
    );
  expect(await turn()).toBe(1);
  await expect(place.open(options())).rejects.toMatchObject({
    code: 'corrupt',
    message: `the store is damaged: log ${siyliq}/1, entry 1`,
  });
  await turn();
  await database.close();
  const again = await place.open(options());
  expect(await again.ledger.size(siyliq)).toBe(3);
  await again.close();
  await place.remove();
}, 60_000);
