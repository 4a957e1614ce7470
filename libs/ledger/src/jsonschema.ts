/** The JSON Schema (draft 2020-12) of what can come in, for the components of an OpenAPI 3.1 document. */
import { z } from 'zod';
import { ACTIONS } from './action.js';
import { person } from './identifier.js';
import { ACTION_NAMES } from './stored.js';
import { name as identifying } from './vocabulary.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Schemas by the name of their component: `Action`, one of `action.<name>` told apart by `type`, and `Person`. What no
 * JSON Schema can say (check digits, dates that exist, `values` of listed items alone) is checked beside it.
 */
export function actionSchemas(): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = { Person: schemaOf(person) };
  const mapping: Record<string, string> = {};
  for (const name of ACTION_NAMES) {
    const type = `depter.action.${name}.v1`;
    const event = z.object({
      specversion: z.literal('1.0'),
      id: identifying,
      source: identifying,
      type: z.literal(type),
      time: z.string().meta({ format: 'date-time' }).optional(),
      controller: z
        .string()
        .regex(/^[a-z][a-z0-9.]{1,31}$/)
        .optional(),
      data: ACTIONS[name],
    });
    const component = `action.${name}`;
    schemas[component] = {
      ...schemaOf(event),
      // The effective time is `time`, or `data.on` where only the day is known.
      anyOf: [{ required: ['time'] }, { properties: { data: { required: ['on'] } } }],
    };
    mapping[type] = `#/components/schemas/${component}`;
  }
  schemas['Action'] = {
    oneOf: Object.values(mapping).map(($ref) => ({ $ref })),
    discriminator: { propertyName: 'type', mapping },
  };
  return schemas;
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return rest;
}
