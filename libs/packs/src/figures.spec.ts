/**
 * Every figure of the packs against the tables they were taken from, written here a second time by hand: whoever changes
 * a figure in a pack changes it here too, and says why.
 */

import { describe, expect, it } from '@jest/globals';
import { DATA, FICTITIOUS, loadPacks } from '../testdata/load.js';
import { compile, isoTerm } from './index.js';

const packs = loadPacks(DATA);

/** The deadlines that one pack writes: `trigger duty: term, clause [mark]`. */
function deadlinesOf(id: string): string[] {
  return packs.flatMap((pack) => {
    if (pack.kind === 'calendar') return [];
    const own = pack.kind === 'controller' ? pack.controller.id : pack.meta.id;
    if (own !== id) return [];
    return pack.deadlines.map(
      (row) => `${row.trigger} ${row.duty}: ${row.term ?? 'none'}, ${row.clause} [${row.mark}]`,
    );
  });
}

describe('the deadlines', () => {
  it('of Law 58', () => {
    expect(deadlinesOf('kg.law-58')).toEqual([
      'access.requested answer-access: 1 week, Law 58 17(д) [P]',
      'documents.requested answer-access: 1 week, Law 58 17(д) [P]',
      'authority.asked answer-authority: 1 week, Law 58 17(з) [P]',
      'rectification.requested rectify: none, Law 58 28 [P]',
      'block.requested block: at once, Law 58 (Agency FAQ, blocking) [P]',
      'dispute.upheld unblock: at once, Law 58 (Agency FAQ, blocking) [P]',
      'dispute.rejected unblock: at once, Law 58 (Agency FAQ, blocking) [P]',
      'purpose.reached destroy: 2 weeks, Law 58 26 [S]',
      'minimum.reached destroy: 2 weeks, Law 58 26 [S]',
      'transfer.made notify-transfer: 1 week, Decree 759 [M]',
      'recipient.engaged register-change: none, Law 58 30 [P]',
    ]);
  });

  it('of 94-V', () => {
    expect(deadlinesOf('kz.94-v')).toEqual([
      'access.requested answer-access: 3 working days, 94-V 25(2) [M]',
      'rectification.requested answer-rectify: 3 working days, 94-V 25(2) [M]',
      'destruction.requested answer-destroy: 3 working days, 94-V 25(2) [M]',
      'dispute.opened answer-dispute: 3 working days, 94-V 25(2) [M]',
      'objection.received answer-objection: 3 working days, 94-V 19-1 [V]',
      'consent.withdrawn answer-withdrawal: 15 working days, 94-V 8(7) [V]',
      'consent.withdrawn destroy: 15 working days, 94-V 8(7) [V]',
      'rectification.requested rectify: 1 working day, 94-V 25(2) [V]',
      'block.requested block: 1 working day, 94-V 25(2) [V]',
      'dispute.opened block: 1 working day, 94-V 25(2) [V]',
      'dispute.rejected unblock: 1 working day, 94-V 25(2) [V]',
      'dispute.upheld destroy: 1 working day, 94-V 25(2) [V]',
      'unlawful.proved destroy: 1 working day, 94-V 25(2) [V]',
      'destruction.requested destroy: 1 working day, 94-V 25(2) [V]',
      'purpose.reached destroy: 1 working day, 94-V 25(2) [V]',
      'consent.expired destroy: 1 working day, 94-V 25(2) [V]',
      'minimum.reached destroy: 1 working day, 94-V 25(2) [V]',
      'destroyed notify-recipient: 1 working day, 94-V 6 [V]',
      'transfer.made notify-transfer: 10 working days, 94-V 19 [V]',
      'breach.found report-breach: 1 working day, 94-V 25(2) [V]',
    ]);
  });

  it('of its neighbours', () => {
    expect(deadlinesOf('kz.56-v')).toEqual([
      'contract.defaulted notify-arrears: 10 calendar days, 56-V 9-2 [V]',
      'contract.ceded notify-cession: 30 calendar days, 56-V 9-1(8) [V]',
      'transfer.made notify-transfer: at once, 56-V 9-2 [V]',
    ]);
    expect(deadlinesOf('kz.mfo-rules')).toEqual([
      'breach.found tell-subject-breach: 1 working day, MFO rules, breach of secrecy [S]',
      'breach.found report-breach: 1 working day, MFO rules, breach of secrecy [S]',
      'breach.found measures-breach: 2 working days, MFO rules, breach of secrecy [S]',
    ]);
    expect([...deadlinesOf('kz.573-ii'), ...deadlinesOf('kz.aml'), ...deadlinesOf('kg.aml')]).toEqual([]);
  });

  const kgDefault = [
    'consent.withdrawn answer-withdrawal: 1 week, pack default [M]',
    'dispute.opened answer-dispute: 1 week, pack default [M]',
  ];

  it('of the policies', () => {
    expect(deadlinesOf('kg.somo')).toEqual(kgDefault);
    expect(deadlinesOf('kg.holder')).toEqual(kgDefault);
    expect(deadlinesOf('kg.softskills')).toEqual([
      ...kgDefault,
      'rectification.requested rectify: 7 working days, policy 16 [P]',
      'rectification.requested notify-subject: 7 working days, policy 16 [P]',
      'unlawful.proved destroy: 7 working days, policy 16 [P]',
      'unlawful.proved notify-subject: 7 working days, policy 16 [P]',
      'consent.withdrawn stop: at once, policy 17 [P]',
      'consent.withdrawn destroy: 30 calendar days, policy 17 [P]',
      'destruction.requested destroy: 30 calendar days, policy 17 [P]',
      'unlawful.proved destroy: 30 calendar days, policy 17 [P]',
      'dispute.upheld destroy: 30 calendar days, policy 17 [P]',
      'purpose.reached destroy: 30 calendar days, policy 17 [P]',
      'consent.expired destroy: 30 calendar days, policy 17 [P]',
      'destruction.impossible destroy-blocked: 6 months, policy 17 [P]',
    ]);
    expect(deadlinesOf('kz.autosiyliq')).toEqual(['listed review: none, policy 1.1 [P]']);
    expect(deadlinesOf('kz.finbox')).toEqual([]);
  });

  it('of 17 give way to a term of the law, those of 16 and the six months do not', () => {
    const lerna = packs.find((pack) => pack.kind === 'controller' && pack.controller.id === 'kg.softskills');
    const rows = lerna?.kind === 'controller' ? lerna.deadlines : [];
    expect(rows.filter((row) => row.yieldsToLaw).map((row) => row.term)).toEqual(Array(6).fill('30 calendar days'));
    expect(rows.filter((row) => row.term === '30 calendar days' && !row.yieldsToLaw)).toEqual([]);
  });
});

describe('the minimums', () => {
  it('of every law', () => {
    const written = packs.flatMap((pack) =>
      pack.kind === 'law'
        ? pack.minimums.map((one) => `${pack.meta.id} ${one.id} ${one.after.kind} ${one.term} ${one.mark}`)
        : [],
    );
    expect(written.sort()).toEqual([
      'kg.aml aml-file contract-performed P5Y M',
      'kz.573-ii report-consent collected P10Y V',
      'kz.573-ii supply-consent transferred P10Y V',
      'kz.aml aml-file contract-performed P5Y M',
      'kz.mfo-rules dossier contract-performed P5Y S',
    ]);
    expect(
      compile(packs, 'kg.somo')
        .minimums('2025-03-03')
        .map((one) => isoTerm(one.term)),
    ).toEqual(['P5Y']);
  });
});

describe('the readings', () => {
  it('take up every contradiction, and say who decided and when', () => {
    const of = (id: string): string[] =>
      packs.flatMap((pack) =>
        (pack.kind === 'controller' ? pack.controller.id : pack.meta.id) === id
          ? pack.readings.map((one) => one.id)
          : [],
      );
    expect(of('kg.somo')).toEqual(
      expect.arrayContaining([
        'withdrawal-time',
        'six-grounds-or-both',
        'only-to-obtain',
        'borrower-keeps-secrecy',
        'identifying-ip',
        'undated',
      ]),
    );
    expect(of('kg.law-58')).toEqual(
      expect.arrayContaining(['directly-or-others', 'week-or-seven-days', 'article-15-points', 'article-26-purpose']),
    );
    expect(of('kg.softskills')).toEqual(
      expect.arrayContaining([
        'proof-or-detection',
        'destroy-or-depersonalise',
        'onward-ban',
        'consent-or-contract',
        'contractors-research',
        'withdrawal-ends-term',
        'stop-at-once',
        'six-months-anchor',
        'cookies-identify',
        'authoritative-text',
      ]),
    );
    expect(of('kz.finbox')).toEqual(
      expect.arrayContaining(['any-third-party', 'consent-or-law', 'consent-free-changes']),
    );
    expect(of('kz.autosiyliq')).toEqual(
      expect.arrayContaining(['three-grounds', 'withdrawal-optional', 'identifying-ip']),
    );
    expect(of('kz.94-v')).toEqual(expect.arrayContaining(['withdrawal-bar', 'answer-term']));
  });
});

describe('a fictitious edition', () => {
  it('is the edition before it but for what the scenario says', () => {
    const [somo, finbox] = ['kg.somo', 'kz.finbox'].map((id) =>
      [...packs, ...loadPacks(FICTITIOUS)]
        .filter((pack) => pack.kind === 'controller')
        .filter((pack) => pack.controller.id === id),
    );
    const rest = (pack: object | undefined): object => ({ ...pack, source: '', edition: '' });
    expect(rest(somo?.[1])).toEqual(rest(somo?.[0]));
    expect(finbox?.[1]?.purposes.filter((one) => one.id !== 'advertising')).toEqual(finbox?.[0]?.purposes);
    expect(finbox?.[1]?.statements.filter((one) => one.id !== 'better-protection')).toEqual(finbox?.[0]?.statements);
    const same = (pack: object | undefined): object => ({ ...rest(pack), purposes: '', statements: '' });
    expect(same(finbox?.[1])).toEqual(same(finbox?.[0]));
  });
});
