import { type Controllers, Problem } from '#host';
import { controllerId, type ControllerId } from '#ledger';
import { wholeNumber } from '../parameters.js';

/** The controller of an address of the log; another one is not found. */
export function servedController(controllers: Controllers, name: string): ControllerId {
  const controller = controllerId(name);
  if (controller === undefined || !controllers.has(controller)) throw new Problem('not-found');
  return controller;
}

export function generationOf(text: string): number {
  const generation = wholeNumber(text);
  if (generation === undefined) throw new Problem('not-found');
  return generation;
}
