/** The OpenAPI 3.1 document, generated from the zod schemas and the table of routes. */
import { z } from 'zod';
import { PROBLEM_CODES, RIGHTS_OF_ROLES } from '#host';
import { actionSchemas, COMMANDS } from '#ledger';
import { NEW_TIME } from '../clock/clock-controller.js';
import { QUESTION } from '../decisions/decision-body.js';
import { NEW_KEY } from '../keys/keys-controller.js';
import { FIND } from '../subjects/find-body.js';
import { ANSWERS } from './answers.js';
import { ROUTES, type DescribedRoute } from './routes.js';

type Json = Readonly<Record<string, unknown>>;

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  return rest;
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

function schemas(): Record<string, Json> {
  return {
    ...actionSchemas(),
    ActionBatch: { type: 'array', maxItems: 1_000, items: ref('Action') },
    Find: schemaOf(FIND),
    Question: schemaOf(QUESTION),
    ...Object.fromEntries(Object.entries(COMMANDS).map(([name, schema]) => [`command.${name}`, schemaOf(schema)])),
    NewKey: schemaOf(NEW_KEY),
    NewTime: schemaOf(NEW_TIME),
    ...Object.fromEntries(Object.entries(ANSWERS).map(([name, schema]) => [name, schemaOf(schema)])),
    Problem: {
      type: 'object',
      required: ['type', 'title', 'status', 'code'],
      properties: {
        type: { type: 'string' },
        title: { type: 'string' },
        status: { type: 'integer' },
        code: { enum: [...PROBLEM_CODES] },
        detail: { type: 'string' },
        pointer: { type: 'string', description: 'JSON Pointer into the body' },
        parameter: { type: 'string', description: 'Name of the parameter that cannot be read' },
        line: { type: 'integer' },
        clause: { type: ['string', 'null'], description: 'Of a refused command: by which clause' },
        pack: { type: ['string', 'null'], description: 'The pack that says so' },
        items: { type: 'array', items: { type: 'string' }, description: 'The items that the refusal is about' },
      },
    },
    Document: { type: 'object' },
  };
}

const PARAMETERS: Readonly<Record<string, Json>> = {
  asOf: {
    description: 'A local date, meaning its end in the zone of the controller, or an instant.',
    schema: { type: 'string' },
  },
  asKnown: { description: 'A position, or an instant.', schema: { type: 'string' } },
  position: {
    description: 'Waits until this position can be read; bounded, then 503.',
    schema: { type: 'integer', minimum: 0 },
  },
  request: { description: 'A request or dispute, by the reference that Depter gave it.', schema: { type: 'string' } },
  after: {
    description: 'The position of the last row, or the cursor `next` of the last answer.',
    schema: { type: ['integer', 'string'] },
  },
  state: { description: 'The states to tell, with commas between them; all, unless said.', schema: { type: 'string' } },
  limit: { schema: { type: 'integer', minimum: 1, maximum: 1_000 } },
  index: { description: 'Of the entry, from 0.', schema: { type: 'integer', minimum: 0 } },
  size: {
    description: 'Leaves of the tree; that of the latest checkpoint, unless said.',
    schema: { type: 'integer', minimum: 1 },
  },
  from: { description: 'Leaves of the older tree.', schema: { type: 'integer', minimum: 0 } },
  to: {
    description: 'Leaves of the newer tree; that of the latest checkpoint, unless said.',
    schema: { type: 'integer', minimum: 0 },
  },
  on: { description: 'A local day; without it, today.', schema: { type: 'string', format: 'date' } },
  items: { description: 'Ids of items, with commas between; without it, all.', schema: { type: 'string' } },
  lang: { description: 'ky, kk, ru or en; a region may follow.', schema: { type: 'string' } },
  findings: { description: 'With one action: also what it opens.', schema: { enum: ['true', 'false'] } },
  answers: {
    description: 'With a stream: only refused lines, and counts at the end.',
    schema: { enum: ['all', 'refused'] },
  },
};

function operationOf(route: DescribedRoute): Json {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = (route.query ?? []).map((name) => ({ $ref: `#/components/parameters/${name}` }));
  const inHeader = (route.headers ?? []).map((name) => ({
    name,
    in: 'header',
    schema: { type: 'string', maxLength: 128 },
  }));
  const content = (types: Readonly<Record<string, string | null>>): Json =>
    Object.fromEntries(Object.entries(types).map(([type, name]) => [type, name === null ? {} : { schema: ref(name) }]));
  const answers = Object.entries(route.answers).map(([status, types]) => [
    status,
    { description: status.startsWith('2') ? 'Done.' : 'Not now.', content: content(types) },
  ]);
  const open = route.need === 'open';
  return {
    summary: route.summary,
    ...(open ? { security: [] } : { 'x-roles': RIGHTS_OF_ROLES[route.need as keyof typeof RIGHTS_OF_ROLES] }),
    parameters: [...inPath, ...inQuery, ...inHeader],
    ...(route.body ? { requestBody: { required: true, content: content(route.body) } } : {}),
    responses: { ...Object.fromEntries(answers), default: { $ref: '#/components/responses/Problem' } },
  };
}

/** The whole document. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: { title: 'Depter', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      parameters: Object.fromEntries(
        Object.entries(PARAMETERS).map(([name, parameter]) => [name, { name, in: 'query', ...parameter }]),
      ),
      responses: {
        Problem: { description: 'Refused.', content: { 'application/problem+json': { schema: ref('Problem') } } },
      },
      schemas: schemas(),
    },
  };
}
