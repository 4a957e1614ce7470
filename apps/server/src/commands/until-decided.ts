/** What the handlers of commands have in common: deciding again while dossiers grow, and the proof of what was done. */
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '#host';
import type { ControllerId, EventId, FormJudged, Position } from '#ledger';
import type { TransparencyLog } from '#store';

/** What is answered to a command that was carried out. One that waits for its place in the log has no position. */
export type ActAnswer = (
  | { readonly event: EventId; readonly position: Position; readonly receipt: string }
  | { readonly event: EventId; readonly receipt: 'pending' }
) &
  /** Of a request that was opened: what of its form law or policy wants otherwise, and what a reader is to look at. */
  Partial<FormJudged>;

/** A command is decided so often before whoever asks is told that the dossier grows. */
const TRIES = 8;
/** Between two tries, longer each time: in a cluster what was accepted needs a moment until it can be read. */
const PAUSE_MS = 20;

/** Decides until nothing has grown meanwhile, which `decide` says by an answer. Throws Problem `changed` at last. */
export async function untilDecided<T>(decide: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await delay(PAUSE_MS * tries);
    const answer = await decide();
    if (answer !== undefined) return answer;
  }
  throw new Problem('changed');
}

/** A receipt of today. Throws Problem `unavailable` where there is none now. */
export async function receiptOf(log: TransparencyLog, controller: ControllerId, position: Position): Promise<string> {
  const receipt = await log.receipt(controller, position);
  if (receipt === undefined) throw new Problem('unavailable', {}, { 'retry-after': '1' });
  return receipt;
}
