/** Where each clause that a scenario asks for comes from: the rules of the day, asked as findings and decisions ask them. */

import { describe, expect, it } from '@jest/globals';
import { DATA, FICTITIOUS, loadPacks, SCENARIOS } from '../testdata/load.js';
import {
  compile,
  itemBansFor,
  transferBansFor,
  transferRulesFor,
  undertakingsFor,
  type Organisation,
  type Rulebook,
} from './index.js';

const packs = loadPacks(DATA, FICTITIOUS);
const somo = compile(packs, 'kg.somo');
const lerna = compile(packs, 'kg.softskills');
const holder = compile(packs, 'kg.holder');
const auto = compile(packs, 'kz.autosiyliq');
const finbox = compile(packs, 'kz.finbox');

const clauses = (rules: readonly { readonly cite: { readonly clause: string } }[]): string[] =>
  rules.map((rule) => rule.cite.clause);

function organisation(book: Rulebook, id: string, on: string): Organisation {
  const found = book.organisation(id, on);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

describe('a withdrawal', () => {
  it.each([
    ['kg.somo', somo, '2025-04-15', 'policy 6.4', 'policy 6.4.2'],
    ['kg.softskills', lerna, '2025-11-04', 'policy 17', undefined],
    ['kz.autosiyliq', auto, '2026-02-17', '94-V 8(7)', '94-V 8(2)'],
    ['kz.finbox', finbox, '2026-05-12', '94-V 8(7)', '94-V 8(2)'],
  ] as const)('at %s stops and is barred by these clauses', (_, book, on, stop, bar) => {
    const { withdrawal } = book.rules(on);
    expect([withdrawal.stop?.clause, withdrawal.bar?.clause]).toEqual([stop, bar]);
  });
});

describe('a transfer', () => {
  it.each([
    [somo, '2025-05-28', 'kg.collector', 'recover', 'default policy 2.3(3)'],
    [somo, '2025-03-04', 'kg.bank', 'settle', 'need policy 2.3(2)'],
    [somo, '2025-05-28', 'kg.bureau', 'advertising', 'consent policy 2.3(1)'],
    [lerna, '2025-09-02', 'kg.bank', 'bank-talks', 'consent policy 11.3'],
    [holder, '2025-05-14', 'kg.processor', 'service', 'consent Law 58'],
    [auto, '2026-02-10', 'kz.bureau.private', 'bureau-supply', 'consent 573-II 26(1)'],
    [auto, '2026-02-10', 'kz.bureau.state', 'bureau-supply', 'law 573-II 26(1)'],
    [auto, '2026-02-10', 'xx.sms', 'loan', 'consent 94-V 7(6)'],
    [auto, '2026-06-12', 'kz.collector', 'collect-debt', 'contract policy 2.3'],
    [finbox, '2026-04-08', 'kz.bank', 'microcredit', 'consent 94-V 7(6)'],
  ] as const)('of %# rests on the rule made for it', (book, on, recipient, purpose, wanted) => {
    const [rule] = transferRulesFor(book.rules(on), organisation(book, recipient, on), [purpose], ['name']);
    expect(`${rule?.condition} ${rule?.cite.clause}`).toBe(wanted);
  });

  it('to a collector has no rule of need, so that an open contract alone does not carry it', () => {
    const rules = transferRulesFor(
      somo.rules('2025-05-28'),
      organisation(somo, 'kg.collector', '2025-05-28'),
      ['recover'],
      ['name'],
    );
    expect(rules.map((rule) => rule.condition)).toEqual(['default', 'consent', 'stated', 'stated', 'consent']);
  });

  it.each([
    ['2026-04-20', 'kz.collector', 45, ['56-V 9-1(5-2)', '56-V 9-2(5)']],
    ['2026-04-30', 'kz.collector', 91, ['56-V 9-1(5-2)']],
    ['2026-05-01', 'kz.collector', 91, []],
    ['2026-05-20', 'kz.collector', 75, ['56-V 9-2(5)']],
    ['2026-06-04', 'kz.collector', 90, ['56-V 9-2(5)']],
    ['2026-06-12', 'kz.collector', 98, []],
    ['2026-06-12', 'kz.collector', undefined, ['56-V 9-2(5)']],
    ['2026-06-12', 'kz.trade', 98, ['56-V 9-1(5)']],
    ['2026-06-12', 'kz.bank', 0, []],
  ] as const)('on %s to %s, %s days overdue, is forbidden by these', (on, recipient, overdue, wanted) => {
    const bans = transferBansFor(
      auto.rules(on),
      organisation(auto, recipient, on),
      ['collect-debt'],
      ['name'],
      overdue,
    );
    expect(clauses(bans)).toEqual(wanted);
  });

  it.each([
    [somo, '2025-05-28', 'kg.collector', ['Law 58 17(в)', 'policy 4.2']],
    [somo, '2025-05-28', 'kg.bank', []],
    [lerna, '2025-09-02', 'kg.partner-other', ['policy 12']],
    [holder, '2025-05-12', 'kg.processor', ['Law 58 17(в)']],
    [holder, '2026-02-05', 'kg.processor', ['Digital Code, Chapter 11']],
    [auto, '2026-02-10', 'xx.sms', []],
  ] as const)('of %# owes undertakings by these', (book, on, recipient, wanted) => {
    expect(clauses(undertakingsFor(book.rules(on), organisation(book, recipient, on), ['recover'], ['name']))).toEqual(
      wanted,
    );
  });

  it('abroad needs adequacy or consent, and under Law 58 the register first', () => {
    const kinds = (book: Rulebook, on: string): string[] =>
      book.rules(on).crossBorder.map((rule) => `${rule.kind} ${rule.cite.clause}`);
    expect(kinds(holder, '2025-07-14')).toEqual(['adequacy-or-consent Law 58 25', 'register-first Law 58 30']);
    expect(kinds(holder, '2026-02-05')).toEqual(['adequacy-or-consent Digital Code 89']);
    expect(kinds(auto, '2026-02-09')).toEqual(['adequacy-or-consent 94-V 16']);
  });

  it('onward is barred to whoever undertook so', () => {
    expect(lerna.rules('2025-09-02').onward).toMatchObject([
      { undertaking: 'no-onward', cite: { clause: 'policy 12.3' } },
    ]);
    expect(auto.rules('2026-02-09').onward).toEqual([]);
  });
});

describe('a collection', () => {
  it('of an identity document on paper breaks law and policy', () => {
    const bans = (book: Rulebook, item: string, medium: 'paper' | 'electronic'): string[] =>
      clauses(itemBansFor(book.rules('2026-04-06'), item, medium, ['microcredit']));
    expect(bans(finbox, 'id-document', 'paper')).toEqual(['94-V 7(10)', 'policy 3.1']);
    expect(bans(finbox, 'iin', 'paper')).toEqual(['policy 3.1']);
    expect(bans(finbox, 'id-document', 'electronic')).toEqual([]);
    // AUTO takes the data of the card, no copy.
    expect(bans(auto, 'id-document', 'paper')).toEqual([]);
  });

  it('on paper at lerna serves what the user ordered, not advertising', () => {
    const bans = (purposes: string[]): string[] =>
      clauses(itemBansFor(lerna.rules('2025-09-01'), 'name', 'paper', purposes));
    expect([bans(['consult']), bans(['consult', 'advertising'])]).toEqual([[], ['policy 11.5']]);
  });

  it('needs a notice first in Kyrgyzstan, and none in Kazakhstan', () => {
    expect(somo.rules('2025-03-03').notice?.elements.map((one) => one.id)).toEqual([
      'data',
      'grounds-purposes',
      'third-parties',
      'other-use',
    ]);
    expect(somo.rules('2025-03-03').notice?.refusal).toBeDefined();
    expect(holder.rules('2026-02-05').notice?.cite.mark).toBe('M');
    expect(auto.rules('2026-02-02').notice).toBeUndefined();
  });

  it('from a source that the policy does not have breaks its scope', () => {
    const kinds = lerna.rules('2025-09-29').sources.allowed.map((one) => one.kind);
    expect(kinds).not.toContain('bought');
    expect(lerna.rules('2025-09-29').sources.limit?.clause).toBe('policy 3');
    expect(finbox.rules('2026-04-06').sources).toMatchObject({ open: { clause: 'policy first 2.2' } });
  });

  it('serves the purposes that the policy has for the item', () => {
    expect(auto.item('cookie', '2026-02-02')?.purposes).toEqual(['targeting']);
    expect(auto.rules('2026-02-02').excess?.clause).toBe('94-V 7(9)');
    expect(lerna.rules('2025-09-01').excess).toMatchObject({ clause: 'Law 58 4', mark: 'M' });
  });

  it('of every scenario serves a purpose that the policy has for the item', () => {
    for (const { controller, feed } of SCENARIOS) {
      const book = compile(packs, controller);
      for (const entry of feed.filter(
        (one) => one.do === 'collected' && (one['origin'] as { kind: string }).kind !== 'bought',
      )) {
        for (const item of entry['items'] as string[]) {
          expect(book.item(item, entry.on)?.purposes).toEqual(expect.arrayContaining(entry['purposes'] as string[]));
        }
      }
    }
  });
});

describe('a use', () => {
  it('for a purpose of a later edition breaks the clause by which the earlier one is changed', () => {
    expect(finbox.editionById('edition-1')?.change).toMatchObject({
      consentFree: 'better-protection',
      cite: { clause: 'policy 6.3' },
    });
    expect(somo.editionById('edition-1')?.change).toMatchObject({
      notice: 'must',
      channel: 'email',
      cite: { clause: 'policy 9.2' },
    });
    expect(auto.editionById('undated')?.change?.notice).toBe('may');
  });

  it('off purpose breaks the limit of the law', () => {
    expect([auto, finbox].map((book) => book.rules('2026-04-06').purposeLimit?.clause)).toEqual([
      '94-V 7(8)',
      '94-V 7(8)',
    ]);
  });

  it('for analytics at lerna, and transfer for research at AUTO, are of depersonalised data', () => {
    expect(lerna.purpose('analytics', '2025-09-01')?.depersonalised).toMatchObject({
      acts: ['used', 'transferred'],
      cite: { clause: 'policy 8.7' },
    });
    expect(auto.purpose('research', '2026-02-02')?.depersonalised).toMatchObject({
      acts: ['transferred'],
      cite: { clause: '94-V 17' },
    });
    expect(auto.purpose('other', '2026-02-02')?.openEnded).toBe(true);
    expect(finbox.item('score', '2026-04-07')?.openEnded).toBe(true);
  });
});

describe('an answer', () => {
  it('has nine elements in Kyrgyzstan and is free, but for the medium', () => {
    const { answer } = holder.rules('2025-05-19');
    expect(answer.elements.map((one) => one.id)).toEqual([
      'fact',
      'grounds-purposes',
      'methods',
      'holder-recipients',
      'data-source',
      'terms',
      'rights',
      'cross-border',
      'other',
    ]);
    expect([answer.free, answer.mediumFee].every((one) => one !== undefined)).toBe(true);
    expect(auto.rules('2026-02-02').answer.mediumFee).toBeUndefined();
  });

  it('is refused on a listed ground only, in Kyrgyzstan', () => {
    expect(holder.rules('2025-05-26').refusal).toMatchObject({
      cite: { clause: 'Law 58 17(ж)' },
      closed: { clause: 'Law 58 15' },
    });
    expect(holder.grounds('2025-05-26').map((ground) => ground.id)).toContain('law-58.15.others-rights');
    expect(holder.grounds('2026-02-05').map((ground) => ground.id)).toEqual(['digital-code.others-rights']);
    expect(auto.grounds('2026-03-10').map((ground) => [ground.id, ground.condition])).toEqual([
      ['94-v.8.2.obligation', 'obligation-open'],
      ['94-v.8.2.law', 'kept-by-law'],
    ]);
  });

  it('to a letter of lerna asks for the subject line, the own e-mail and the demand', () => {
    const request = lerna.rules('2025-11-03').requests.find((one) => one.rights.includes('withdraw'));
    expect(request).toMatchObject({
      channels: ['email'],
      requires: ['own-email', 'demand'],
      cite: { clause: 'policy 7' },
    });
    expect(request?.subjectLines.map((one) => one.language)).toEqual(['ru', 'ky']);
  });

  it('is never put off: no pack knows an extension', () => {
    for (const book of [somo, lerna, holder, auto, finbox]) {
      for (const on of ['2025-06-01', '2026-06-01']) expect(book.rules(on).extensions).toEqual([]);
    }
  });
});

describe('other rules', () => {
  it('forbid anonymised keeping after a withdrawal or a demand', () => {
    expect(lerna.rules('2025-11-04').anonymised).toMatchObject({
      purposes: ['analytics'],
      notAfter: ['destruction.requested', 'consent.withdrawn'],
      cite: { clause: 'policy 11.7' },
    });
  });

  it('have twelve fields in the register, to the last day of Law 58', () => {
    expect(holder.rules('2026-02-04').register?.fields.map((one) => one.id)).toEqual(
      'array holder purposes storage data subjects sources informing security responsible recipients cross-border'.split(
        ' ',
      ),
    );
    expect(holder.rules('2026-02-05').register).toBeUndefined();
  });

  it('want staff to undertake confidentiality before access', () => {
    expect(holder.rules('2025-05-13').staff).toMatchObject([
      { undertakings: ['confidentiality'], until: 'regime-ends', cite: { clause: 'Law 58 6' } },
    ]);
    expect(auto.rules('2026-02-02').staff).toMatchObject([{ cite: { clause: 'policy 4.3' } }]);
  });

  it('name the law that a policy cites after its end, from the first such day', () => {
    const stale = (book: Rulebook): unknown[] => book.staleLaws().map((one) => [one.on, one.cite.clause, one.to]);
    expect(stale(somo)).toEqual([['2026-02-05', 'policy 3.1', undefined]]);
    expect(stale(lerna)).toEqual([['2026-02-05', 'policy 6', undefined]]);
    expect(stale(holder)).toEqual([['2026-02-05', 'State Agency FAQ', undefined]]);
    expect(stale(auto)).toEqual([['2023-07-01', 'policy 3.1', undefined]]);
    expect(stale(finbox)).toEqual([]);
  });

  it('know ages, representatives, logs and defaults of a consent', () => {
    expect(lerna.rules('2025-04-21').capacity).toMatchObject({
      years: { count: 18, cite: { clause: 'policy 1' } },
      representative: { clause: 'policy 9.1' },
    });
    expect(auto.rules('2026-02-02').consent).toMatchObject({
      silentUntil: { event: 'purpose-reached', cite: { clause: '94-V 8(6)' } },
      logged: { clause: '94-V 22(1)(5)' },
    });
  });

  it('cite a clause of the policy for an incident that the user caused', () => {
    expect(finbox.cause('user', '2026-07-20')?.cite.clause).toBe('policy 4.3');
    expect(lerna.cause('recipient', '2025-09-02')?.cite.clause).toBe('policy 12.2');
    expect(auto.cause('controller', '2026-08-14')?.cite.clause).toBe('94-V 25(2)');
  });
});

describe.each(SCENARIOS.map((one) => [one.scenario, one] as const))('scenario %s', (_, scenario) => {
  const own = packs.filter((pack) => pack.kind === 'controller' && pack.controller.id === scenario.controller);
  const laws = own.flatMap((pack) => (pack.kind === 'controller' ? pack.controller.laws : []));
  const written = JSON.stringify([
    ...own,
    ...packs.filter((pack) => pack.kind === 'law' && laws.includes(pack.meta.id)),
  ]);

  it('asks for no clause that its packs do not write', () => {
    const asked = [...JSON.stringify(scenario.asks).matchAll(/"clause":"([^"]+)"/g)].map((found) => found[1]);
    const reasons = scenario.asks.flatMap((ask) => (ask.decision?.['reasons'] ?? []) as string[][]);
    for (const clause of [...asked, ...reasons.flatMap((reason) => reason[1] ?? [])]) {
      expect(written).toContain(`"clause":"${clause}"`);
    }
  });
});
