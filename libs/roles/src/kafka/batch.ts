/** One batch of messages of one partition: recorded in groups, each committed only after it is recorded. */
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ActionAnswer, RefusedAnswer } from '../intake/answer.js';
import { actionText } from './message.js';

/** A group of the store's accepting transaction (`design.md`). */
const GROUP_MESSAGES = 500;
const GROUP_BYTES = 512 * 1024;
/** A group keeps its place in the consumer group by saying so this often, in milliseconds. */
const HEARTBEAT_MS = 1_000;

export interface Taking {
  /** Judges and records the texts of actions; undefined where it was stopped before they were recorded. */
  readonly record: (
    texts: readonly Uint8Array[],
    stopped: () => boolean,
  ) => Promise<readonly ActionAnswer[] | undefined>;
  /** Tells of refused messages; resolves when that is durable. */
  readonly refuse: (refused: readonly { readonly offset: string; readonly answer: RefusedAnswer }[]) => Promise<void>;
}

/** The part of kafkajs's payload that is used. */
export type Batch = Pick<
  EachBatchPayload,
  'batch' | 'heartbeat' | 'isRunning' | 'isStale' | 'resolveOffset' | 'commitOffsetsIfNecessary'
>;

/**
 * Takes in a batch. A group whose offsets could not be committed comes again, to us or to another, and is known by the
 * ids of its actions. Throws what the client throws; it joins the group again then.
 */
export async function takeBatch(payload: Batch, taking: Taking): Promise<void> {
  const { batch, isRunning, isStale, heartbeat, resolveOffset, commitOffsetsIfNecessary } = payload;
  const stopped = (): boolean => !isRunning() || isStale();
  for (const group of groupsOf(batch.messages)) {
    if (stopped()) return;
    if (!(await beating(takeGroup(group, taking, stopped), heartbeat))) return;
    const last = group.at(-1)!.offset;
    resolveOffset(last);
    const offset = String(BigInt(last) + 1n);
    await commitOffsetsIfNecessary({
      topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }],
    });
    await heartbeat();
  }
}

/** False where it was stopped before all was recorded. */
async function takeGroup(group: readonly KafkaMessage[], taking: Taking, stopped: () => boolean): Promise<boolean> {
  const read = group.map(actionText);
  const texts = read.flatMap((one) => (one.kind === 'text' ? [one.text] : []));
  const answers = texts.length === 0 ? [] : await taking.record(texts, stopped);
  if (answers === undefined) return false;
  let next = 0;
  const refused = group.flatMap(({ offset }, i) => {
    const one = read[i]!;
    const answer = one.kind === 'refused' ? one.answer : answers[next++]!;
    return answer.status === 'refused' ? [{ offset, answer }] : [];
  });
  if (refused.length > 0) await taking.refuse(refused);
  return true;
}

export function* groupsOf(messages: readonly KafkaMessage[]): Generator<readonly KafkaMessage[]> {
  let from = 0;
  let bytes = 0;
  for (const [at, { value }] of messages.entries()) {
    const size = value?.length ?? 0;
    if (at > from && (at - from >= GROUP_MESSAGES || bytes + size > GROUP_BYTES)) {
      yield messages.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < messages.length) yield messages.slice(from);
}

/**
 * Says while the work lasts that we are still there. Where the group has gone on without us the work is still ended: it
 * is lost on nobody, and committing it is refused.
 */
async function beating<T>(work: Promise<T>, heartbeat: () => Promise<void>): Promise<T> {
  const ended = work.then(
    () => true,
    () => true,
  );
  for (;;) {
    const { promise: beat, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), HEARTBEAT_MS);
    const isOver = await Promise.race([ended, beat]);
    clearTimeout(timer);
    if (isOver) return work;
    await heartbeat().catch(() => undefined);
  }
}
