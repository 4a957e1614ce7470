import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Problem } from '#host';
import { readJson } from '#ledger';
import { BodyBudget, Cut, mediaTypeOf, readBody } from './actions/body.js';
import { BODY_BUDGET_BYTES, MAX_SMALL_BODY_BYTES, type Config } from './settings.js';
import { problemOfIssues } from './body-problem.js';

const budget = new BodyBudget(BODY_BUDGET_BYTES);

/**
 * A body of `application/json`, strictly read and checked; undefined where the client is gone. Throws Problem with the
 * place of the first fault, an unknown field at its parent's place, as with actions.
 */
export async function readSmallBody<S extends z.ZodType>(
  request: FastifyRequest,
  reply: FastifyReply,
  schema: S,
  config: Config,
): Promise<z.infer<S> | undefined> {
  if (mediaTypeOf(request.raw) !== 'application/json') throw new Problem('unsupported-media-type');
  let text: Buffer;
  try {
    text = await readBody(request.raw, MAX_SMALL_BODY_BYTES, config['stall-seconds'] * 1000, budget);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    reply.hijack();
    reply.raw.destroy();
    return undefined;
  }
  const json = readJson(text);
  if (json.refusal)
    throw new Problem(json.refusal.code, { pointer: json.refusal.pointer, detail: json.refusal.detail });
  const parsed = schema.safeParse(json.ok);
  if (!parsed.success) throw problemOfIssues(parsed.error.issues, json.ok);
  return parsed.data;
}
