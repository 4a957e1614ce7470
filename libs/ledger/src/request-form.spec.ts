/** The form of requests: what is missing by which clause, what no policy can close, and what only a reader can say. */
import { describe, expect, test } from '@jest/globals';
import { compile, type Rulebook } from '#packs';
import { type Row, Told } from '../testdata/acts.js';
import { builtInPacks, rulebookOf } from '../testdata/packs.js';
import { judgeForm, type RequestForm } from './request-form.js';
import { requests } from './request-view.js';

const B = { pin: '20101199012345' };
const [auto, lerna, holder, somo] = ['kz.autosiyliq', 'kg.softskills', 'kg.holder', 'kg.somo'].map((name) =>
  rulebookOf(name),
);
const form = (right: string, channel?: string, more: Partial<RequestForm> = {}): RequestForm => ({
  right,
  channel,
  medium: 'electronic',
  hasDocument: false,
  byRepresentative: false,
  isIdentified: false,
  ...more,
});
const defects = (asked: RequestForm, book: Rulebook, on: string) =>
  judgeForm(asked, book, on).defects.map(({ defect, clause }) => `${defect} | ${clause}`);

test.each([
  [lerna, form('withdraw', 'phone'), '2026-03-02', ['channel | policy 7']],
  [lerna, form('withdraw', 'email'), '2026-03-02', []],
  // The law opens what the policy does not name.
  [auto, form('access', 'email'), '2026-03-02', []],
  [auto, form('access', 'messenger'), '2026-03-02', ['channel | 94-V 10(2)', 'channel | policy 7.1']],
  [holder, form('rectify', 'letter'), '2025-05-19', ['documents | Law 58 28']],
  [holder, form('rectify', 'letter', { hasDocument: true }), '2025-05-19', []],
  [holder, form('rectify', 'email'), '2025-05-19', ['channel | Law 58 28', 'documents | Law 58 28']],
  // In writing: a call is not, unless the paper came as well; of an office nobody says what was handed in there.
  [somo, form('withdraw', 'letter'), '2025-04-14', []],
  [somo, form('withdraw', 'phone'), '2025-04-14', ['channel | policy 6.4', 'writing | policy 6.4']],
  [somo, form('withdraw', 'phone', { medium: 'paper' }), '2025-04-14', ['channel | policy 6.4']],
  [holder, form('access', 'office'), '2025-05-19', []],
  // For somebody else, with a paper or without; where nothing says who may, none is wanted.
  [lerna, form('withdraw', 'email', { byRepresentative: true }), '2026-03-02', ['representation | policy 9.1']],
  [lerna, form('withdraw', 'email', { byRepresentative: true, hasDocument: true }), '2026-03-02', []],
  [auto, form('access', 'email', { byRepresentative: true }), '2026-03-02', []],
  // Nobody said how it came, or no rule is about it.
  [lerna, form('withdraw'), '2026-03-02', []],
  [somo, form('withdraw'), '2025-04-14', []],
  [auto, form('destroy', 'sms'), '2026-03-02', []],
] as const)('%#', (book, asked, on, expected) => {
  expect(defects(asked, book!, on)).toEqual(expected);
});

describe('what no field tells', () => {
  const wanted = (channel: string) => judgeForm(form('rectify', channel), lerna!, '2026-03-02').toCheck;

  test('is named with the lines that the policy wants, for whoever reads the letter', () => {
    const lines = [
      { language: 'ru', text: 'Уточнить персональные данные' },
      { language: 'ky', text: 'Жеке маалыматтарды тактоо' },
    ];
    expect(wanted('email')).toEqual([
      { want: 'own-email', clause: 'policy 7', pack: 'kg.softskills' },
      { want: 'subject-line', lines, clause: 'policy 7', pack: 'kg.softskills' },
    ]);
  });

  test('stands beside the request', () => {
    const { ledger } = new Told(lerna!, [['2026-03-02', 'withdrew', { parts: 'all', channel: 'email', person: B }]]);
    const [row] = requests(ledger.person(ledger.subject(B)), lerna!, { asOf: '2026-03-03', asKnown: undefined });
    expect(row).toMatchObject({ right: 'withdraw', toCheck: [{ want: 'own-email' }, { want: 'subject-line' }] });
    expect(row).not.toHaveProperty('defects');
  });

  test('and what a representative did not show', () => {
    const asked = (more: object): Row => [
      '2026-03-02',
      'withdrew',
      { parts: 'all', channel: 'email', person: B, ...more },
    ];
    const defectsOf = (more: object) => {
      const { ledger } = new Told(lerna!, [asked({ 'by-representative': true, ...more })]);
      const at = { asOf: '2026-03-03', asKnown: undefined };
      return requests(ledger.person(ledger.subject(B)), lerna!, at)[0]!.defects;
    };
    expect(defectsOf({})).toEqual([{ defect: 'representation', clause: 'policy 9.1', pack: 'kg.softskills' }]);
    expect(defectsOf({ document: 'birth certificate' })).toBeUndefined();
  });

  test('of a letter that is no e-mail is no subject line', () => {
    expect(wanted('letter').map(({ want }) => want)).toEqual(['own-email']);
    expect(judgeForm(form('access', 'email'), auto!, '2026-03-02').toCheck).toEqual([]);
  });
});

describe('a policy that wants to be sure of who asks', () => {
  const strict = builtInPacks().map((pack) =>
    pack.kind === 'controller' && pack.controller.id === 'kz.autosiyliq'
      ? { ...pack, requests: pack.requests.map((rule) => ({ ...rule, requires: ['identification' as const] })) }
      : pack,
  );
  const book = compile(strict, 'kz.autosiyliq');
  const asked: Row = ['2026-03-02', 'requested', { request: 'A-1', right: 'access', channel: 'cabinet' }];
  const shown = (rows: readonly Row[]) => {
    const { ledger } = new Told(book, rows);
    const record = ledger.person(ledger.subject({ iin: '850505400018' }));
    return requests(record, book, { asOf: '2026-03-05', asKnown: undefined })[0]?.defects;
  };

  test('is told so until somebody was', () => {
    expect(shown([asked])).toEqual([{ defect: 'identification', clause: 'policy 7.1', pack: 'kz.autosiyliq' }]);
    const identified: Row = ['2026-03-03', 'identified', { request: 'A-1', means: 'cabinet' }];
    expect(shown([asked, identified])).toBeUndefined();
    expect(shown([asked, ['2026-03-03', 'identified', { request: 'A-2', means: 'cabinet' }]])).toHaveLength(1);
  });
});
