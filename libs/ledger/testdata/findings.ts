/** Acts about one borrower and what is found wrong with them (`rules.md` 4), for tables that are tried row by row. */
import { describe, expect, test } from '@jest/globals';
import type { FindingCode, FindingRow } from '../src/finding.js';
import type { Person } from '../src/identifier.js';
import type { Rulebook } from '#packs';
import { collected, consented, F, type Row, Told } from './acts.js';
import { rulebookOf } from './packs.js';

/** The codes that each spec tries, so that none is forgotten. */
export const COLLECTING = [
  'collected-without-notice',
  'collected-without-basis',
  'collected-excessive',
  'collected-banned-form',
  'source-outside-policy',
] as const satisfies readonly FindingCode[];
export const PASSING_ON = [
  'transfer-without-basis',
  'transfer-unknown-recipient',
  'transfer-forbidden',
  'transfer-cross-border',
  'transfer-without-undertaking',
  'onward-transfer',
] as const satisfies readonly FindingCode[];
export const USING = [
  'use-off-purpose',
  'use-after-stop',
  'use-while-blocked',
  'use-after-destruction',
  'not-depersonalised',
  'open-ended-without-reason',
] as const satisfies readonly FindingCode[];
export const KEEPING = [
  'kept-past-term',
  'answer-late',
  'order-outstanding',
  'gap',
  'destroyed-while-kept',
] as const satisfies readonly FindingCode[];

export const auto = rulebookOf('kz.autosiyliq');
export const finbox = rulebookOf('kz.finbox');
export const lerna = rulebookOf('kg.softskills');
export const somo = rulebookOf('kg.somo');
export const holder = rulebookOf('kg.holder');

export const C = '2025-09-01';
export const K: Person = { phone: '+996700000205' };

/** The findings of one code on a day, each as `short` writes it. */
export function told(
  rows: readonly Row[],
  book: Rulebook,
  code: FindingCode,
  asOf: string,
  person: Person = F,
): readonly string[] {
  return new Told(book, rows)
    .findings(asOf, person)
    .filter((row) => row.code === code)
    .map(short);
}

/** `on items recipient clause state`, what is absent left out. */
export function short({ on, items, recipient, clause, state, closedOn }: FindingRow): string {
  return [on, items.join(','), recipient, clause, closedOn ?? state]
    .filter((part) => part !== undefined && part !== null && part !== '')
    .join(' | ');
}

export const noticed = (items: readonly string[], more: object = {}, on = C): Row => [
  on,
  'noticed',
  { edition: 'undated', items, purposes: [], ...more },
];
export const destroyed = (on: string, items: readonly string[] | 'all', more: object = {}): Row => [
  on,
  'destroyed',
  { items, method: 'erase', ...more },
];
export const used = (on: string, items: readonly string[], purposes: readonly string[], more: object = {}): Row => [
  on,
  'used',
  { items, purposes, ...more },
];
export const transferred = (on: string, recipient: string, more: object = {}): Row => [
  on,
  'transferred',
  { items: ['name'], recipient, purposes: ['consult'], basis: 'consent', ...more },
];
export const confirmed = (on: string, recipient: string, items?: readonly string[]): Row => [
  on,
  'confirmed',
  { recipient, order: 'destroy', ...(items === undefined ? {} : { items }) },
];
export const undertook = (on: string, recipient: string, what: readonly string[], more: object = {}): Row => [
  on,
  'undertook',
  { person: undefined, recipient, what, ...more },
];
export const allUndertakings = ['confidentiality', 'security', 'no-onward'];
export const agreed = consented(C, ['consult', 'register'], {
  parts: [{ purpose: 'consult' }, { purpose: 'register' }, { recipient: 'kg.bank' }],
});
export const held = [noticed(['name', 'phone']), agreed, collected(C, ['name', 'phone'], ['consult'])];

export type Case = readonly [
  title: string,
  rows: readonly Row[],
  asOf: string,
  expected: readonly string[],
  book?: Rulebook,
  person?: Person,
];

/** Tries the table of each code: by the rules of lerna, about F, where a row names no others. */
export function tryCases<Code extends FindingCode>(
  codes: readonly Code[],
  cases: Readonly<Record<Code, readonly Case[]>>,
): void {
  describe.each([...codes])('%s', (code) => {
    const table: readonly Case[] = cases[code];
    test.each(table)('%s', (_, rows, asOf, expected, book = lerna, person = F) => {
      expect(told(rows, book, code, asOf, person)).toEqual(expected);
    });
  });
}
