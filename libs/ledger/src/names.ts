/** Branded names shared by everything above the ledger. A brand costs nothing at run time and keeps arguments apart. */

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** An organisation whose log this is: `^[a-z][a-z0-9.]{1,31}$`, for example `kz.autosiyliq`. */
export type ControllerId = Branded<string, 'ControllerId'>;

/** One person's dossier at one controller: 128 random bits, base64url, 22 characters. */
export type SubjectRef = Branded<string, 'SubjectRef'>;

/**
 * What stands in an event in place of a text that no pack lists: 128 random bits, base64url, 22 characters, of which at
 * least one is a capital, so that it can never be taken for a pack id.
 */
export type Reference = Branded<string, 'Reference'>;

/** 16 bytes of HMAC-SHA-256, base64url, 22 characters (`wire.md`, Stored event). */
export type EventId = Branded<string, 'EventId'>;

/** SHA-256(salt ‖ value), base64url, 43 characters; the salt is sealed with the value. */
export type Commitment = Branded<string, 'Commitment'>;

/** `first event of the generation's base + leaf index`: a position in a controller's log, from 0, never reused. */
export type Position = number;

/** RFC 3339 in UTC with milliseconds, `2026-02-02T05:15:00.000Z`. */
export type Instant = string;

const CONTROLLER = /^[a-z][a-z0-9.]{1,31}$/;

/** The branded form, or undefined where the text is not of the form of a controller's id. */
export function controllerId(text: string): ControllerId | undefined {
  return CONTROLLER.test(text) ? (text as ControllerId) : undefined;
}

const REFERENCE = /^[A-Za-z0-9_-]{22}$/;

/** The branded form, or undefined where the text is not of the form of a reference that Depter makes. */
export function subjectRef(text: string): SubjectRef | undefined {
  return REFERENCE.test(text) ? (text as SubjectRef) : undefined;
}

/** Whether an id of a stored event is a reference and not the id of a pack: pack ids have no capital. */
export function isReference(id: string): id is Reference {
  return id.length === 22 && REFERENCE.test(id) && /[A-Z]/.test(id);
}
