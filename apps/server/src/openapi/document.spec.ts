import { describe, expect, it } from '@jest/globals';
import { ACTION_NAMES, KEY_ROLES } from '#ledger';
import { openApiDocument } from './document.js';

type Json = Readonly<Record<string, unknown>>;

const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Json };
};

function at(pointer: string): unknown {
  let found: unknown = document;
  for (const part of pointer.replace('#/', '').split('/')) found = (found as Json | undefined)?.[part];
  return found;
}

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (key === '$ref' ? [String(one)] : refsIn(one)));
}

describe('the OpenAPI document', () => {
  it('is of 3.1, and everything that it refers to is in it', () => {
    expect(document.openapi).toBe('3.1.0');
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
  });

  it('has every action', () => {
    for (const name of ACTION_NAMES) expect(document.components.schemas).toHaveProperty([`action.${name}`]);
  });

  it('tells of each operation who may, what comes in by the address, and what goes out', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => [path, operation] as const),
    );
    expect(operations.length).toBeGreaterThan(15);
    for (const [path, operation] of operations) {
      const roles = (operation['x-roles'] ?? []) as string[];
      expect(roles.every((role) => KEY_ROLES.some((one) => one === role))).toBe(true);
      expect([path, roles.length > 0 || JSON.stringify(operation['security']) === '[]']).toEqual([path, true]);
      const inPath = (operation['parameters'] as Json[])
        .filter((one) => one['in'] === 'path')
        .map((one) => one['name']);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(operation['responses']).toHaveProperty('default');
    }
  });
});
