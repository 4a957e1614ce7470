/**
 * Every refusal over HTTP is a problem of RFC 9457 (`wire.md`). What came in never comes back: a problem is made of a
 * closed code, a fixed title and a place; there is no `instance` and no text of an exception.
 */

/** HTTP status of each code. The one place where a status is decided; the type makes it exhaustive. */
const STATUS = {
  malformed: 400,
  'unknown-type': 400,
  'unknown-field': 400,
  'missing-field': 400,
  'invalid-field': 400,
  'check-digit': 400,
  'future-time': 400,
  'too-large': 413,
  'too-deep': 400,
  'too-many-parts': 400,
  'controller-mismatch': 400,
  'unsupported-media-type': 415,
  unauthorised: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  gone: 410,
  changed: 412,
  overloaded: 429,
  unavailable: 503,
  'ground-required': 422,
  'ground-not-met': 422,
  'kept-by-law': 422,
  'not-allowed': 422,
} as const;

export type ProblemCode = keyof typeof STATUS;

const TITLE: Readonly<Record<ProblemCode, string>> = {
  malformed: 'The text cannot be read',
  'unknown-type': 'The type of the action is not known',
  'unknown-field': 'A field is not known here',
  'missing-field': 'A required field is missing',
  'invalid-field': 'A field is not of its form',
  'check-digit': 'The check digit is wrong',
  'future-time': 'The time lies ahead',
  'too-large': 'The text is too large',
  'too-deep': 'The text is nested too deep',
  'too-many-parts': 'The stored form would be too large',
  'controller-mismatch': 'The controller is not the one addressed',
  'unsupported-media-type': 'The content type or encoding is not supported',
  unauthorised: 'A valid key is needed',
  forbidden: 'The key has no right to this',
  'not-found': 'There is none',
  'method-not-allowed': 'The method is not allowed here',
  conflict: 'The same id was recorded with other content',
  gone: 'The person was destroyed',
  changed: 'The dossier has changed',
  overloaded: 'Too much is waiting',
  unavailable: 'It cannot be done now',
  'ground-required': 'A ground is required',
  'ground-not-met': 'The condition of the ground is not met',
  'kept-by-law': 'The law keeps it',
  'not-allowed': 'The rules do not allow it',
};

export const PROBLEM_CODES = Object.keys(STATUS) as readonly ProblemCode[];

/** Where the fault lies: a JSON Pointer into the action or body, or the name of a parameter; and what to do about it. */
export interface ProblemPlace {
  readonly pointer?: string;
  readonly parameter?: string;
  /** A fixed sentence, never made from what came in. */
  readonly detail?: string;
  /** Of a refused command: by which clause of which pack, null where none says it, and the items that it is about. */
  readonly clause?: string | null;
  readonly pack?: string | null;
  readonly items?: readonly string[];
}

/** The body as it is sent; in batches and streams it stands inside the line's answer. */
export interface ProblemBody extends ProblemPlace {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly line?: number;
}

/** The status of a code. */
export function statusOf(code: ProblemCode): number {
  return STATUS[code];
}

/** The body of a code at a place. */
export function problemBody(
  code: ProblemCode,
  more: Omit<ProblemBody, 'type' | 'title' | 'status' | 'code'> = {},
): ProblemBody {
  return { type: `urn:depter:problem:${code}`, title: TITLE[code], status: STATUS[code], code, ...more };
}

/** Thrown at the edge to refuse a request; `headers` go out with it (`Retry-After`, `Allow`). */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly place: ProblemPlace = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
    this.name = 'Problem';
  }
}
