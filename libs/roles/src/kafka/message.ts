/**
 * An action out of a Kafka message: the Kafka binding of CloudEvents 1.0, structured or binary. The topic is written by
 * many: a message is read defensively, and nothing of it is in a refusal.
 */
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { readJson } from '#ledger';
import type { RefusedAnswer } from '../intake/answer.js';

/** The JSON text of an action, to be judged like any other; or why there is none. */
export type ActionText =
  { readonly kind: 'text'; readonly text: Uint8Array } | { readonly kind: 'refused'; readonly answer: RefusedAnswer };

/** Attributes that an action is made of; all others are ignored and not kept (`wire.md`, An action). */
const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time', 'controller'] as const;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

const refused = (code: RefusedAnswer['code'], pointer: string): ActionText => ({
  kind: 'refused',
  answer: { status: 'refused', code, pointer },
});

/**
 * The text of the action in a message. Without a content type the value is JSON: the whole event where no `ce_` header
 * stands beside it, else the event's data.
 */
export function actionText({ value, headers = {} }: Pick<KafkaMessage, 'value' | 'headers'>): ActionText {
  const type = mediaType(headers);
  if (type === undefined) return refused('unsupported-media-type', '');
  const isBinary = Object.keys(headers).some((name) => name.toLowerCase().startsWith('ce_'));
  if (type === 'application/cloudevents+json' || (type === '' && !isBinary)) {
    return value === null ? refused('malformed', '') : { kind: 'text', text: value };
  }
  if (type !== '' && !isJson(type)) return refused('unsupported-media-type', '');
  return fromBinary(value, headers);
}

/** Attributes from the headers, data from the value. */
function fromBinary(value: Uint8Array | null, headers: IHeaders): ActionText {
  const attributes: Record<string, string> = {};
  for (const name of ATTRIBUTES) {
    const text = headerText(headers, `ce_${name}`);
    if (text === undefined) return refused('malformed', `/${name}`);
    if (text !== null) attributes[name] = text;
  }
  const event = JSON.stringify(attributes);
  if (value === null) return { kind: 'text', text: encoder.encode(event) };
  // Judged alone before it is put between the attributes: a value that is no JSON by itself could bring some of its own.
  const data = readJson(value);
  if (data.refusal) return refused(data.refusal.code, '/data');
  const start = encoder.encode(event === '{}' ? '{"data":' : `${event.slice(0, -1)},"data":`);
  const text = new Uint8Array(start.length + value.length + 1);
  text.set(start);
  text.set(value, start.length);
  text[text.length - 1] = 0x7d; // }
  return { kind: 'text', text };
}

function isJson(type: string): boolean {
  return (
    type === 'application/json' || type === 'text/json' || /^application\/(?!cloudevents)[a-z0-9.-]+\+json$/.test(type)
  );
}

/** The media type without its parameters, empty where there is none; undefined where it is not one that can be read. */
function mediaType(headers: IHeaders): string | undefined {
  const header = headerText(headers, 'content-type');
  if (header === null) return '';
  if (header === undefined) return undefined;
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return charset === undefined || ['utf-8', '"utf-8"'].includes(charset) ? type : undefined;
}

/** Null where there is no such header, undefined where it stands twice or is not UTF-8. */
function headerText(headers: IHeaders, wanted: string): string | null | undefined {
  const found = Object.entries(headers).filter(
    ([name, header]) => name.toLowerCase() === wanted && header !== undefined,
  );
  const [first] = found;
  if (first === undefined) return null;
  const header = first[1];
  if (found.length > 1 || Array.isArray(header) || header === undefined) return undefined;
  if (typeof header === 'string') return header;
  try {
    return utf8.decode(header);
  } catch {
    return undefined;
  }
}
