/** The packages of EventStoreDB's client, loaded by who connects to one: a data folder has no need of their 15 MB. */
import { createRequire } from 'node:module';
import type * as Client from '@eventstore/db-client';
import type Grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type Messages from '@eventstore/db-client/generated/streams_pb.js';

const load = createRequire(import.meta.url);

export const eventstore = (): typeof Client => load('@eventstore/db-client') as typeof Client;

export const streams = (): typeof Grpc => load('@eventstore/db-client/generated/streams_grpc_pb.js') as typeof Grpc;

export const messages = (): typeof Messages => load('@eventstore/db-client/generated/streams_pb.js') as typeof Messages;
