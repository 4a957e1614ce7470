/**
 * What Depter tells of a log: CloudEvents for `depter.events.v1.<controller>`. They hold ids of packs, references and
 * dates, nothing that an emitter typed and nothing of the vault: an unlisted id is told as `unlisted`.
 */
import { z } from 'zod';
import { ORDERS, type ControllerId } from '#ledger';
import { DUTIES } from '#packs';

const reference = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .meta({ description: 'An id of a pack, or `unlisted`.' });
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .meta({ format: 'date' });
const word = z.string().regex(/^[a-z][a-z-]{0,63}$/);

/** The event of the log that brought it; null where time alone did. */
const cause = {
  position: z.int().nonnegative().nullable().meta({ description: 'Position in the log of the event that brought it.' }),
  event: reference.nullable(),
  subject: reference.meta({ description: "The dossier, by Depter's own random reference." }),
};

/** An order to a recipient, to be carried to it; its confirmation comes back as a `confirmed` action. */
export const ORDER = z.strictObject({
  ...cause,
  order: z.enum(ORDERS),
  recipient: id,
  items: z.array(id).nullable().meta({ description: 'Null: all that the recipient holds of the person.' }),
  at: z.string().meta({ description: 'When the order was given: an instant, or a day where only the day is known.' }),
});

/** A finding that opened or closed. */
export const FINDING = z.strictObject({
  ...cause,
  code: word,
  on: day,
  items: z.array(id),
  recipient: id.optional(),
  clause: z.string().nullable(),
  pack: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  closedOn: day.optional(),
});

/** A clock that started, changed its state or its day, or is due today. */
export const CLOCK = z.strictObject({
  ...cause,
  duty: z.enum(DUTIES),
  items: z.array(id).optional(),
  recipient: id.optional(),
  trigger: z.string().meta({ description: 'The id of an event, or a word for what time brought.' }),
  on: day,
  due: day.nullable(),
  term: z.string(),
  clause: z.string(),
  pack: z.string(),
  mark: z.string(),
  binds: z.boolean(),
  provisional: z.boolean(),
  state: z.enum(['running', 'met', 'late', 'extended', 'paused', 'superseded']),
  metOn: day.optional(),
});

/** Each kind of news by its CloudEvents `type`. */
export const NEWS = {
  'depter.order.v1': { summary: 'A recipient was given an order.', data: ORDER },
  'depter.finding.v1': { summary: 'The rules find something wrong, or no longer.', data: FINDING },
  'depter.clock.v1': { summary: 'A duty began to run, changed, was met, or is late.', data: CLOCK },
  'depter.clock.due.v1': { summary: 'Today is the last day of a duty.', data: CLOCK },
} as const;
export type NewsType = keyof typeof NEWS;

/** One piece of news, before it has an id. */
export interface News {
  readonly type: NewsType;
  readonly data: z.infer<(typeof NEWS)[NewsType]['data']>;
}

/** The structured CloudEvent. `time` is when Depter learned of it, RFC 3339. */
export function cloudEvent(controller: ControllerId, newsId: string, time: string, { type, data }: News): string {
  return JSON.stringify({
    specversion: '1.0',
    id: newsId,
    source: `urn:depter:${controller}`,
    type,
    time,
    subject: data.subject,
    datacontenttype: 'application/json',
    data,
  });
}
