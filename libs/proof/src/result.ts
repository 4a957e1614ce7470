/** What came from outside was either understood or refused for a closed reason; parsing never throws. */
export type Result<T, Code extends string> = Accepted<T> | Rejected<Code>;

export interface Accepted<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Rejected<Code extends string> {
  readonly ok: false;
  readonly code: Code;
}

export function accept<T>(value: T): Accepted<T> {
  return { ok: true, value };
}

export function reject<Code extends string>(code: Code): Rejected<Code> {
  return { ok: false, code };
}
