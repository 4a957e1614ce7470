import { type ControllerId, controllerId } from '#ledger';
import { wrongUse } from './failure.js';

/** The controller's id, or CommandFailure 2. */
export function controllerOf(text: string): ControllerId {
  const id = controllerId(text);
  if (id === undefined)
    throw wrongUse('--controller must be the id of an organisation, as kz.autosiyliq: small letters, digits and dots.');
  return id;
}
