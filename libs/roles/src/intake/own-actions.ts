/**
 * What a person may say with a key of their own: their own acts, about themselves. The key lets its holder into one
 * dossier, so an action must not lead into another, nor tie another to it: every identifier that counts has to be known
 * as theirs already.
 */
import { isLinking, ranked, type Action, type ActionName, type Identifier, type SubjectRef } from '#ledger';
import type { RefusedAnswer } from './answer.js';

/** The acts of a data subject (`domain.md`): to agree, to withdraw, to ask, to dispute, to complain. */
const OWN_ACTS: ReadonlySet<ActionName> = new Set<ActionName>([
  'consented',
  'refused-consent',
  'withdrew',
  'requested',
  'disputed',
  'complained',
]);

/** Why a subject may not send the action, or undefined where it may; `leadsTo` finds the dossier of one identifier. */
export async function refuseOfSubject(
  action: Action,
  own: ReadonlySet<SubjectRef>,
  leadsTo: (identifier: Identifier) => Promise<SubjectRef | undefined>,
): Promise<RefusedAnswer | undefined> {
  if (!OWN_ACTS.has(action.name) || action.person === null) {
    return { status: 'refused', code: 'forbidden', pointer: '/type' };
  }
  if (action.by !== null) return { status: 'refused', code: 'forbidden', pointer: '/data/by' };
  if ('describes' in action.data && action.data.describes !== undefined) {
    return { status: 'refused', code: 'forbidden', pointer: '/data/describes' };
  }
  const identifiers = ranked(action.person);
  for (const identifier of identifiers.filter((one, i) => i === 0 || isLinking(one))) {
    const subject = await leadsTo(identifier);
    if (subject === undefined || !own.has(subject)) {
      return { status: 'refused', code: 'not-found', pointer: '/data/person' };
    }
  }
  return undefined;
}
