/**
 * A rulebook made from the head of a scenario and a table of deadlines: for organisations whose packs come later, so that
 * the fold is tried on what their rules need. It answers what the fold asks, and nothing else.
 */
import { type Calendar, type Day, type Deadline, parseIsoTerm, parseTerm, type Rulebook, type Trigger } from '#packs';
import type { Scenario } from '../../../test/scenario/scenario.js';

/** One row of a table: trigger, duty, term as packs write it, clause, mark; then the days on which it is in force. */
export interface DeadlineRow {
  readonly trigger: Trigger;
  readonly duty: Deadline['duty'];
  readonly term?: string;
  readonly clause: string;
  readonly mark?: 'P' | 'V' | 'S' | 'M';
  readonly pack?: string;
  readonly from?: Day;
  readonly to?: Day;
  readonly more?: Pick<Deadline, 'condition' | 'anchor' | 'yieldsToLaw'>;
}

interface Head {
  readonly items: Readonly<Record<string, string>>;
  readonly purposes: Readonly<Record<string, { readonly clause: string; readonly ends: string; readonly barred?: boolean }>>;
  readonly recipients: Readonly<Record<string, { readonly role: string; readonly country: string; readonly category: string }>>;
  readonly minimums: Readonly<Record<string, MinimumHead>>;
}

interface MinimumHead {
  readonly clause?: string;
  readonly after: string;
  readonly term: string;
  readonly mark: string;
  readonly items: readonly string[];
}

export function scenarioRulebook(
  told: Scenario,
  deadlines: readonly DeadlineRow[],
  calendar: Calendar,
): Rulebook {
  const head = told as unknown as Head;
  const labels = { ky: '', kk: '', ru: '', en: '' };
  const purposes = new Map(
    Object.entries(head.purposes).map(([id, { clause, ends, barred = false }], order) => {
      const cite = { clause, pack: told.controller, edition: 'undated', mark: 'P' };
      return [id, { id, labels, ends, barred, cite, order }];
    }),
  );
  const organisations = new Map(Object.entries(head.recipients).map(([id, one]) => [id, { id, labels, ...one }]));
  const minimums = Object.entries(head.minimums).map(([id, { clause = '', after, term, mark, items }], order) => ({
    id,
    items,
    after:
      after === 'contract-performed' || after === 'collected' ? { kind: after } : { kind: 'transferred', purpose: after },
    term: parseIsoTerm(term)!,
    cite: { clause, pack: 'law', edition: 'undated', mark },
    order,
  }));
  const rows = deadlines.map(({ trigger, duty, term, clause, mark = 'P', pack = 'law', from, to, more }) => ({
    from: from ?? '0000-01-01',
    to: to ?? '9999-12-31',
    row: {
      trigger,
      duty,
      term: term === undefined ? undefined : parseTerm(term),
      termText: term ?? 'none',
      cite: { clause, pack, edition: 'undated', mark },
      ...more,
    },
  }));
  const book = {
    controller: told.controller,
    zone: told.zone,
    has: () => true,
    lists: () => true,
    edition: () => undefined,
    editionById: () => undefined,
    purpose: (id: string) => purposes.get(id),
    organisation: (id: string) => organisations.get(id),
    basis: () => undefined,
    ground: () => undefined,
    cause: () => undefined,
    minimums: () => minimums,
    deadlines: (trigger: Trigger, on: Day) =>
      rows.filter(({ row, from, to }) => row.trigger === trigger && from <= on && on <= to).map(({ row }) => row),
    calendar: () => calendar,
  };
  // What the fold does not ask is left out; a question to it would be a TypeError in the test.
  return book as unknown as Rulebook;
}
