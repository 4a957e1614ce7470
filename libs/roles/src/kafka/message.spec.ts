import { describe, expect, it } from '@jest/globals';
import { actionText } from './message.js';

const data = { person: { client: 'A-1' }, items: ['name'] };
const attributes = { ce_specversion: '1.0', ce_id: 'k-1', ce_source: 'urn:los', ce_type: 'depter.action.used.v1' };
const event = { specversion: '1.0', id: 'k-1', source: 'urn:los', type: 'depter.action.used.v1', data };

function read(value: unknown, headers?: Readonly<Record<string, string | Buffer | (string | Buffer)[]>>): unknown {
  const bytes = value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const found = actionText({ value: bytes, ...(headers === undefined ? {} : { headers: { ...headers } }) });
  if (found.kind === 'refused') return `${found.answer.code} ${found.answer.pointer}`;
  return JSON.parse(Buffer.from(found.text).toString());
}

describe('a CloudEvent in a Kafka message', () => {
  it.each<[string, unknown, Readonly<Record<string, string | Buffer>> | undefined]>([
    ['structured', event, { 'content-type': 'application/cloudevents+json' }],
    ['structured, with a charset', event, { 'Content-Type': 'application/cloudevents+json; charset=UTF-8' }],
    ['structured, copies in the headers', event, { ...attributes, 'content-type': 'application/cloudevents+json' }],
    ['without any header', event, undefined],
    ['binary', data, { ...attributes, 'content-type': 'application/json' }],
    ['binary, a content type of its own', data, { ...attributes, 'content-type': 'application/vnd.los+json' }],
    ['binary, without a content type', data, attributes],
    ['binary, headers as bytes', data, { ...attributes, ce_id: Buffer.from('k-1'), ce_traceparent: '00-1' }],
  ])('%s', (_, value, headers) => {
    expect(read(value, headers)).toEqual(event);
  });

  it('takes time and controller from the headers', () => {
    const found = read(data, { ...attributes, ce_time: '2026-02-02T10:15:00+05:00', ce_controller: 'kz.finbox' });
    expect(found).toEqual({ ...event, time: '2026-02-02T10:15:00+05:00', controller: 'kz.finbox' });
  });

  it.each<[string, unknown, Readonly<Record<string, string | Buffer | (string | Buffer)[]>> | undefined, string]>([
    ['nothing at all', null, undefined, 'malformed '],
    ['data that is no JSON', '{', attributes, 'malformed /data'],
    ['data that would bring attributes', '{},"time":"x"', attributes, 'malformed /data'],
    ['data with a key twice', '{"a":1,"a":2}', attributes, 'malformed /data'],
    ['another format', event, { 'content-type': 'application/cloudevents+avro' }, 'unsupported-media-type '],
    ['a batch', [event], { 'content-type': 'application/cloudevents-batch+json' }, 'unsupported-media-type '],
    ['data of another type', data, { ...attributes, 'content-type': 'text/xml' }, 'unsupported-media-type '],
    [
      'another charset',
      event,
      { 'content-type': 'application/cloudevents+json; charset=koi8-r' },
      'unsupported-media-type ',
    ],
    ['an attribute twice', data, { ...attributes, ce_id: ['a', 'b'] }, 'malformed /id'],
    ['an attribute that is not UTF-8', data, { ...attributes, ce_id: Buffer.from([0xff]) }, 'malformed /id'],
  ])('refuses %s', (_, value, headers, refusal) => {
    expect(read(value, headers)).toBe(refusal);
  });

  it('leaves it to the judge that attributes or data are missing', () => {
    expect(read(null, attributes)).toEqual({ ...event, data: undefined });
    expect(read(data, { 'content-type': 'application/json' })).toEqual({ data });
  });
});
