/** The deadlines of organisations whose packs come later, as far as their scenarios ask (`domain.md` 2.4). */
import { CompiledCalendar } from '#packs';
import type { DeadlineRow } from './scenario-rulebook.js';

const before = { to: '2026-02-04' } as const;
const code = { from: '2026-02-05', pack: 'kg.digital-code', clause: '' } as const;

export const KG: readonly DeadlineRow[] = [
  { trigger: 'access.requested', duty: 'answer-access', term: '1 week', clause: 'Law 58 17(д)', pack: 'kg.law-58', ...before },
  { trigger: 'block.requested', duty: 'block', term: 'at once', clause: 'Law 58 17', ...before },
  { trigger: 'dispute.upheld', duty: 'unblock', term: 'at once', clause: 'Law 58 17', ...before },
  { trigger: 'dispute.rejected', duty: 'unblock', term: 'at once', clause: 'Law 58 17', ...before },
  { trigger: 'purpose.reached', duty: 'destroy', term: '2 weeks', clause: 'Law 58 26', mark: 'S', ...before },
  { trigger: 'consent.withdrawn', duty: 'answer-withdrawal', term: '1 week', clause: 'pack default', mark: 'M' },
  { trigger: 'dispute.opened', duty: 'answer-dispute', term: '1 week', clause: 'pack default', mark: 'M' },
  { trigger: 'purpose.reached', duty: 'destroy', ...code },
  { trigger: 'minimum.reached', duty: 'destroy', ...code },
];

const yields = { more: { yieldsToLaw: true } } as const;

export const LERNA: readonly DeadlineRow[] = [
  ...KG,
  { trigger: 'rectification.requested', duty: 'rectify', term: '7 working days', clause: 'policy 16' },
  { trigger: 'rectification.requested', duty: 'notify-subject', term: '7 working days', clause: 'policy 16' },
  { trigger: 'unlawful.proved', duty: 'destroy', term: '7 working days', clause: 'policy 16' },
  { trigger: 'unlawful.proved', duty: 'notify-subject', term: '7 working days', clause: 'policy 16' },
  { trigger: 'dispute.upheld', duty: 'destroy', term: '30 calendar days', clause: 'policy 17' },
  { trigger: 'consent.withdrawn', duty: 'stop', term: 'at once', clause: 'policy 17' },
  { trigger: 'consent.withdrawn', duty: 'destroy', term: '30 calendar days', clause: 'policy 17' },
  { trigger: 'purpose.reached', duty: 'destroy', term: '30 calendar days', clause: 'policy 17', ...yields },
  {
    trigger: 'destruction.impossible',
    duty: 'destroy-blocked',
    term: '6 months',
    clause: 'policy 17',
    more: { anchor: 'trigger' },
  },
];

export const KZ: readonly DeadlineRow[] = [
  { trigger: 'access.requested', duty: 'answer-access', term: '3 working days', clause: '94-V 25(2)', mark: 'M' },
  { trigger: 'objection.received', duty: 'answer-objection', term: '3 working days', clause: '94-V 19-1', mark: 'V' },
  { trigger: 'consent.withdrawn', duty: 'answer-withdrawal', term: '15 working days', clause: '94-V 8(7)', mark: 'V' },
  { trigger: 'consent.withdrawn', duty: 'destroy', term: '15 working days', clause: '94-V 8(7)', mark: 'V' },
  { trigger: 'destruction.requested', duty: 'destroy', term: '1 working day', clause: '94-V 25(2)', mark: 'V' },
  { trigger: 'purpose.reached', duty: 'destroy', term: '1 working day', clause: '94-V 25(2)', mark: 'V' },
  { trigger: 'consent.expired', duty: 'destroy', term: '1 working day', clause: '94-V 25(2)', mark: 'V' },
  { trigger: 'minimum.reached', duty: 'destroy', term: '1 working day', clause: '94-V 25(2)', mark: 'V' },
  { trigger: 'block.requested', duty: 'block', term: '1 working day', clause: '94-V 25(2)', mark: 'V' },
  { trigger: 'dispute.opened', duty: 'block', term: '1 working day', clause: '94-V 25(2)', mark: 'V' },
  { trigger: 'dispute.rejected', duty: 'unblock', term: '1 working day', clause: '94-V 25(2)', mark: 'V' },
];

const may = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((date) => `2025-05-0${date}`);

/** The days off of Kyrgyzstan that the scenarios pass. */
export const KG_CALENDAR = new CompiledCalendar({ restDays: [6, 7], fixed: [] }, [
  { year: 2025, published: '2024-12-01', off: [...may, '2025-03-21', '2025-06-06'], worked: [], unknown: [] },
]);
