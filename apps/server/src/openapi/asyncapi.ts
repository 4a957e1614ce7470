/** The AsyncAPI 3 document of what goes over Kafka, generated from the zod schemas. */
import { z } from 'zod';
import { actionSchemas } from '#ledger';
import { intakeGroup, actionsTopic, eventsTopic, NEWS, REFUSED, REFUSED_TYPE, refusedTopic } from '#roles';

type Json = Readonly<Record<string, unknown>>;

/** JSON Schema says more than AsyncAPI's own dialect: each payload names its own. */
const DIALECT = 'application/schema+json;version=draft-2020-12';

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return rest;
}

const ref = (path: string): Json => ({ $ref: `#/${path}` });
const payload = (schema: Json): Json => ({ schemaFormat: DIALECT, schema });
const ADDRESS = '{controller}' as Parameters<typeof actionsTopic>[0];

/** A structured CloudEvent around the data of one kind of news. */
function newsSchema(type: string, data: z.ZodType): Json {
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'subject', 'datacontenttype', 'data'],
    additionalProperties: false,
    properties: {
      specversion: { const: '1.0' },
      id: { ...text, description: 'The same news have the same id, however often they are sent.' },
      source: { ...text, description: 'urn:depter:<controller>' },
      type: { const: type },
      time: { ...text, format: 'date-time' },
      subject: { ...text, description: "The dossier, by Depter's own random reference." },
      datacontenttype: { const: 'application/json' },
      data: schemaOf(data),
    },
  };
}

function messages(): Record<string, Json> {
  const news = Object.entries(NEWS).map(([type, { summary, data }]) => [
    type,
    {
      name: type,
      summary,
      contentType: 'application/cloudevents+json',
      payload: payload(newsSchema(type, data)),
      bindings: { kafka: { key: { type: 'string', description: 'The dossier.' } } },
    },
  ]);
  return {
    action: {
      name: 'depter.action',
      summary:
        'What happened to personal data. Structured, or in binary mode, where a missing content type means JSON.',
      contentType: 'application/cloudevents+json',
      // The definitions that the schema refers to stand beside the messages.
      payload: payload(ref('components/schemas/Action')),
      bindings: { kafka: { key: { type: 'string', description: 'Any: order is not relied on.' } } },
    },
    refused: {
      name: REFUSED_TYPE,
      summary: 'Where a message stands that was refused, and why; never what was in it. A CloudEvent in binary mode.',
      contentType: 'application/json',
      payload: payload(schemaOf(REFUSED)),
    },
    ...(Object.fromEntries(news) as Record<string, Json>),
  };
}

function channel(address: string, names: readonly string[], description: string): Json {
  return {
    address,
    description,
    parameters: { controller: { description: 'The organisation: `^[a-z][a-z0-9.]{1,31}$`.' } },
    messages: Object.fromEntries(names.map((name) => [name, ref(`components/messages/${name}`)])),
  };
}

function operation(action: 'send' | 'receive', name: string, messageNames: readonly string[], more: Json = {}): Json {
  const named = messageNames.map((message) => ref(`channels/${name}/messages/${message}`));
  return { action, channel: ref(`channels/${name}`), messages: named, ...more };
}

/** The whole document: what Depter receives and sends. */
export function asyncApiDocument(): Json {
  const news = Object.keys(NEWS);
  const groupId = { type: 'string', enum: [intakeGroup(ADDRESS)] };
  return {
    asyncapi: '3.0.0',
    info: { title: 'Depter', version: '1', license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      actions: channel(actionsTopic(ADDRESS), ['action'], 'Actions of emitters; retention at most seven days.'),
      refused: channel(refusedTopic(ADDRESS), ['refused'], 'Coordinates of refused actions.'),
      events: channel(eventsTopic(ADDRESS), news, 'Orders to recipients, findings and clocks, without personal data.'),
    },
    operations: {
      takeActions: operation('receive', 'actions', ['action'], { bindings: { kafka: { groupId } } }),
      tellRefused: operation('send', 'refused', ['refused']),
      tellNews: operation('send', 'events', news),
    },
    components: {
      schemas: Object.fromEntries(Object.entries(actionSchemas())),
      messages: messages(),
    },
  };
}
