/**
 * The yes of a schema, without what zod makes on the way to a no: a result and a list of issues for every field of every
 * action. The schema stays the one source of what is right; it is taken apart once, and whatever is not surely right is asked
 * of zod itself, which then says what is wrong and where.
 */
import type { z } from 'zod';

/** Not surely right. */
export const ASK: unique symbol = Symbol('ask the schema');

/** What the schema makes of a value that is surely right, else `ASK`. Values are as JSON has them. Never throws. */
export type QuickYes = (value: unknown) => unknown;

/** Throws RangeError at a kind of schema or check that it does not know: one that is new has to be added here. */
export function quickYes(schema: z.core.$ZodType): QuickYes {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const yes = typeYes(def);
  const checks = (def.checks ?? []).map((check) => checkOf((check as z.core.$ZodChecks)._zod.def));
  if (checks.length === 0) return yes;
  return (value) => {
    let made = yes(value);
    for (let i = 0; i < checks.length && made !== ASK; i++) made = checks[i]!(made);
    return made;
  };
}

function typeYes(def: z.core.$ZodTypes['_zod']['def']): QuickYes {
  if (def.type === 'string') return (value) => (typeof value === 'string' ? value : ASK);
  if (def.type === 'boolean') return (value) => (typeof value === 'boolean' ? value : ASK);
  if (def.type === 'enum') return oneOf(Object.values(def.entries));
  if (def.type === 'literal') return oneOf(def.values);
  if (def.type === 'array') return arrayYes(quickYes(def.element));
  if (def.type === 'record') return recordYes(quickYes(def.keyType), quickYes(def.valueType));
  if (def.type === 'union') return unionYes(def.options.map((option) => quickYes(option)));
  if (def.type === 'object') return objectYes(def);
  throw new RangeError(`no quick yes is known of a schema of kind ${def.type}`);
}

function oneOf(values: readonly unknown[]): QuickYes {
  const all = new Set(values);
  return (value) => (all.has(value) ? value : ASK);
}

function arrayYes(element: QuickYes): QuickYes {
  return (value) => {
    if (!Array.isArray(value)) return ASK;
    const made: unknown[] = [];
    for (const one of value) {
      const yes = element(one);
      if (yes === ASK) return ASK;
      made.push(yes);
    }
    return made;
  };
}

function recordYes(keyYes: QuickYes, valueYes: QuickYes): QuickYes {
  return (value) => {
    if (!isObject(value)) return ASK;
    const made: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const yes = valueYes(value[key]);
      if (keyYes(key) === ASK || yes === ASK) return ASK;
      made[key] = yes;
    }
    return made;
  };
}

function unionYes(options: readonly QuickYes[]): QuickYes {
  return (value) => {
    for (const option of options) {
      const yes = option(value);
      if (yes !== ASK) return yes;
    }
    return ASK;
  };
}

/** Only a strict object: nothing that the schema does not name may be there. The fields come out in the schema's order. */
function objectYes({ shape, catchall }: z.core.$ZodObjectDef): QuickYes {
  if ((catchall as z.core.$ZodTypes | undefined)?._zod.def.type !== 'never')
    throw new RangeError('no quick yes is known of an object that is not strict');
  const keys = Object.keys(shape);
  const fields = keys.map((key) => {
    const { def } = (shape[key] as z.core.$ZodTypes)._zod;
    return def.type === 'optional'
      ? { yes: quickYes(def.innerType), isOptional: true }
      : { yes: quickYes(shape[key]!), isOptional: false };
  });
  const required = fields.filter(({ isOptional }) => !isOptional).length;
  return (value) => {
    if (!isObject(value)) return ASK;
    const made: Record<string, unknown> = {};
    let given = 0;
    for (const _ in value) given++;
    let missing = required;
    for (let i = 0; i < keys.length && given > 0; i++) {
      const key = keys[i]!;
      const one = value[key];
      if (one === undefined) continue;
      const { yes, isOptional } = fields[i]!;
      const mine = yes(one);
      if (mine === ASK) return ASK;
      made[key] = mine;
      given--;
      if (!isOptional) missing--;
    }
    // What is left over, the schema does not name.
    return given === 0 && missing === 0 ? made : ASK;
  };
}

function checkOf(def: z.core.$ZodChecks['_zod']['def'] | z.core.$ZodCustomDef): QuickYes {
  if (def.check === 'string_format' && def.pattern?.global === false && !def.pattern.sticky) {
    const { pattern } = def;
    return (value) => (pattern.test(value as string) ? value : ASK);
  }
  if (def.check === 'min_length') return (value) => ((value as string).length >= def.minimum ? value : ASK);
  if (def.check === 'max_length') return (value) => ((value as string).length <= def.maximum ? value : ASK);
  if (def.check === 'overwrite') return (value) => def.tx(value);
  if (def.check === 'custom') return (value) => (def.fn(value) ? value : ASK);
  throw new RangeError(`no quick yes is known of a check of kind ${def.check}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
