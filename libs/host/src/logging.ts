/**
 * Log lines are JSON, and hold nothing that came in: never a body, a header, an address or the text of an exception,
 * each of which may carry an identifier. What is left of a failure is its class, its closed code and its stack's places.
 */
import type { LoggerService } from '@nestjs/common';
import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from 'fastify';
import { types } from 'node:util';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What may be said of a failure. */
export interface FailureLine {
  readonly name: string;
  readonly code?: string;
  /** SQLite's own number of it. */
  readonly errcode?: number;
  readonly at?: readonly string[];
  readonly cause?: FailureLine;
}

const CODE = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** A failure without its text: the message of an exception may quote what came in. */
export function describeFailure(error: unknown, depth = 3): FailureLine {
  if (!types.isNativeError(error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' && CODE.test(error.code) ? error.code : undefined;
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
  const at = (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 12);
  return {
    name: CODE.test(error.name) ? error.name : 'Error',
    ...(code === undefined ? {} : { code }),
    ...(errcode === undefined ? {} : { errcode }),
    ...(at.length === 0 ? {} : { at }),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: describeFailure(error.cause, depth - 1) }),
  };
}

/** Where log lines go, each with its line feed. */
export interface LogSink {
  write(line: string): void;
}

/**
 * Lines of one turn of the event loop go out together: a write for each would cost a busy server more than the requests
 * that it tells of.
 */
export class BufferedSink implements LogSink {
  private lines = '';

  constructor(private readonly to: { write(text: string): unknown }) {}

  write(line: string): void {
    if (this.lines === '') setImmediate(() => this.flush());
    this.lines += line;
  }

  /** Writes what is waiting; before the process ends, and by itself soon. */
  flush(): void {
    if (this.lines === '') return;
    const lines = this.lines;
    this.lines = '';
    this.to.write(lines);
  }
}

/** Options of Fastify's logger: no request or response is ever serialised. */
export function loggerOptions(level: LogLevel, stream: LogSink): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    stream,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      req: () => ({}),
      res: () => ({}),
      err: (error) => ({ type: '', message: '', stack: '', ...describeFailure(error) }),
    },
  };
}

/** One line for each request when it is over: the route's pattern, never the address. */
export function logRequests(instance: FastifyInstance): void {
  instance.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.is404 ? null : (request.routeOptions.url ?? null),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}

/** Nest's own lines, through the same stream. Nest writes of modules and routes; of an exception only what may be said. */
export class NestLog implements LoggerService {
  constructor(private readonly to: FastifyBaseLogger) {}

  log(message: unknown, context?: unknown): void {
    this.to.debug({ context: text(context) }, text(message));
  }
  debug(message: unknown, context?: unknown): void {
    this.to.debug({ context: text(context) }, text(message));
  }
  verbose(message: unknown, context?: unknown): void {
    this.to.debug({ context: text(context) }, text(message));
  }
  warn(message: unknown, context?: unknown): void {
    this.to.warn({ context: text(context) }, text(message));
  }
  error(error: unknown): void {
    this.to.error({ failure: describeFailure(error) }, 'failure in the framework');
  }
  fatal(error: unknown): void {
    this.to.fatal({ failure: describeFailure(error) }, 'failure in the framework');
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * A crash says where, not what: Node would print the message of the exception, which may quote what came in. The
 * process ends with status 3, `the store failed` of the command line, since nothing else throws past the edge.
 */
export function crashQuietly(sink: BufferedSink, exit: (status: number) => void): void {
  const crash = (error: unknown): void => {
    sink.write(`${JSON.stringify({ level: 'fatal', failure: describeFailure(error), msg: 'crash' })}\n`);
    sink.flush();
    exit(3);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
