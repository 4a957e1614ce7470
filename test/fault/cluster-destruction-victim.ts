/**
 * A program that destroys a person or an item of theirs in a database, and is there to be killed. It runs on its own, the way
 * Node runs TypeScript, on the built libraries.
 *
 *   node test/fault/cluster-destruction-victim.ts POSTGRES DIR SUBJECT EVENT ITEMS AT
 *
 * DIR has the root key; ITEMS is `all` or ids with commas.
 */
import { controllerId, subjectRef, type EventId } from '#ledger';
import { Clock, FileRootKey, openCluster } from '#store';

const [postgres = '', dir = '', subject = '', event = '', items = 'all', at = ''] = process.argv.slice(2);

class StandingClock extends Clock {
  override now(): number {
    return Date.parse(at);
  }
}

const rules = { has: () => true, all: () => [] };
const store = await openCluster({
  postgres,
  rootKey: FileRootKey.open(dir),
  origin: 'depter.example',
  clock: new StandingClock(),
  rulebookFor: () => rules,
});
const person = subjectRef(subject)!;
await store.destructions.destroy(controllerId('kz.autosiyliq')!, {
  act: {
    kind: 'own', name: 'destroyed', event: event as EventId, subject: person, by: null, at,
    data: { items: items === 'all' ? items : items.split(','), method: 'erase' },
  },
  dossiers: [person],
}); // prettier-ignore
await store.close();
