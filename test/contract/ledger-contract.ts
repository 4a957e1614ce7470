/** What every ledger keeps, whatever engine it is on (the laws in `ports.ts`). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decode, encode, type Position, type LogEntry } from '#ledger';
import { StoreFailure, type Outcome } from '#store';
import { action, collected } from './actions.js';
import { options, siyliq, somo, StandingClock, unknown, type Engine, type MakePlace, type Place } from './engine.js';
import { textsBehind } from './texts-behind.js';

export function recorded(outcome: Outcome | undefined): Extract<Outcome, { kind: 'recorded' }> {
  if (outcome?.kind !== 'recorded') throw new Error(`expected recorded, got ${outcome?.kind}`);
  return outcome;
}

export function ledgerContract(makePlace: MakePlace): void {
  let place: Place;
  let store: Engine;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open(options());
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  const record = (...actions: Parameters<typeof store.ledger.record>[1]): Promise<Outcome[]> =>
    store.ledger.record(siyliq, actions);
  const all = (): Promise<readonly LogEntry[]> => store.ledger.entries(siyliq, 0, 10_000);

  describe('recording', () => {
    test('the bytes read are the bytes stored, and decode to what encodes to them', async () => {
      const [outcome] = await store.ledger.record(siyliq, [collected('1', 'A')], { receipts: true });
      const { entry, event, position } = recorded(outcome);
      const [read] = await all();
      expect(Buffer.from(read!.entry).equals(entry!)).toBe(true);
      expect(Buffer.from(encode(decode(read!.entry))).equals(entry!)).toBe(true);
      expect(read).toMatchObject({
        position,
        event: { id: event, type: 'collected', recorded: '2026-03-01T10:00:00.000Z' },
      });
      expect((await store.ledger.event(siyliq, event))!.entry).toEqual(read!.entry);
    });

    test('outcomes stand in the order of the actions, positions have no gap', async () => {
      const outcomes = await record(...['a', 'b', 'c'].map((id) => collected(id, id)));
      expect(outcomes.map((outcome) => recorded(outcome).position)).toEqual([0, 1, 2]);
      expect((await all()).map(({ event }) => event.id)).toEqual(outcomes.map((outcome) => recorded(outcome).event));
      expect(await store.ledger.size(siyliq)).toBe(3);
    });

    test('positions have no gap where many record at once, and larger calls are kept in order', async () => {
      const calls = Array.from({ length: 40 }, (_, call) =>
        record(...Array.from({ length: call % 7 === 0 ? 90 : 3 }, (_, i) => collected(`${call}/${i}`, `P${i % 11}`))),
      );
      const outcomes = await Promise.all(calls);
      for (const call of outcomes) {
        const positions = call.map((outcome) => recorded(outcome).position);
        expect(positions).toEqual([...positions].sort((a, b) => a - b));
      }
      const positions = outcomes.flat().map((outcome) => recorded(outcome).position);
      expect(positions.sort((a, b) => a - b)).toEqual(positions.map((_, i) => i));
      expect(await store.ledger.size(siyliq)).toBe(positions.length);
      expect((await all()).map(({ position }) => position)).toEqual(positions);
    });

    test('an action that no event can be made of fails alone', async () => {
      const broken = { ...collected('b', 'B'), data: undefined } as unknown as ReturnType<typeof collected>;
      const outcomes = await record(collected('a', 'A'), broken, collected('c', 'C'));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['recorded', 'unwritable', 'recorded']);
      expect((await record(broken)).map(({ kind }) => kind)).toEqual(['unwritable']);
      expect(await store.ledger.size(siyliq)).toBe(2);
    });

    test('nothing to record is nothing', async () => {
      expect(await record()).toEqual([]);
      expect(await store.ledger.size(siyliq)).toBe(0);
    });

    test('a controller without packs is refused, and has nothing', async () => {
      await expect(store.ledger.record(unknown, [collected('1', 'A')])).rejects.toMatchObject({ code: 'unavailable' });
      expect(await store.ledger.size(unknown)).toBe(0);
    });

    test('the events of one action stand together, or not at all', async () => {
      const about = collected('1', 'A', {
        describes: { phone: { phone: '+77010000001' } },
        values: { phone: '+77010000001' },
      });
      const [outcome] = await record(about);
      expect(recorded(outcome).position).toBe(0);
      expect(await store.ledger.size(siyliq)).toBe(2);
      const [again] = await record(about);
      expect(again).toEqual({
        kind: 'repeated',
        event: recorded(outcome).event,
        position: 0,
        subject: recorded(outcome).subject,
      });
      expect(await store.ledger.size(siyliq)).toBe(2);
    });

    test('numbers that Depter makes are recorded: of a request without one, and of a person described', async () => {
      const describes = { phone: { phone: '+77010000001' } };
      const person = { client: 'A' };
      const outcomes = await record(
        action({ id: '1', type: 'withdrew', data: { person, parts: 'all' } }),
        action({ id: '2', type: 'disputed', data: { person, items: ['phone'], describes } }),
        action({
          id: '3',
          type: 'ceded',
          data: { person, items: ['phone'], contract: 'L-1', to: 'kz.new', describes },
        }),
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(['recorded', 'recorded', 'recorded']);
      const contact = await store.ledger.find(siyliq, [{ kind: 'phone', value: '+77010000001' }]);
      const texts = [...(await textsBehind(store.vault, siyliq, contact!)).values()];
      expect(texts).not.toHaveLength(0);
      for (const text of texts) expect(text).not.toMatchObject({ value: expect.stringContaining('L-1') });
    });

    test('recorded never goes back, though the clock does', async () => {
      await store.close();
      const clock = new StandingClock('2026-03-01T10:00:00Z');
      store = await place.open(options({ clock }));
      await record(collected('1', 'A'));
      clock.ms -= 60_000;
      await record(collected('2', 'A'));
      const [first, second] = await all();
      expect(second!.event.recorded >= first!.event.recorded).toBe(true);
    });
  });

  describe('repeats', () => {
    test('the same action is repeated with the first event and position', async () => {
      const [first] = await record(collected('1', 'A'));
      const [again] = await record(collected('1', 'A'));
      const { event, position, subject } = recorded(first);
      expect(again).toEqual({ kind: 'repeated', event, position, subject });
      expect(await store.ledger.size(siyliq)).toBe(1);
    });

    test('within one call, and in calls at once', async () => {
      const within = await record(
        collected('1', 'A'),
        collected('1', 'A'),
        collected('2', 'A'),
        collected('1', 'A', { purposes: ['marketing'] }),
      );
      expect(within.map(({ kind }) => kind)).toEqual(['recorded', 'repeated', 'recorded', 'conflict']);
      const atOnce = await Promise.all(Array.from({ length: 20 }, () => record(collected('3', 'B'))));
      expect(atOnce.flat().filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
      expect(new Set(atOnce.flat().map((outcome) => ('position' in outcome ? outcome.position : -1)))).toEqual(
        new Set([2]),
      );
      expect(await store.ledger.size(siyliq)).toBe(3);
    });

    test('other content is a conflict: other data, another person, another type, another time', async () => {
      await record(collected('1', 'A'));
      const others = [
        collected('1', 'A', { note: 'other' }),
        collected('1', 'B'),
        action({ id: '1', type: 'contracted', data: { person: { client: 'A' }, contract: 'K' } }),
        action({ ...fields('1', 'A'), time: '2026-02-02T10:15:01+05:00' }),
      ];
      expect(await record(...others)).toEqual(others.map(() => ({ kind: 'conflict' })));
      expect(await store.ledger.size(siyliq)).toBe(1);
      expect(await store.ledger.find(siyliq, [{ kind: 'client', value: 'B' }])).toBeUndefined();
    });

    test('the same id of another source is another action', async () => {
      const outcomes = await record(collected('1', 'A'), action({ ...fields('1', 'A'), source: 'urn:other' }));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['recorded', 'recorded']);
    });

    test('after opening again', async () => {
      const [first] = await record(collected('1', 'A'));
      await store.close();
      store = await place.open(options());
      const outcomes = await record(collected('1', 'A'), collected('1', 'A', { note: 'x' }));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['repeated', 'conflict']);
      expect(outcomes[0]).toMatchObject({ position: recorded(first).position, subject: recorded(first).subject });
    });
  });

  describe('the matters of a controller', () => {
    test('are its own events, with corrections of them wherever they lie', async () => {
      const published = action({ id: 'p', type: 'published', data: { edition: 'one' } });
      const wrong = { event: { source: 'urn:test', id: 'p' }, reason: 'another edition' };
      const corrected = action({ id: 'c', type: 'corrected', data: { person: { client: 'A' }, ...wrong } });
      await record(published, corrected, collected('1', 'A'));
      const matters = await store.ledger.matters(siyliq);
      expect(matters.controller.map(({ event }) => event.type)).toEqual(['published']);
      expect(matters.corrections?.map(({ position }) => position)).toEqual([1]);
      expect(matters.listed.size).toBe(0);
      expect((await store.ledger.matters(somo)).controller).toEqual([]);
    });
  });

  describe('controllers are apart', () => {
    test('same ids, same people, nothing in common', async () => {
      const [here] = await record(collected('1', 'A'));
      const [there] = await store.ledger.record(somo, [action({ ...fields('1', 'A'), controller: somo })]);
      const [a, b] = [recorded(here), recorded(there)];
      expect(b.position).toBe(0);
      expect(b.event).not.toBe(a.event);
      expect(b.subject).not.toBe(a.subject);
      expect(await store.ledger.person(somo, a.subject!)).toBeUndefined();
      expect(await store.ledger.event(somo, a.event)).toBeUndefined();
      expect(await store.ledger.accesses(somo, a.subject!)).toEqual([]);
      expect(await store.ledger.entries(somo, 0, 10)).toHaveLength(1);
      expect(await store.vault.texts(somo, a.subject!)).toEqual([]);
      expect(await store.vault.identifiers(somo, a.subject!)).toEqual([]);
    });
  });

  describe('following', () => {
    test('what is there, then what comes, until the signal', async () => {
      await record(collected('1', 'A'), collected('2', 'A'));
      const stop = new AbortController();
      const seen: Position[] = [];
      const following = (async () => {
        for await (const batch of store.ledger.follow(siyliq, 1, stop.signal)) {
          seen.push(...batch.map(({ position }) => position));
          if (seen.length === 4) stop.abort();
        }
      })();
      await record(collected('3', 'A'));
      await record(collected('4', 'A'), collected('5', 'A'));
      await following;
      expect(seen).toEqual([1, 2, 3, 4]);
    });

    test('a follower of a log that nothing was written to wakes with its first entry', async () => {
      const stop = new AbortController();
      const first = store.ledger.follow(siyliq, 0, stop.signal)[Symbol.asyncIterator]().next();
      await record(collected('1', 'A'));
      expect((await first).value).toHaveLength(1);
      stop.abort();
    });
  });

  describe('a full queue', () => {
    test('refuses at once, or waits where asked; what was taken is recorded', async () => {
      await store.close();
      store = await place.open(options({ limits: { queuedActions: 50 } }));
      const call = (n: number) => Array.from({ length: 40 }, (_, i) => collected(`${n}/${i}`, 'A'));
      const first = store.ledger.record(siyliq, call(1));
      const second = store.ledger.record(siyliq, call(2));
      const third = store.ledger.record(siyliq, call(3), { wait: true });
      await expect(second).rejects.toMatchObject({ name: 'StoreFailure', code: 'overloaded', retryable: true });
      expect(await first).toHaveLength(40);
      expect(await third).toHaveLength(40);
      expect(await store.ledger.size(siyliq)).toBe(80);
    });
  });

  describe('closing', () => {
    test('answers what was taken, refuses what comes, and gives it all back when opened again', async () => {
      const taken = record(...Array.from({ length: 300 }, (_, i) => collected(`${i}`, `P${i % 7}`)));
      const turn = new Promise((resolve) => setTimeout(resolve, 0));
      await turn;
      const closing = store.close();
      await expect(record(collected('late', 'A'))).rejects.toBeInstanceOf(StoreFailure);
      expect(await taken).toHaveLength(300);
      await closing;
      store = await place.open(options());
      expect(await store.ledger.size(siyliq)).toBe(300);
      expect(store.health()).toMatchObject({ ready: true, queued: 0, logs: [{ controller: siyliq, size: 300 }] });
    });
  });
}

function fields(id: string, client: string) {
  return {
    id,
    type: 'collected',
    data: {
      person: { client },
      items: ['name', 'phone'],
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
      consent: `C-${client}`,
    },
  };
}
