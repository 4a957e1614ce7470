/**
 * What counts of an action when it comes again (`wire.md`: type, controller, time or day, and data). The store keeps a
 * digest of this text, so its form is for ever: changed, every repeat of an older action would be a conflict.
 */
import type { ControllerId } from './names.js';

/**
 * The canonical text: a JSON array of name, controller, `at` and data, keys in order of their code units. It is made of
 * what was understood: the same instant in another offset is the same time, another spelling of the same e-mail the same
 * person. The order of lists counts; that of keys does not.
 */
export function contentOf(
  name: string,
  controller: ControllerId,
  at: string,
  data: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify([name, controller, at, ordered(data)]);
}

/** The fields come in order already, from the schema; what their sender keyed does not. */
function ordered(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const values = data['values'] as Readonly<Record<string, unknown>> | undefined;
  const describes = data['describes'] as Readonly<Record<string, unknown>> | undefined;
  if (values === undefined && describes === undefined) return data;
  return {
    ...data,
    ...(values === undefined ? {} : { values: entriesByKey(values) }),
    ...(describes === undefined ? {} : { describes: entriesByKey(describes) }),
  };
}

/** A list, because an object would put keys that look like numbers first. */
function entriesByKey(keyed: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(keyed).sort(([a], [b]) => (a < b ? -1 : 1));
}
