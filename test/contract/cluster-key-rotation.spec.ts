import { describe, expect, test } from '@jest/globals';
import { parseNote } from '#proof';
import { collected } from './actions.js';
import { clusterPlaces } from './cluster-place.js';
import { options, siyliq } from './engine.js';
import { keyRotationContract } from './key-rotation-contract.js';
import { recorded } from './ledger-contract.js';

describe('rotation of a log key in a database', () => {
  const makePlace = clusterPlaces();
  keyRotationContract(makePlace);

  test('beside a server that goes on sequencing: from then on every head is signed by both', async () => {
    const place = await makePlace();
    const server = await place.open(options());
    await server.ledger.record(siyliq, [collected('0', 'A')]);
    const command = await place.open(options(), { sequences: false });
    const writing = Array.from({ length: 40 }, (_, i) =>
      server.ledger.record(siyliq, [collected(`w-${i}`, 'A')], { receipts: true, wait: true }),
    );
    await command.log.rotateKey(siyliq, options().clock.now() + 86_400_000);
    const sizeThen = await command.ledger.size(siyliq);
    await command.close();
    await Promise.all(writing);
    const [last] = await server.ledger.record(siyliq, [collected('last', 'A')], { receipts: true });
    const { position, receipt } = recorded(last);
    expect(position).toBe(41);
    expect(sizeThen).toBeLessThanOrEqual(41);
    const heads = [(await server.log.checkpoint(siyliq, 1))!, receipt!.slice(receipt!.indexOf('\n\n') + 2)];
    for (const head of heads) {
      const note = parseNote(head);
      expect(note.ok && note.value.signatures.length).toBe(2);
    }
    expect(server.health().ready).toBe(true);
    await server.close();
    await place.remove();
  });
});
