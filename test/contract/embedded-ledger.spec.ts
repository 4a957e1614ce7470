import { describe, expect, test } from '@jest/globals';
import { collected } from './actions.js';
import { embeddedPlace } from './embedded-place.js';
import { options, siyliq } from './engine.js';
import { ledgerContract } from './ledger-contract.js';
import { peopleContract } from './people-contract.js';

describe('the embedded ledger', () => {
  ledgerContract(embeddedPlace);
  peopleContract(embeddedPlace);

  test('a person of whom nothing came is the same record, so that it is folded once', async () => {
    const place = await embeddedPlace();
    const store = await place.open(options());
    const { ledger } = store;
    try {
      await ledger.record(siyliq, [collected('1', 'A')]);
      const subject = (await ledger.find(siyliq, [{ kind: 'client', value: 'A' }]))!;
      const first = (await ledger.person(siyliq, subject))!;
      await ledger.record(siyliq, [collected('2', 'B')]);
      expect(await ledger.person(siyliq, subject)).toBe(first);
      await ledger.record(siyliq, [collected('3', 'A')]);
      const second = (await ledger.person(siyliq, subject))!;
      expect(second.dossiers[0]!.events).toHaveLength(2);
      expect(await ledger.person(siyliq, subject)).toBe(second);
    } finally {
      await store.close();
      await place.remove();
    }
  });
});
