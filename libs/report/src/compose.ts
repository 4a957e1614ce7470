/** From a lineage answer to what a report says in one language. */
import type { Language, Mark, Rulebook } from '#packs';
import type { Answer, ItemRow } from './answer.js';
import { GONE, groupsOf, HELD } from './cards.js';
import type { Content, Fact } from './content.js';
import { Naming } from './naming.js';
import { recipientCards, RecipientKeys } from './recipients.js';
import { summaryOf } from './summary.js';
import { fill } from './words.js';

const MARKS: readonly Mark[] = ['P', 'V', 'S', 'M'];

export function compose(answer: Answer, rulebook: Rulebook, language: Language): Content {
  const naming = new Naming(rulebook, language, answer.asOf);
  const { words } = naming;
  const items = nameFirst(answer.items);
  const keys = new RecipientKeys(naming, items);
  return {
    language,
    title: words.title,
    tagline: words.tagline,
    organisation: rulebook.names[language],
    asOf: { label: words.fact.asOf, text: naming.moment(answer.asOf), day: naming.today },
    summary: { heading: words.section.summary, points: summaryOf(naming, items, answer.breaches ?? []) },
    holding: {
      heading: words.section.holding,
      parts: groupsOf(naming, items, HELD, keys),
      empty: words.nothing.held,
    },
    recipients: { heading: words.section.recipients, parts: recipientCards(naming, keys), empty: words.nothing.shared },
    gone: { heading: words.section.gone, parts: groupsOf(naming, items, GONE, keys), empty: words.nothing.gone },
    marks: { heading: words.section.marks, intro: words.marksIntro, marks: marksUsed(naming, items) },
    evidence: { heading: words.section.evidence, intro: words.evidenceIntro, facts: evidenceFacts(naming, answer) },
  };
}

/** The answer has items by the letters of their ids; a person looks for their name first. The others stay as they are. */
const FIRST = ['surname', 'name', 'patronymic', 'iin', 'pin', 'id-document', 'phone', 'email', 'address'];

function nameFirst(items: readonly ItemRow[]): readonly ItemRow[] {
  const place = ({ item }: ItemRow): number => (FIRST.includes(item) ? FIRST.indexOf(item) : FIRST.length);
  return [...items].sort((a, b) => place(a) - place(b));
}

/** The meanings of the marks that stand somewhere in this report. */
function marksUsed(naming: Naming, items: readonly ItemRow[]): readonly Fact[] {
  const { rulebook, today, words } = naming;
  const bases = items.flatMap((row) => [...row.purposes, ...row.shared].map(({ basis }) => basis));
  const used = new Set<Mark | null | undefined>([
    ...bases.map((basis) => (basis === null ? undefined : rulebook.basis(basis, today)?.cite.mark)),
    ...items.flatMap((row) => row.until.reasons.map(({ mark }) => mark)),
  ]);
  return MARKS.filter((mark) => used.has(mark)).map((mark) => ({
    label: words.mark[mark],
    value: words.markMeans[mark],
    verbatim: false,
  }));
}

function evidenceFacts(naming: Naming, { asKnown, evidence, subject }: Answer): readonly Fact[] {
  const { words } = naming;
  const recorded = evidence.events.map(({ recorded }) => recorded).sort();
  const [first, last] = [recorded[0], recorded.at(-1)];
  const span =
    first === undefined || last === undefined ? [] : [...new Set([naming.moment(first), naming.moment(last)])];
  const checkpoint = evidence.checkpoint ?? '';
  const fact = (label: string, value: string, verbatim = false): readonly Fact[] =>
    value === '' ? [] : [{ label, value, verbatim }];
  return [
    ...fact(words.fact.reference, subject),
    ...fact(words.fact.asKnown, knownBy(naming, asKnown)),
    ...fact(words.fact.positions, positions(evidence.events.map(({ position }) => position)) || words.evidenceNone),
    ...fact(words.fact.recorded, span.join(' – ')),
    ...fact(words.fact.checkpoint, checkpoint, true),
  ];
}

/** Nothing where nobody asked for a moment: then it is all that is recorded. */
function knownBy(naming: Naming, asKnown: Answer['asKnown']): string {
  if (asKnown === null) return '';
  return typeof asKnown === 'number' ? fill(naming.words.upTo, { position: String(asKnown) }) : naming.moment(asKnown);
}

/** `0–16, 21, 23–44`. */
function positions(all: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const position of [...new Set(all)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === position - 1) run[1] = position;
    else runs.push([position, position]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}
