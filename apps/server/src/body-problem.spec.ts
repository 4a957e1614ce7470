import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { problemOfIssues } from './body-problem.js';

const SCHEMA = z.strictObject({ role: z.enum(['officer']), subject: z.string().optional(), more: z.strictObject({ a: z.string() }).optional() }); // prettier-ignore

const problemOf = (body: unknown) => problemOfIssues(SCHEMA.safeParse(body).error?.issues ?? [], body);

describe('the refusal of a body', () => {
  it.each<[unknown, string, string]>([
    [{ zq: 1, role: 'king' }, 'unknown-field', ''],
    [{ role: 'king', zq: 1 }, 'invalid-field', '/role'],
    [{ subject: 1 }, 'invalid-field', '/subject'],
    [{}, 'missing-field', '/role'],
    [{ role: 'officer', more: { b: 1 } }, 'unknown-field', '/more'],
    ['text', 'invalid-field', ''],
  ])('of %j is for what is wrong first in its order', (body, code, pointer) => {
    expect(problemOf(body)).toMatchObject({ code, place: { pointer } });
  });
});
