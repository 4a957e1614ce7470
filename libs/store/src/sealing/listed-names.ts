/** The names under which references to what a pack lists would lie: those made before it did are read as that id. */
import type { Controller, IdKind, Rules } from './controller.js';
import { referenceName } from './naming.js';

/** Every kind of pack id; the type makes the table complete. */
const ID_KINDS: Readonly<Record<IdKind, true>> = {
  item: true, purpose: true, organisation: true, basis: true, ground: true, edition: true, channel: true, method: true,
  act: true, means: true, term: true, undertaking: true, cause: true, language: true, cookies: true, scope: true,
}; // prettier-ignore

export function* listedNames(
  controller: Controller,
  rules: Rules,
): Iterable<{ readonly hmac: Buffer; readonly id: string }> {
  for (const kind of Object.keys(ID_KINDS) as IdKind[]) {
    for (const id of rules.all(kind)) yield { hmac: referenceName(controller.pepper, kind, id), id };
  }
}
