/** What the eraser remembers of what is owed, whatever fails and whoever else records. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Controllers } from '#host';
import type { ControllerId, EventId, SubjectRef } from '#ledger';
import { Clock, Destructions, StoreFailure, type Following, type Ledger, type Owed } from '#store';
import { collected, consented, F, Told } from '../../../ledger/testdata/acts.js';
import { rulebookOf } from '../../../ledger/testdata/packs.js';
import { Eraser } from './eraser.js';

const rulebook = rulebookOf('kz.autosiyliq');
const CONTROLLER = rulebook.controller as ControllerId;

class StandingClock extends Clock {
  override now(): number {
    return Date.parse('2026-03-01T10:00:00Z');
  }
}

/** Owes what is given, until it is followed. */
class OwedOnes extends Destructions {
  readonly followed: Following[] = [];
  readonly reads: number[] = [];
  refusing = 0;
  grown = 0;
  /** What is followed is followed when this has come. */
  until: Promise<void> = Promise.resolve();
  isOthers = false;
  left: Owed[];

  constructor(...left: Owed[]) {
    super();
    this.left = left;
  }

  override async follow(_controller: ControllerId, people: readonly Following[]): Promise<readonly SubjectRef[]> {
    await this.until;
    if (this.refusing-- > 0) throw new StoreFailure('unavailable', 'the disk is away', true);
    if (this.grown-- > 0) return people.map(({ person }) => person);
    this.followed.push(...people);
    this.left = this.left.filter(({ event }) => !people.some(({ facts }) => facts.includes(event)));
    return [];
  }
  override async owed(_controller: ControllerId, from: number): Promise<readonly Owed[]> {
    this.reads.push(from);
    return this.left.filter(({ position }) => position >= from);
  }
  override async alone<T>(_controller: ControllerId, work: () => Promise<T>): Promise<T | undefined> {
    return this.isOthers ? undefined : work();
  }
  override destroy(): never {
    throw new Error('nobody orders');
  }
  override commandId(): never {
    throw new Error('nobody orders');
  }
}

/** So many people, of each of whom somebody reported that an item was destroyed; of `failing` none can be read. */
function owingMany(people: number) {
  const told = new Told(rulebook, []);
  const ones = Array.from({ length: people }, (_, n) => {
    const person = { client: `A-${n}` };
    told.tell(['2026-02-02', 'collected', { person, items: ['email'], origin: { kind: 'subject' }, purposes: ['loan'], basis: 'consent' }]); // prettier-ignore
    const event = told.tell(['2026-02-04', 'destroyed', { person, items: ['email'], method: 'erase' }]) as EventId;
    return { event, subject: told.ledger.subject(person), position: told.ledger.log.length - 1 };
  });
  const records = new Map(ones.map(({ subject }) => [subject, told.ledger.person(subject)]));
  const failing = new Set<SubjectRef>();
  const asked = new Set<SubjectRef>();
  const ledger = {
    person: async (_: ControllerId, one: SubjectRef) => {
      asked.add(one);
      if (failing.has(one)) throw new StoreFailure('unavailable', 'the disk is away', true);
      return records.get(one);
    },
  };
  const owed = new OwedOnes(...ones);
  const controllers = new Controllers(new Map([[CONTROLLER, rulebook]]), '');
  const eraser = new Eraser(ledger as unknown as Ledger, owed, controllers, new StandingClock());
  return { ones, owed, eraser, failing, asked };
}

/** A person of whom somebody reported that an item was destroyed, while a hold runs or not. */
function owing(isHeld = false) {
  const told = new Told(rulebook, [consented('2026-02-02', ['loan']), collected('2026-02-02', ['email'], ['loan'])]);
  if (isHeld) told.tell(['2026-02-03', 'held', { authority: 'kz.court' }]);
  const event = told.tell(['2026-02-04', 'destroyed', { items: ['email'], method: 'erase' }]) as EventId;
  const subject = told.ledger.subject(F);
  const owed = new OwedOnes({ event, subject, position: told.ledger.log.length - 1 });
  const ledger = { person: (_: ControllerId, one: SubjectRef) => Promise.resolve(told.ledger.person(one)) };
  const controllers = new Controllers(new Map([[CONTROLLER, rulebook]]), '');
  const eraser = new Eraser(ledger as unknown as Ledger, owed, controllers, new StandingClock());
  return { told, event, subject, owed, eraser };
}

describe('the eraser', () => {
  test('says what it read of the person, so that nothing that came since is lost', async () => {
    const { event, subject, owed, eraser, told } = owing();
    await eraser.settle(CONTROLLER);
    const events = told.ledger.log.length;
    expect(owed.followed).toMatchObject([{ person: subject, facts: [event], expecting: new Map([[subject, events]]) }]);
  });

  test('judges those at once again who have grown meanwhile', async () => {
    const { event, subject, owed, eraser } = owing();
    owed.grown = 2;
    await eraser.settle(CONTROLLER);
    expect(owed.followed).toMatchObject([{ person: subject, facts: [event] }]);
  });

  test('forgets nothing where the store fails', async () => {
    const { event, subject, owed, eraser, told } = owing(true);
    await eraser.settle(CONTROLLER);
    expect(owed.followed).toEqual([]);
    told.tell(['2026-02-05', 'released', {}]);
    expect(eraser.waitsFor(CONTROLLER, [subject])).toBe(true);
    owed.refusing = 1;
    await eraser.settle(CONTROLLER);
    expect(owed.left).toHaveLength(1);
    await eraser.settle(CONTROLLER);
    expect(owed.followed).toMatchObject([{ facts: [event] }]);
    expect(eraser.waitsFor(CONTROLLER, [subject])).toBe(false);
  });

  test('ends no run while those who were judged before a failure are being followed', async () => {
    const { ones, owed, eraser, failing, asked } = owingMany(201);
    const last = ones.at(-1)!;
    failing.add(last.subject);
    const { promise, resolve } = Promise.withResolvers<void>();
    owed.until = promise;
    let isEnded = false;
    const run = eraser.settle(CONTROLLER).then(() => void (isEnded = true));
    for (let turns = 0; turns < 10_000 && !asked.has(last.subject); turns++) await nextTurn();
    expect(asked.has(last.subject)).toBe(true);
    await nextTurn();
    expect(isEnded).toBe(false);
    resolve();
    await run;
    expect(owed.left).toEqual([last]);
    failing.clear();
    await eraser.settle(CONTROLLER);
    expect(owed.left).toEqual([]);
    expect(owed.followed.map(({ person }) => person)).toEqual(ones.map(({ subject }) => subject));
  });

  test('of a feed into a folder gathers what it reports, and follows it at the end or when somebody waits', async () => {
    const { event, owed, eraser } = owing();
    for (let group = 0; group < 100; group++) await eraser.settle(CONTROLLER, false);
    expect(owed.followed).toHaveLength(0);
    await eraser.finish();
    const [first] = owed.followed;
    expect(owed.followed).toHaveLength(1);
    owed.left = [{ event, subject: first!.person, position: 5 }];
    await eraser.settle(CONTROLLER, false);
    expect(owed.followed).toHaveLength(1);
    await eraser.settle(CONTROLLER);
    expect(owed.followed).toHaveLength(2);
  });

  describe('by itself', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    /** Of one that has followed what was owed, and is owed more since. */
    async function owingAgain() {
      const { event, owed, eraser } = owing();
      await eraser.settle(CONTROLLER);
      expect(owed.followed).toHaveLength(1);
      const [first] = owed.followed;
      const oweMore = (): void => void (owed.left = [{ event, subject: first!.person, position: 5 }]);
      return { owed, eraser, oweMore };
    }

    test('follows what a stream reported while it rested', async () => {
      const { owed, eraser, oweMore } = await owingAgain();
      eraser.onApplicationBootstrap();
      await eraser.settle(CONTROLLER);
      oweMore();
      await eraser.settle(CONTROLLER, false);
      expect(owed.followed).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(10_000);
      expect(owed.followed).toHaveLength(2);
      await eraser.beforeApplicationShutdown();
    });

    test('follows nothing that nobody waits for while a flood lasts, but after five minutes of it', async () => {
      const { owed, eraser, oweMore } = await owingAgain();
      eraser.onApplicationBootstrap();
      await eraser.settle(CONTROLLER);
      oweMore();
      const flood = async (seconds: number): Promise<void> => {
        for (let second = 0; second < seconds; second++) {
          await eraser.settle(CONTROLLER, false);
          await jest.advanceTimersByTimeAsync(1000);
        }
      };
      await flood(290);
      expect(owed.followed).toHaveLength(1);
      await flood(20);
      expect(owed.followed).toHaveLength(2);
      await eraser.beforeApplicationShutdown();
    });

    test('finds within two minutes what another process has recorded', async () => {
      const { event, owed, eraser, told } = owing(true);
      eraser.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(2000);
      expect(owed.reads.length).toBeGreaterThan(0);
      told.tell(['2026-02-05', 'released', {}]);
      await jest.advanceTimersByTimeAsync(120_000);
      expect(owed.followed).toMatchObject([{ facts: [event] }]);
      await eraser.beforeApplicationShutdown();
    });

    test.each([
      ['goes on when the other ends', 60_000, true],
      ['goes on without it when it never ends', 700_000, false],
    ])('leaves to another process what it is at, and %s', async (_, ms, ends) => {
      const { owed, eraser, oweMore } = await owingAgain();
      owed.isOthers = true;
      eraser.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(2000);
      oweMore();
      await eraser.settle(CONTROLLER, false);
      await jest.advanceTimersByTimeAsync(60_000);
      expect(owed.followed).toHaveLength(1);
      owed.isOthers = !ends;
      await jest.advanceTimersByTimeAsync(ms);
      expect(owed.followed).toHaveLength(2);
      await eraser.beforeApplicationShutdown();
    });
  });

  test('lets nobody who waits wait for another process', async () => {
    const { event, owed, eraser } = owing();
    owed.isOthers = true;
    await eraser.settle(CONTROLLER);
    expect(owed.followed).toMatchObject([{ facts: [event] }]);
  });
});
