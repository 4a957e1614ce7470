/** Until when an item is held, and why: the sentences of `until` and of its reasons. */
import { parseIsoTerm } from '#packs';
import type { Reason, Until } from './answer.js';
import type { Line } from './content.js';
import { withinSentence, type Naming } from './naming.js';
import { entry, fill, fillCount } from './words.js';

/** The sentence of the binding reason, and what makes it uncertain. Nothing for what is gone. */
export function untilLines(naming: Naming, until: Until): readonly Line[] {
  const { words } = naming;
  const badges = until.provisional === true ? [{ text: words.until.provisional, tone: 'warn' as const }] : [];
  const binding = bindingOf(until);
  switch (until.kind) {
    case 'gone':
      return [];
    case 'silent':
      return [{ text: words.until.silent, badges, details: [] }];
    case 'date': {
      const sentence = words.until.date[binding?.kind ?? 'purpose'];
      return [{ text: fill(sentence, { day: naming.day(until.date) }), badges, details: [] }];
    }
    case 'event': {
      const text = `${eventText(naming, until, binding)}; ${words.until.noDate}`;
      return [{ text, badges, details: [] }];
    }
  }
}

function eventText(naming: Naming, until: Extract<Until, { kind: 'event' }>, binding: Reason | undefined): string {
  const { words } = naming;
  if (binding?.kind === 'legal-minimum')
    return fill(words.until.minimum, { why: minimumText(naming, binding.id, until) });
  // An answer may come from a newer server, with an event that this report has no words for.
  const event = entry(words.until.event, until.event) ?? words.until.otherEvent;
  const term = termText(naming, until);
  return term === undefined ? event : `${event}, ${fill(words.until.further, { term })}`;
}

export function bindingOf(until: Until): Reason | undefined {
  return until.reasons.find((reason) => reason.binds);
}

/** Every reason, with its clause and how well the figure is known. */
export function reasonLines(naming: Naming, until: Until): readonly Line[] {
  const { words } = naming;
  return until.reasons.map((reason) => {
    const cited = naming.cited('', reason);
    const badges =
      reason.binds && until.reasons.length > 1 ? [{ text: words.reason.binds, tone: 'plain' as const }] : [];
    const details = cited.text === '' && cited.badge === undefined ? [] : [cited];
    return { text: reasonText(naming, reason, until), badges, details };
  });
}

function reasonText(naming: Naming, reason: Reason, until: Until): string {
  const { words } = naming;
  switch (reason.kind) {
    case 'purpose':
      return fill(words.reason.purpose, { purpose: naming.purpose(reason.id) });
    case 'legal-minimum':
      return fill(words.reason['legal-minimum'], {
        why: minimumText(naming, reason.id, reason.binds ? until : undefined),
      });
    case 'hold':
      return fill(words.reason.hold, { authority: naming.organisation(reason.id) });
    case 'duty':
      return reason.id === 'destroy' || reason.id === 'destroy-blocked' ? words.reason[reason.id] : words.reason.duty;
  }
}

/**
 * "At least 5 years after the contract is performed". Of the pack's minimum where it is known; else of the term that
 * the answer gives, which then follows the contract.
 */
export function minimumText(naming: Naming, id: string, until: Until | undefined): string {
  const { words } = naming;
  const minimum = naming.rulebook.minimums(naming.today).find((one) => one.id === id);
  if (minimum === undefined) {
    const term = until === undefined ? undefined : termText(naming, until);
    return term === undefined ? words.minimum.unknown : fill(words.minimum['contract-performed'], { term });
  }
  const term = fillCount(naming.language, words.term[minimum.term.unit], minimum.term.count, {});
  return minimum.after.kind === 'transferred'
    ? fill(words.minimum.transferred, { term, purpose: withinSentence(naming.purpose(minimum.after.purpose)) })
    : fill(words.minimum[minimum.after.kind], { term });
}

function termText(naming: Naming, until: Until): string | undefined {
  const term = until.kind === 'event' && until.then !== undefined ? parseIsoTerm(until.then) : undefined;
  return term === undefined ? undefined : fillCount(naming.language, naming.words.term[term.unit], term.count, {});
}
