import { expect, test } from '@jest/globals';
import { actionSchemas } from './jsonschema.js';
import { ACTION_NAMES } from './stored.js';

const schemas = actionSchemas();

test('there is a schema for every action, and one that tells them apart', () => {
  for (const name of ACTION_NAMES) expect(schemas[`action.${name}`]).toMatchObject({ type: 'object' });
  expect(schemas['Action']!['oneOf']).toHaveLength(ACTION_NAMES.length);
});

test('required fields, lists of words and forms of ids are said', () => {
  expect(schemas['action.transferred']).toMatchObject({
    required: ['specversion', 'id', 'source', 'type', 'data'],
    properties: {
      type: { const: 'depter.action.transferred.v1' },
      data: {
        additionalProperties: false,
        required: ['basis', 'items', 'person', 'purposes', 'recipient'],
        properties: {
          country: { enum: expect.arrayContaining(['KZ', 'KG', 'XX']) },
          items: { type: 'array', minItems: 1, items: { pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' } },
          role: { enum: ['processor', 'independent', 'assignee', 'authority', 'public', 'place'] },
          on: { type: 'string', format: 'date' },
        },
      },
    },
  });
});

test('nothing but JSON Schema is in it', () => {
  const text = JSON.stringify(schemas);
  expect(text).not.toMatch(/becomes|"stored"/);
  expect(JSON.parse(text)).toEqual(schemas);
});
