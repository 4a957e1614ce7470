/** When a view is asked for: as of a day or an instant, as known at a position or an instant, after a position is there. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#host';
import { isDay, readInstant, today, type ControllerId, type Position } from '#ledger';
import type { Ledger } from '#store';
import { count, read, wholeNumber } from '../parameters.js';
import { POSITION_WAIT_MS } from '../settings.js';

export interface Moment {
  /** A day (its end in the controller's zone) or an instant in UTC; where none was asked for, today. */
  readonly asOf: string;
  /** The day that `asOf` is or lies in, where one was asked for. */
  readonly asked: string | undefined;
  /** A position, or an instant in UTC; undefined means all. */
  readonly asKnown: Position | string | undefined;
  /** When it was asked, in milliseconds since the epoch. */
  readonly now: number;
}

/** Reads `asOf` and `asKnown`. Throws Problem `invalid-field` with the parameter's name. */
export function momentOf(request: FastifyRequest, now: number, zone: string): Moment {
  const asOf = read(request, 'asOf', (text) => (isDay(text) ? text : instantOf(text)));
  const asKnown = read(request, 'asKnown', (text) => wholeNumber(text) ?? instantOf(text));
  const asked = asOf === undefined || isDay(asOf) ? asOf : today(Date.parse(asOf), zone);
  return { asOf: asOf ?? today(now, zone), asked, asKnown, now };
}

function instantOf(text: string): string | undefined {
  const ms = readInstant(text);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/**
 * What `asKnown` of an answer says: what was asked for, but never more than was read. `latest` is the last position that
 * was there then, below 0 where none was. Whoever asks again with it is answered the same.
 */
export function knownAt({ asKnown, now }: Moment, latest: Position): Position | string {
  const asked = asKnown ?? latest;
  if (latest < 0) return new Date(now).toISOString();
  if (typeof asked === 'number') return Math.min(asked, latest);
  return Date.parse(asked) > now ? latest : asked;
}

/** Looked for again after so long, then each time twice as long: many may wait for what takes long. */
const FIRST_LOOK_MS = 10;
const LONGEST_LOOK_MS = 250;

/** Waits until the position that `?position=` names can be read; throws Problem `unavailable` where that takes too long. */
export async function awaitPosition(request: FastifyRequest, ledger: Ledger, controller: ControllerId): Promise<void> {
  const position = count(request, 'position', 0, Number.MAX_SAFE_INTEGER);
  if (position === undefined) return;
  const deadline = performance.now() + POSITION_WAIT_MS;
  for (
    let pause = FIRST_LOOK_MS;
    (await ledger.size(controller)) <= position;
    pause = Math.min(2 * pause, LONGEST_LOOK_MS)
  ) {
    if (performance.now() > deadline) throw new Problem('unavailable', {}, { 'retry-after': '1' });
    await delay(pause);
  }
}
