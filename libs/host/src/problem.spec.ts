import { HttpException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { StoreFailure } from '#store';
import { Problem, PROBLEM_CODES, problemBody } from './problem.js';
import { problemOf } from './problem-filter.js';

describe('a problem', () => {
  it('has a code of the wire contract, and for each code one status', () => {
    const status = Object.fromEntries(PROBLEM_CODES.map((code) => [code, problemBody(code).status]));
    expect(status).toEqual({
      malformed: 400,
      'unknown-type': 400,
      'unknown-field': 400,
      'missing-field': 400,
      'invalid-field': 400,
      'check-digit': 400,
      'future-time': 400,
      'too-large': 413,
      'too-deep': 400,
      'too-many-parts': 400,
      'controller-mismatch': 400,
      'unsupported-media-type': 415,
      unauthorised: 401,
      forbidden: 403,
      'not-found': 404,
      'method-not-allowed': 405,
      conflict: 409,
      gone: 410,
      changed: 412,
      overloaded: 429,
      unavailable: 503,
      'ground-required': 422,
      'ground-not-met': 422,
      'kept-by-law': 422,
      'not-allowed': 422,
    });
  });

  it('has no instance, and a title of its own', () => {
    const bodies = PROBLEM_CODES.map((code) => problemBody(code, { pointer: '/data', line: 3 }));
    for (const body of bodies)
      expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'code', 'pointer', 'line']);
    expect(new Set(bodies.map(({ title }) => title)).size).toBe(PROBLEM_CODES.length);
  });
});

describe('problemOf', () => {
  it.each([
    ['overloaded', 'overloaded', '1'],
    ['unavailable', 'unavailable', '1'],
    ['full', 'unavailable', '1'],
    ['locked', 'unavailable', '1'],
    ['corrupt', 'unavailable', '1'],
    ['changed', 'changed', undefined],
  ] as const)('of a store that is %s is %s', (failure, code, retryAfter) => {
    const problem = problemOf(new StoreFailure(failure, 'canary', true));
    expect(problem).toMatchObject({ code, place: {} });
    expect(problem?.headers['retry-after']).toBe(retryAfter);
    expect(problem?.message).not.toContain('canary');
  });

  it('of what the framework refuses goes by its status, and says nothing of it', () => {
    expect(problemOf(new HttpException('canary', 404))).toMatchObject({ code: 'not-found', message: 'not-found' });
    expect(problemOf(Object.assign(new Error('canary'), { statusCode: 415 }))?.code).toBe('unsupported-media-type');
  });

  it('of itself is itself, and of a bug there is none', () => {
    const problem = new Problem('forbidden');
    expect(problemOf(problem)).toBe(problem);
    for (const bug of [new TypeError('canary'), new HttpException('canary', 500), 'canary', undefined])
      expect(problemOf(bug)).toBeUndefined();
  });
});
