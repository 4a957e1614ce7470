import { problemBody, type ProblemBody, type ProblemPlace } from '#host';
import type { EventId, Position } from '#ledger';
import type { ActionAnswer, RefusedAnswer } from '#roles';

/** One line of a stream's or batch's answer (`wire.md`, Over HTTP); lines count from 1. There is no subject in it. */
export type LineAnswer =
  | {
      readonly line: number;
      readonly status: 'recorded' | 'repeated';
      readonly event: EventId;
      readonly position: Position;
    }
  /** Not in the log yet: there is no position. No batch or stream allows it. */
  | { readonly line: number; readonly status: 'recorded'; readonly event: EventId }
  | { readonly line: number; readonly status: 'refused'; readonly problem: ProblemBody };

export function lineAnswer(line: number, answer: ActionAnswer): LineAnswer {
  if (answer.status === 'refused') {
    return { line, status: 'refused', problem: problemBody(answer.code, { ...placeOf(answer), line }) };
  }
  if ('pending' in answer) return { line, status: 'recorded', event: answer.event };
  return { line, status: answer.status, event: answer.event, position: answer.position };
}

/** Where a refused action is wrong, and what to do about it. */
export function placeOf({ pointer, detail }: RefusedAnswer): ProblemPlace {
  return { ...(pointer === undefined ? {} : { pointer }), ...(detail === undefined ? {} : { detail }) };
}
