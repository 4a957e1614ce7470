import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Drain, listenAt, logRequests, Metrics, NestLog, RouteTable, type LogSink } from '#host';
import { makeAdapter, prepareInstance } from './http-adapter.js';
import { ServerModule, type Parts } from './server-module.js';

/** A server that serves. */
export interface Serving {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:N`, with the port that was really taken. */
  readonly url: string;
}

/** Starts the HTTP edge over parts that are open already; it serves when the promise resolves. Throws ConfigError. */
export async function serve(parts: Parts, log: LogSink): Promise<Serving> {
  const adapter = makeAdapter(parts.config, log);
  const instance: FastifyInstance = adapter.getInstance();
  const app = await NestFactory.create<NestFastifyApplication>(ServerModule.of(parts), adapter, {
    bodyParser: false,
    logger: new NestLog(instance.log),
    abortOnError: false,
  });
  const drain = app.get(Drain);
  app.get(RouteTable).watch(instance);
  prepareInstance(instance, () => drain.signal.aborted);
  logRequests(instance);
  measureRequests(instance, app.get(Metrics));
  await warnOfLocalName(parts, instance);
  return { app, url: await listenAt(app, parts.config) };
}

function measureRequests(instance: FastifyInstance, metrics: Metrics): void {
  instance.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    // How long a stream took says how much was sent, and nothing of the server.
    if (!request.headers['content-type']?.startsWith('application/x-ndjson')) {
      metrics.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    }
    done();
  });
}

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** A log that others can read is named for ever, and `localhost` tells nobody whose it is. */
async function warnOfLocalName({ config, controllers, log }: Parts, instance: FastifyInstance): Promise<void> {
  const [first] = controllers.all();
  if (LOOPBACK.test(config.host) || first === undefined) return;
  const key = await log.verifierKey(first, 1);
  if (key?.startsWith('localhost/') !== true) return;
  instance.log.warn('the logs are named localhost: make the data with --origin NAME before anything is to last');
}
