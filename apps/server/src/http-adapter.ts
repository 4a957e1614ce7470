import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LogController, type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import {
  loggerOptions,
  Problem,
  problemBody,
  problemOf,
  sendProblem,
  statusOf,
  type Config,
  type LogSink,
} from '#host';

/** How often at least heads are looked at that are not whole yet. */
const CHECK_EVERY_MS = 5_000;
/** What is read ahead of a route that does not read, and written ahead of a client that does not, in bytes. */
const HELD_BYTES = 16 * 1024;
/** A connection on which nothing at all moves is dead. */
const CONNECTION_TIMEOUT_MS = 120_000;
/** How long a refused body may go on before its connection is cut. */
const REFUSED_BODY_MS = 2_000;

/** Fastify as Depter needs it: bodies reach the routes unread, errors are problems, nothing that came in is logged. */
export function makeAdapter(config: Config, log: LogSink): FastifyAdapter {
  // A head has one deadline for the whole of it; a body is looked after by its route, since a stream may last for hours.
  const headersTimeout = config['stall-seconds'] * 1000;
  const options: FastifyHttpOptions<Server> = {
    logger: loggerOptions(config['log-level'], log),
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 0,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: 128 },
    forceCloseConnections: 'idle',
    http: {
      headersTimeout,
      requestTimeout: 0,
      highWaterMark: HELD_BYTES,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, headersTimeout / 4),
    },
    frameworkErrors: (error, _request, reply) => sendProblem(reply, problemOf(error) ?? new Problem('malformed')),
    clientErrorHandler: (error, socket) => answerBrokenHead(error, socket),
  };
  return new FastifyAdapter(options);
}

/** The hooks and parsers that stand before every route. */
export function prepareInstance(instance: FastifyInstance, isStopping: () => boolean): void {
  instance.removeAllContentTypeParsers();
  // The route reads the body itself, against its own limits and deadlines.
  instance.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  instance.addHook('onRequest', (_request, reply, done) => {
    void reply.header('x-content-type-options', 'nosniff');
    if (!isStopping()) return done();
    void reply.header('connection', 'close');
    sendProblem(reply, new Problem('unavailable', {}, { 'retry-after': '5' }));
  });
  instance.addHook('onResponse', (request, _reply, done) => {
    const { raw } = request;
    if (!raw.complete) setTimeout(() => raw.complete || raw.socket.destroy(), REFUSED_BODY_MS).unref();
    done();
  });
}

/** What is no HTTP never reaches a route; it is answered by hand, and nothing of it comes back. */
function answerBrokenHead(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'malformed';
  const body = JSON.stringify(problemBody(code));
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${statusOf(code)} Refused\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
