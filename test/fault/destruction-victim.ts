/**
 * A program that destroys a person or an item of theirs, and is there to be killed at a moment of it. It runs on its own,
 * the way Node runs TypeScript, on the built libraries.
 *
 *   node test/fault/destruction-victim.ts DIR SUBJECT EVENT ITEMS AT [MOMENT]
 *
 * ITEMS is `all` or ids with commas. Says `destroying`, and what became of it if it comes so far.
 */
import { writeSync } from 'node:fs';
import { controllerId, subjectRef, type EventId } from '#ledger';
import { Clock, openEmbedded, type RunMoment } from '#store';

class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

const [dir = '', subject = '', event = '', items = 'all', at = '', moment] = process.argv.slice(2);
const controller = controllerId('kz.autosiyliq')!;
const rules = { has: () => true, all: () => [] };
const store = await openEmbedded({
  dir,
  clock: new SystemClock(),
  rulebookFor: () => rules,
  role: 'victim',
  ...(moment === undefined ? {} : { stallAt: moment as RunMoment }),
});
const person = subjectRef(subject)!;
writeSync(1, 'destroying\n');
try {
  const done = await store.destructions.destroy(controller, {
    act: {
      kind: 'own', name: 'destroyed', event: event as EventId, subject: person, by: null, at,
      data: { items: items === 'all' ? items : items.split(','), method: 'erase' },
    },
    dossiers: [person],
  }); // prettier-ignore
  writeSync(1, `${JSON.stringify(done)}\n`);
} catch (failure) {
  writeSync(1, `${JSON.stringify({ failed: (failure as { code?: string }).code ?? String(failure) })}\n`);
}
await store.close();
