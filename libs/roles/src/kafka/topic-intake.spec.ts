import { describe, expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import type { ControllerId } from '#ledger';
import { StoreFailure } from '#store';
import type { ActionAnswer } from '../intake/answer.js';
import type { Taking } from './batch.js';
import type { SureProducer } from './sure-producer.js';
import { TopicIntake } from './topic-intake.js';

/** What a topic does with the texts of a group; no broker is asked for that. */
function takingOf(record: (texts: readonly Uint8Array[]) => Promise<readonly ActionAnswer[]>): Taking {
  const intake = new TopicIntake({} as Kafka, 'kz.autosiyliq' as ControllerId, {} as SureProducer, record);
  return (intake as unknown as { taking: (partition: number) => Taking }).taking(0);
}

const texts = ['one', 'bug', 'two'].map((text) => new TextEncoder().encode(text));
const conflict: ActionAnswer = { status: 'refused', code: 'conflict' };

describe('a group that cannot be recorded', () => {
  it('is asked again where the store failed', async () => {
    let asked = 0;
    const { record } = takingOf((some) => {
      asked += 1;
      if (asked === 1) return Promise.reject(new StoreFailure('unavailable', 'the disk is full', true));
      return Promise.resolve(some.map(() => conflict));
    });
    expect(await record(texts, () => false)).toEqual([conflict, conflict, conflict]);
    expect(asked).toBe(2);
  });

  it('is taken one by one where the fault is ours, and the message alone is refused', async () => {
    const { record } = takingOf((some) => {
      if (some.some((text) => new TextDecoder().decode(text) === 'bug'))
        return Promise.reject(new TypeError('a fault'));
      return Promise.resolve(some.map(() => conflict));
    });
    expect(await record(texts, () => false)).toEqual([
      conflict,
      { status: 'refused', code: 'malformed', pointer: '' },
      conflict,
    ]);
  });
});
