import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Problem } from '#host';
import { readJson } from '#ledger';
import { BodyBudget, Cut, mediaTypeOf, withBody } from './actions/body.js';
import { MAX_SMALL_BODY_BYTES, type Config } from './settings.js';
import { problemOfIssues } from './body-problem.js';

const budget = new BodyBudget(MAX_SMALL_BODY_BYTES, MAX_SMALL_BODY_BYTES);

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
  const limits = { maxBytes: MAX_SMALL_BODY_BYTES, stallMs: config['stall-seconds'] * 1000, budget };
  try {
    return await withBody(request.raw, limits, async (text) => parsed(text, schema));
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    reply.hijack();
    reply.raw.destroy();
    return undefined;
  }
}

function parsed<S extends z.ZodType>(text: Buffer, schema: S): z.infer<S> {
  const json = readJson(text);
  if (json.refusal)
    throw new Problem(json.refusal.code, { pointer: json.refusal.pointer, detail: json.refusal.detail });
  const result = schema.safeParse(json.ok);
  if (!result.success) throw problemOfIssues(result.error.issues, json.ok);
  return result.data;
}
