/** Every id in the heads of the five scenarios stands in the packs, with the clause and the form that the head gives. */

import { describe, expect, it } from '@jest/globals';
import { DATA, FICTITIOUS, loadPacks, SCENARIOS } from '../testdata/load.js';
import { checkPacks, compile, isoTerm, type Rulebook } from './index.js';

const packs = loadPacks(DATA, FICTITIOUS);

describe('the packs', () => {
  it('fit together, with and without the fictitious editions', () => {
    expect(checkPacks(loadPacks(DATA))).toEqual([]);
    expect(checkPacks(packs)).toEqual([]);
  });

  it('are of five organisations', () => {
    const ids = loadPacks(DATA).flatMap((pack) => (pack.kind === 'controller' ? [pack.controller.id] : []));
    expect(ids.sort()).toEqual(['kg.holder', 'kg.softskills', 'kg.somo', 'kz.autosiyliq', 'kz.finbox']);
  });

  it('hold fictitious editions in the tests alone', () => {
    expect(loadPacks(DATA).filter((pack) => pack.kind === 'controller' && pack.edition.fictitious)).toEqual([]);
    for (const pack of loadPacks(FICTITIOUS)) expect(pack).toMatchObject({ edition: { fictitious: true } });
  });
});

describe.each(SCENARIOS.map((one) => [one.scenario, one] as const))('the head of scenario %s', (_, head) => {
  const book = compile(packs, head.controller);
  const first = head.feed[0]?.on ?? '';
  const policy = packs.find((pack) => pack.kind === 'controller' && pack.controller.id === head.controller);

  it('names the controller', () => {
    expect([book.controller, book.zone, book.country]).toEqual([head.controller, head.zone, head.country]);
    expect(policy?.kind === 'controller' ? policy.controller.laws : []).toEqual(expect.arrayContaining([...head.laws]));
  });

  it.each(Object.entries(head.editions))('edition %s', (id, edition) => {
    const found = book.editionById(id);
    expect(found?.fictitious).toBe(edition.fictitious);
    expect(found?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect({ from: found?.from }).toEqual({ from: edition.from });
    expect(found?.cite.clause).toBe(edition.clause ?? found?.cite.clause);
  });

  it.each(Object.entries(head.items))('item %s', (id, text) => {
    expect(book.lists('item', id, first)).toBe(true);
    expect(book.item(id, first)?.describes).toBe(text.includes('describes another person') ? 'other' : 'subject');
    // The clause stands in brackets, where the head gives one: `name, patronymic (2.1)`.
    const clause = /\(((?:first |second )?\d+(?:\.\d+)?|intro|preamble)[),]/.exec(text)?.[1];
    const cited = book.item(id, first)?.cite.clause.replace('policy ', '');
    expect(cited).toBe(clause ?? cited);
  });

  it('purposes, in this order', () => {
    const ids = Object.keys(head.purposes);
    const on = head.scenario === '4.5' ? '2026-11-02' : first;
    const order = ids.map((id) => book.purpose(id, on)?.order ?? Number.NaN);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    for (const [id, { clause, ends, barred = false }] of Object.entries(head.purposes)) {
      expect(book.purpose(id, on)).toMatchObject({ id, ends, barred, cite: { clause } });
    }
  });

  it('purposes of a later edition, not before it', () => {
    const young = Object.entries(head.purposes).flatMap(([id, one]) =>
      one.edition === undefined ? [] : [[id, book.editionById(one.edition)?.from ?? ''] as const],
    );
    for (const [id, from] of young)
      expect([book.lists('purpose', id, first), book.lists('purpose', id, from)]).toEqual([false, true]);
    expect(young.length).toBe(head.scenario === '4.5' ? 1 : 0);
  });

  it('recipients, with what they need first', () => {
    for (const [id, one] of Object.entries(head.recipients)) {
      const found = book.organisation(id, first);
      expect(found).toMatchObject({ role: one.role, country: one.country, category: one.category });
      expect([...(found?.needs ?? [])].sort()).toEqual([...(one.needs ?? [])].sort());
    }
  });

  it('authorities and other sources', () => {
    for (const id of [...head.authorities, ...(head.sources ?? [])]) {
      expect(book.lists('organisation', id, first)).toBe(true);
    }
  });

  it('bases, grounds and terms', () => {
    for (const [id, clause] of Object.entries(head.bases)) expect(book.basis(id, first)?.cite.clause).toBe(clause);
    for (const [id, { clause, mark }] of Object.entries(head.grounds)) {
      expect(book.ground(id, first)).toMatchObject({ cite: { clause, ...(mark === undefined ? {} : { mark }) } });
      expect(book.ground(id, first)?.condition).toMatch(/obligation-open|kept-by-law|rights-of-others/);
    }
    for (const id of Object.keys(head.terms)) expect(book.has('term', id)).toBe(true);
  });

  it('exactly these minimums', () => {
    expect(minimums(book, first)).toEqual(
      Object.entries(head.minimums).map(([id, one]) => ({
        id,
        after: one.after,
        term: one.term,
        mark: one.mark,
        items: [...one.items].sort(),
        ...(one.clause === undefined ? {} : { clause: one.clause }),
      })),
    );
  });

  function minimums(from: Rulebook, on: string): unknown[] {
    return from.minimums(on).map((one) => ({
      id: one.id,
      after: one.after.kind === 'transferred' ? one.after.purpose : one.after.kind,
      term: isoTerm(one.term),
      mark: one.cite.mark,
      items: [...one.items].sort(),
      ...(head.minimums[one.id]?.clause === undefined ? {} : { clause: one.cite.clause }),
    }));
  }

  it('every id that the feed sends', () => {
    for (const entry of head.feed) {
      for (const [kind, key] of SENT) {
        const value = entry[key];
        for (const id of typeof value === 'string' ? [value] : [])
          expect([key, id, book.has(kind, id)]).toEqual([key, id, true]);
      }
    }
  });
});

/** Fields of actions whose ids stand in stored events as they are. */
const SENT = [
  ['channel', 'channel'],
  ['language', 'language'],
  ['edition', 'edition'],
  ['basis', 'basis'],
  ['ground', 'ground'],
  ['act', 'act'],
  ['method', 'method'],
  ['organisation', 'recipient'],
] as const;
