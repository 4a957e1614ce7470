/** Parameters of an address: each is read strictly, and one that cannot be read is refused by its name alone. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '#host';

function refuse(parameter: string): Problem {
  return new Problem('invalid-field', { parameter });
}

/** The one value of a parameter; undefined where it is not given. Given twice it is refused. */
export function parameter(request: FastifyRequest, name: string): string | undefined {
  const query = request.query as Readonly<Record<string, unknown>>;
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw refuse(name);
}

/** A value of a closed list. */
export function choice<const T extends string>(
  request: FastifyRequest,
  name: string,
  values: readonly T[],
): T | undefined {
  const value = parameter(request, name);
  if (value === undefined) return undefined;
  const found = values.find((one) => one === value);
  if (found === undefined) throw refuse(name);
  return found;
}

/** A whole number from `min` to `max`, written in decimal without sign or leading zeros. */
export function count(request: FastifyRequest, name: string, min: number, max: number): number | undefined {
  const value = parameter(request, name);
  if (value === undefined) return undefined;
  const found = wholeNumber(value);
  if (found === undefined || found < min || found > max) throw refuse(name);
  return found;
}

/** The number that a text writes, or undefined. */
export function wholeNumber(text: string): number | undefined {
  return /^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

/** What `read` makes of the text; undefined from it is a refusal. */
export function read<T>(request: FastifyRequest, name: string, read: (text: string) => T | undefined): T | undefined {
  const value = parameter(request, name);
  if (value === undefined) return undefined;
  const found = read(value);
  if (found === undefined) throw refuse(name);
  return found;
}
