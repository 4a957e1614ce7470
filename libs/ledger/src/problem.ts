/** Refusals of actions: closed codes, the place in the body, and a fixed sentence. Nothing that came in is in one. */

/** The codes that one action by itself can get (`wire.md`, Codes of refusals). */
export const ACTION_REFUSALS = [
  'malformed',
  'unknown-type',
  'unknown-field',
  'missing-field',
  'invalid-field',
  'check-digit',
  'future-time',
  'too-large',
  'too-deep',
  'too-many-parts',
  'controller-mismatch',
  'not-found',
] as const;
export type ActionRefusal = (typeof ACTION_REFUSALS)[number];

export interface Refusal {
  readonly code: ActionRefusal;
  /** JSON Pointer (RFC 6901) from the action's own root, of names of fields and places in lists alone. */
  readonly pointer: string;
  readonly detail: string;
}

const DETAILS: Readonly<Record<ActionRefusal, string>> = {
  malformed: 'This is not one CloudEvent in strict JSON. Send UTF-8, each key once, and no lone surrogate or NUL.',
  'unknown-type': 'No action has this type. Use depter.action.<name>.v1 with a name of the wire contract.',
  'unknown-field':
    'There is a field here that this action does not have. Leave it out, or use the name of the contract.',
  'missing-field': 'This field is required. Add it and send the action again.',
  'invalid-field':
    'The value here is not of the type or form that this field takes. Correct it and send the action again.',
  'check-digit': 'The last digit does not agree with the others. Look the number up again.',
  'future-time': 'This lies in the future. Send the action once it has happened, and check the clock of the sender.',
  'too-large': 'An action has at most 64 KiB. Send it in parts.',
  'too-deep': 'An action is nested at most 32 levels deep.',
  'too-many-parts':
    'The stored form of this action would be too large. Send it as several actions with fewer items each.',
  'controller-mismatch': 'The action names another controller than its path or topic. Send it where it belongs.',
  'not-found': 'No such controller is served here.',
};

export function refusal(code: ActionRefusal, path: readonly PropertyKey[] = []): Refusal {
  return { code, pointer: pointerTo(path), detail: DETAILS[code] };
}

/** Fields of `data` whose keys are chosen by whoever sends: what is wrong inside is refused at the field itself. */
const KEYED_BY_SENDER: ReadonlySet<PropertyKey> = new Set(['values', 'describes']);

function pointerTo(path: readonly PropertyKey[]): string {
  let pointer = '';
  for (const [depth, key] of path.entries()) {
    pointer += `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (depth === 1 && path[0] === 'data' && KEYED_BY_SENDER.has(key)) break;
  }
  return pointer;
}

/** One fault found in a body. `path` says where it stands among the others; of an unknown field it ends in that field. */
export interface Fault {
  readonly code: ActionRefusal;
  readonly path: readonly PropertyKey[];
}

/** What zod says of one fault; only this much is used, and never its message or input. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[] | undefined;
  readonly errors?: readonly (readonly Issue[])[] | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** The faults that zod's issues on a body mean. */
export function faults(issues: readonly Issue[], body: unknown, base: readonly PropertyKey[] = []): Fault[] {
  const found: Fault[] = [];
  for (const issue of issues) {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      // In order of the body: what comes after the first cannot be the first fault.
      if (issue.keys?.[0] !== undefined) found.push({ code: 'unknown-field', path: [...path, issue.keys[0]] });
    } else if (absent(body, path)) {
      found.push({ code: 'missing-field', path });
    } else if (issue.code === 'invalid_union') {
      found.push(...ofUnion(issue.errors ?? [], body, path));
    } else {
      found.push({ code: issue.params?.['refusal'] === 'check-digit' ? 'check-digit' : 'invalid-field', path });
    }
  }
  return found;
}

/** Of the branches of a union the one that was meant: none of whose own fields is missing, then that with least faults. */
function ofUnion(branches: readonly (readonly Issue[])[], body: unknown, path: readonly PropertyKey[]): Fault[] {
  const candidates = branches
    .map((issues) => faults(issues, body, path))
    .filter((branch) => branch.every((fault) => fault.path.length > path.length));
  const meant = candidates.filter((branch) => branch.every((fault) => fault.code !== 'missing-field'));
  const [best] = meant.sort((a, b) => a.length - b.length);
  if (best !== undefined) return best;
  const unknown = candidates.flat().find((fault) => fault.code === 'unknown-field');
  return [unknown ?? { code: 'invalid-field', path }];
}

/** Whether the last key of the path is missing in a body that has all before it. A null is a value, not an absence. */
function absent(body: unknown, path: readonly PropertyKey[]): boolean {
  let at = body;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return false;
    if (!Object.hasOwn(at, key)) return true;
    at = (at as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return false;
}

/** The refusal that is answered: the first fault in the order of the body, a missing field after what is there. */
export function firstOf(found: readonly Fault[], body: unknown): Refusal {
  const orders = new Map<object, ReadonlyMap<string, number>>();
  let best: { readonly fault: Fault; readonly places: readonly number[] } | undefined;
  for (const fault of found) {
    const places = placesOf(fault.path, body, orders);
    if (best === undefined || precedes(places, best.places)) best = { fault, places };
  }
  if (best === undefined) throw new Error('There is no fault to answer.');
  const { code, path } = best.fault;
  return refusal(code, code === 'unknown-field' ? path.slice(0, -1) : path);
}

/** Where each key of the path stands among its siblings; the keys of an object are counted once for all faults in it. */
function placesOf(
  path: readonly PropertyKey[],
  body: unknown,
  orders: Map<object, ReadonlyMap<string, number>>,
): number[] {
  let at = body;
  return path.map((key) => {
    if (typeof at !== 'object' || at === null) return Infinity;
    const inside = at;
    at = (at as Readonly<Record<PropertyKey, unknown>>)[key];
    if (Array.isArray(inside)) return Number(key);
    let order = orders.get(inside);
    if (order === undefined) {
      order = new Map(Object.keys(inside).map((name, place) => [name, place]));
      orders.set(inside, order);
    }
    return order.get(String(key)) ?? Infinity;
  });
}

function precedes(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  // A whole is judged after its parts: who has only an unknown field is not merely nobody.
  return a.length > b.length;
}
