import { z } from 'zod';
import { ACTIONS, isDay, readInstant } from '#ledger';

const { items, purposes, recipient } = ACTIONS.transferred.shape;

const common = {
  person: ACTIONS.linked.shape.other,
  items,
  purposes,
  medium: z.enum(['electronic', 'paper']).optional(),
  /** A local date, meaning its end, or an instant. */
  at: z.string().refine((text) => isDay(text) || readInstant(text) !== undefined),
};

/** What is asked before acting (`wire.md`, Commands): a transfer has a recipient, and nothing else has one. */
export const QUESTION = z.discriminatedUnion('do', [
  z.strictObject({ ...common, do: z.literal('transfer'), recipient }),
  z.strictObject({ ...common, do: z.literal('use') }),
  z.strictObject({ ...common, do: z.literal('collect') }),
]);
