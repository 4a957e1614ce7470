import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StoreFailure } from '#store';
import { describeFailure } from './logging.js';
import { Problem, problemBody, statusOf, type ProblemCode } from './problem.js';
import { RouteTable } from './route-table.js';

/** Seconds after which a refused client may come again. */
const RETRY_SECONDS = '1';

/** What a failure of the store is to a client. */
const OF_STORE: Readonly<Record<StoreFailure['code'], ProblemCode>> = {
  overloaded: 'overloaded',
  unavailable: 'unavailable',
  changed: 'changed',
  locked: 'unavailable',
  corrupt: 'unavailable',
  full: 'unavailable',
};

/** A failure of the store as a refusal of the request. */
export function problemOfStore(failure: StoreFailure): Problem {
  const code = OF_STORE[failure.code];
  return new Problem(code, {}, code === 'overloaded' || code === 'unavailable' ? { 'retry-after': RETRY_SECONDS } : {});
}

/** What the framework itself refuses, by its status; anything else is a bug of ours and says nothing of itself. */
function problemOfStatus(status: number): Problem | undefined {
  switch (status) {
    case 400:
      return new Problem('malformed');
    case 404:
    case 414:
      return new Problem('not-found');
    case 413:
      return new Problem('too-large');
    case 415:
      return new Problem('unsupported-media-type');
    case 503:
      return new Problem('unavailable', {}, { 'retry-after': RETRY_SECONDS });
    default:
      return undefined;
  }
}

function statusOfFramework(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}

/** The problem of any error; undefined where it is a bug. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof StoreFailure) return problemOfStore(error);
  const status = statusOfFramework(error);
  return status === undefined ? undefined : problemOfStatus(status);
}

/** Sends a problem; the stream of a body that was not read to its end is closed with the answer. */
export function sendProblem(reply: FastifyReply, problem: Problem, status = statusOf(problem.code)): void {
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  void reply
    .code(status)
    .headers(problem.headers)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ ...problemBody(problem.code, problem.place), status }));
}

/** The one filter: whatever was thrown becomes a problem, and only a bug is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.refine(problemOf(error), request);
    if (problem) {
      sendProblem(reply, problem);
      return;
    }
    request.log.error({ failure: describeFailure(error), route: request.routeOptions.url ?? null }, 'request failed');
    sendProblem(reply, new Problem('unavailable'), 500);
  }

  /** An address that is known by another method is 405, not 404. */
  private refine(problem: Problem | undefined, request: FastifyRequest): Problem | undefined {
    if (problem?.code !== 'not-found' || !request.is404) return problem;
    const methods = this.routes.methodsOf(request.raw.url ?? '/');
    if (methods.length === 0) return problem;
    return new Problem('method-not-allowed', {}, { allow: methods.join(', ') });
  }
}
