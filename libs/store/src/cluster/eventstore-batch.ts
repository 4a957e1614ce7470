/**
 * A group of events as one message (`BatchAppend` of EventStoreDB's streams.proto), on a call of its own. The client's own
 * way without batches sends a message for each event, which costs this side four times as much and the server twice; its
 * own batches share one map of promises in the whole process. Written by hand: what is sent is bytes already.
 */
import type { Credentials, EventStoreDBClient } from '@eventstore/db-client';
import type grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type answers from '@eventstore/db-client/generated/streams_pb.js';
import type { SentEvent } from './eventstore-client.js';
import { eventstore, messages, streams } from './eventstore-package.js';

export type BatchAnswer =
  | { readonly kind: 'appended' }
  | { readonly kind: 'wrong-revision' }
  /** For whatever reason; what the server means by it, another way of asking tells. */
  | { readonly kind: 'refused' };

/** What is used of the client that it does not declare. */
interface Inner {
  callArguments(options: {
    readonly credentials: Credentials;
    readonly requiresLeader: true;
    readonly deadline: number;
  }): [metadata: unknown, options: unknown];
  execute<T>(client: typeof grpc.StreamsClient, name: string, action: (client: Caller) => Promise<T>): Promise<T>;
}

interface Caller {
  makeBidiStreamRequest(
    path: string,
    serialize: (bytes: Uint8Array) => Uint8Array,
    deserialize: (bytes: Uint8Array) => answers.BatchAppendResp,
    metadata: unknown,
    options: unknown,
  ): Call;
}

interface Call {
  on(event: 'data', hear: (answer: answers.BatchAppendResp) => void): this;
  on(event: 'error', hear: (failure: Error) => void): this;
  on(event: 'end', hear: () => void): this;
  write(bytes: Uint8Array): void;
  end(): void;
}

const PATH = '/event_store.client.streams.Streams/BatchAppend';
const WRONG_REVISION = '/event_store.client.WrongExpectedVersion';

/** Appends to a stream that has exactly `expectedSize` events. Rejects as calls of the client do. */
export function appendBatch(
  client: EventStoreDBClient,
  credentials: Credentials,
  stream: string,
  expectedSize: number,
  events: readonly SentEvent[],
  ms: number,
): Promise<BatchAnswer> {
  const inner = client as unknown as Inner;
  const request = requestOf(stream, expectedSize, events, Date.now() + ms);
  return inner.execute(
    streams().StreamsClient,
    'appendToStream',
    (caller) =>
      new Promise((resolve, reject) => {
        const [metadata, options] = inner.callArguments({ credentials, requiresLeader: true, deadline: ms });
        const read = (bytes: Uint8Array) => messages().BatchAppendResp.deserializeBinary(bytes);
        const call = caller.makeBidiStreamRequest(PATH, (bytes) => bytes, read, metadata, options);
        call.on('data', (answer) => {
          resolve(answerOf(answer));
          call.end();
        });
        call.on('error', (failure) => reject(eventstore().convertToCommandError(failure)));
        // After an answer this changes nothing.
        call.on('end', () => resolve({ kind: 'refused' }));
        call.write(request);
      }),
  );
}

function answerOf(answer: answers.BatchAppendResp): BatchAnswer {
  if (answer.hasSuccess()) return { kind: 'appended' };
  const type = answer.getError()?.getDetails()?.getTypeUrl() ?? '';
  return { kind: type.endsWith(WRONG_REVISION) ? 'wrong-revision' : 'refused' };
}

/** One id for the one request of a call. */
const CORRELATION = field(1, field(2, Buffer.from('00000000-0000-0000-0000-000000000001')));
const BINARY = metadata('content-type', 'application/octet-stream');
const FINAL = field(4, 1);
const [ID_TAG, CUSTOM_TAG, DATA_TAG, PROPOSED_TAG] = [0x0a, 0x1a, 0x22, 0x1a];
const STRING_TAG = 0x12;
/** Most that tags and lengths of one event take beside what they frame. */
const FRAMES_BYTES = 32;
const [BEFORE_CORRELATION, AFTER_CORRELATION] = ['{"$correlationId":"', '"}'];

/** `BatchAppendReq`, by the numbers of its fields. */
function requestOf(stream: string, expectedSize: number, events: readonly SentEvent[], deadlineMs: number): Buffer {
  const options = field(
    2,
    field(1, field(3, Buffer.from(stream))),
    expectedSize === 0 ? field(3) : field(2, expectedSize - 1),
    field(6, field(1, Math.ceil(deadlineMs / 1000))),
  );
  const types = new Map<string, Buffer>();
  for (const { type } of events) if (!types.has(type)) types.set(type, Buffer.concat([metadata('type', type), BINARY]));
  let most = CORRELATION.length + options.length + FINAL.length;
  for (const { id, type, data, correlation } of events) {
    most += FRAMES_BYTES + id.length + types.get(type)!.length + data.length + customBytes(correlation);
  }
  const bytes = Buffer.allocUnsafe(most);
  let at = CORRELATION.copy(bytes, 0);
  at += options.copy(bytes, at);
  for (const event of events) at = writeProposed(bytes, at, event, types.get(event.type)!);
  at += FINAL.copy(bytes, at);
  return bytes.subarray(0, at);
}

/** `ProposedMessage`: id, map of metadata, custom metadata, data. All are ASCII but the data. */
function writeProposed(bytes: Buffer, from: number, { id, data, correlation }: SentEvent, named: Buffer): number {
  const custom = customBytes(correlation);
  const length = framed(framed(id.length)) + named.length + (custom === 0 ? 0 : framed(custom)) + framed(data.length);
  let at = writeHead(bytes, from, PROPOSED_TAG, length);
  at = writeHead(bytes, at, ID_TAG, framed(id.length));
  at = writeHead(bytes, at, STRING_TAG, id.length);
  at += bytes.write(id, at, 'latin1');
  at += named.copy(bytes, at);
  if (correlation !== null) {
    at = writeHead(bytes, at, CUSTOM_TAG, custom);
    at += bytes.write(`${BEFORE_CORRELATION}${correlation}${AFTER_CORRELATION}`, at, 'latin1');
  }
  at = writeHead(bytes, at, DATA_TAG, data.length);
  bytes.set(data, at);
  return at + data.length;
}

/** Length of the JSON text that holds the correlation, a reference in base64url; 0 where there is none. */
function customBytes(correlation: string | null): number {
  return correlation === null ? 0 : BEFORE_CORRELATION.length + correlation.length + AFTER_CORRELATION.length;
}

/** An entry of the map of an event's metadata. */
function metadata(key: string, value: string): Buffer {
  return field(2, field(1, Buffer.from(key)), field(2, Buffer.from(value)));
}

/** A field of bytes (wire type 2), or of a whole number up to 2^53 (wire type 0). */
function field(no: number, ...parts: readonly Uint8Array[] | readonly [number]): Buffer {
  const [value] = parts;
  const head = Buffer.alloc(10);
  if (typeof value === 'number') return head.subarray(0, writeVarint(head, writeVarint(head, 0, no << 3), value));
  const inner = Buffer.concat(parts as readonly Uint8Array[]);
  return Buffer.concat([head.subarray(0, writeHead(head, 0, (no << 3) | 2, inner.length)), inner]);
}

/** Length of a field of so many bytes, with its tag and length. */
function framed(length: number): number {
  let bytes = 2 + length;
  for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

function writeHead(bytes: Buffer, at: number, tag: number, length: number): number {
  bytes[at] = tag;
  return writeVarint(bytes, at + 1, length);
}

function writeVarint(bytes: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[next++] = (rest % 0x80) | 0x80;
  bytes[next++] = rest;
  return next;
}
