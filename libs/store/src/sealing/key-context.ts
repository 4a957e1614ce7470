/** The contexts in which keys are wrapped: a wrapped key opens for the place that it was made for, and for no other. */
import { boundTo, sealedFor } from './seal.js';

/** The key of the controller's own texts is none of these: it lies among the dossiers' keys, under no dossier. */
export type ControllerKeyKind = 'identity-pepper' | 'intake' | `log-signing ${number}`;

const NO_PLACE = Buffer.alloc(0);

/** Context of a key that belongs to a controller and not to a person. */
export function controllerContext(controller: string, kind: ControllerKeyKind): Buffer {
  return boundTo(sealedFor(controller, null), NO_PLACE, kind);
}

/** Context of the key of a dossier (null: the controller's own texts), or of one of its labels. */
export function keyContext(controller: string, dossier: Uint8Array | null, id: Uint8Array, label: string): Buffer {
  return boundTo(sealedFor(controller, dossier), id, label);
}

/** Context of a key that wraps the keys of dossiers for a time. */
export function epochContext(id: Uint8Array): Buffer {
  return boundTo(sealedFor('', null), id, 'epoch');
}
