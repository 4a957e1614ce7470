/** `depter key add`: makes an API key, in a data folder that no server holds or by asking a running server. */
import { controllerId, KEY_ROLES, subjectRef } from '#ledger';
import { controllerOf } from './controller.js';
import { peerFailed, wrongUse } from './failure.js';
import { withFolder } from './folder.js';
import { ask, peerOf } from './peer.js';

export interface KeyRequest {
  /** An organisation, or `*` for an admin of all. */
  readonly controller: string;
  readonly role: string;
  readonly subject: string | undefined;
}

/** How the folder is opened. */
export interface KeyFolder {
  readonly postgres?: string | undefined;
  readonly keysPostgres?: string | undefined;
  readonly rootKey?: string | undefined;
  readonly packs?: string | undefined;
  readonly origin?: string | undefined;
}

/** Throws CommandFailure 2 where the parts do not fit together. */
export function keyRequest(controller: string, role: string, subject: string | undefined): KeyRequest {
  if (controller !== '*') controllerOf(controller);
  else if (role !== 'admin')
    throw wrongUse("Only an admin's key can be for all controllers: give --controller the id of one.");
  if (role === 'subject' && subject === undefined) {
    throw wrongUse('A key of role subject needs --subject, the reference that `subjects/find` answers.');
  }
  if (role !== 'subject' && subject !== undefined) throw wrongUse('--subject goes with --role subject alone.');
  return { controller, role, subject };
}

/** Asks a running server, as an admin; the secret of the new key. */
export async function addKeyOver(url: string, admin: string, request: KeyRequest): Promise<string> {
  const controller = controllerId(request.controller);
  if (controller === undefined)
    throw wrongUse('A key for all controllers is made in the data folder, before the server runs: give --data.');
  const { role, subject } = request;
  const body = subject === undefined ? { role } : { role, subject };
  const answer = JSON.parse(await ask(peerOf(url, admin), 'POST', `/v1/${controller}/keys`, body)) as { key?: unknown };
  if (typeof answer.key !== 'string') throw peerFailed('The server answers in words that this version does not know.');
  return answer.key;
}

/** Makes the key in a data folder that no server holds; the secret. */
export async function addKeyIn(dir: string | undefined, request: KeyRequest, more: KeyFolder = {}): Promise<string> {
  return withFolder(
    { packs: undefined, origin: undefined, ...more, dir, role: 'key' },
    async ({ store, controllers }) => {
      const controller = request.controller === '*' ? '*' : controllerOf(request.controller);
      if (controller !== '*' && !controllers.has(controller)) {
        throw wrongUse('No pack names this controller. Give the folder of its packs as --packs.');
      }
      const role = KEY_ROLES.find((one) => one === request.role);
      const subject = request.subject === undefined ? undefined : subjectRef(request.subject);
      if (role === undefined || (request.subject !== undefined && subject === undefined)) {
        throw wrongUse('--role or --subject is not of its form.');
      }
      const known = controller === '*' || subject === undefined || (await store.ledger.person(controller, subject));
      if (!known)
        throw wrongUse('--subject must be the reference of a person in this folder: `subjects/find` answers it.');
      const made = await store.accessKeys.add({ controller, role, ...(subject === undefined ? {} : { subject }) });
      return made.secret;
    },
  );
}
