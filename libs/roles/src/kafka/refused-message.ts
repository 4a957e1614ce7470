/** What is told of a refused message: where it stands and why it was refused, never what was in it. */
import type { Message } from 'kafkajs';
import { z } from 'zod';
import { PROBLEM_CODES } from '#host';
import type { RefusedAnswer } from '../intake/answer.js';

/** Coordinates and code (`wire.md`, On Kafka). */
export const REFUSED = z.strictObject({
  topic: z.string().meta({ description: 'The topic of the refused message.' }),
  partition: z.int().nonnegative(),
  offset: z.string().regex(/^\d+$/).meta({ description: 'A decimal number: it may pass 2^53.' }),
  code: z.enum(PROBLEM_CODES as [string, ...string[]]),
  pointer: z.string().meta({ description: "JSON Pointer from the action's own root; empty: the whole." }),
});
export type Refused = Readonly<z.infer<typeof REFUSED>>;

export const REFUSED_TYPE = 'depter.refused.v1';

/** The message, a CloudEvent in binary mode. The same refusal has the same id, however often it is told. */
export function refusedMessage(
  place: { readonly topic: string; readonly partition: number; readonly offset: string },
  { code, pointer = '' }: RefusedAnswer,
): Message {
  const { topic, partition, offset } = place;
  const refused: Refused = { topic, partition, offset, code, pointer };
  return {
    key: `${topic}/${partition}`,
    value: JSON.stringify(refused),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_type: REFUSED_TYPE,
      ce_source: `/kafka/${topic}`,
      ce_id: `${partition}/${offset}`,
    },
  };
}
