/** How law and policy want a request to come, and what one lacks of it: a defect is answered, the request is open anyway. */
import type { Day, Rulebook } from '#packs';

/** What of a request tells how it came. */
export interface RequestForm {
  readonly right: string;
  /** Undefined where nobody said it. */
  readonly channel: string | undefined;
  readonly hasDocument: boolean;
}

export interface Defect {
  /** It came by a channel that nobody names, or without the documents that are required. */
  readonly defect: 'channel' | 'documents';
  readonly clause: string;
  readonly pack: string;
}

/**
 * By the rules of its day. A channel that any of them names will do, for no policy can close what the law opens; of what
 * must be in a request only a document can be seen here, the rest is for whoever reads it.
 */
export function defectsOf(
  { right, channel, hasDocument }: RequestForm,
  rulebook: Rulebook,
  on: Day,
): readonly Defect[] {
  const rules = rulebook.rules(on).requests.filter(({ rights }) => rights.includes(right));
  const isOpen = channel === undefined || rules.some(({ channels }) => channels.includes(channel));
  return rules.flatMap(({ requires, cite: { clause, pack } }) => {
    const found: Defect['defect'][] = [];
    if (!isOpen) found.push('channel');
    if (requires.includes('documents') && !hasDocument) found.push('documents');
    return found.map((defect) => ({ defect, clause, pack }));
  });
}
