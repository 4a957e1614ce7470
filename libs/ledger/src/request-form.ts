/**
 * How law and policy want a request to come, and what one lacks of it: a defect is answered, the request is open anyway.
 * What must be in a letter and no field of the wire tells is named for whoever reads it.
 */
import type { Citation, Day, Language, Rulebook, Rules } from '#packs';

/** What of a request tells how it came. */
export interface RequestForm {
  readonly right: string;
  /** Undefined where nobody said it. */
  readonly channel: string | undefined;
  readonly medium: 'electronic' | 'paper';
  readonly hasDocument: boolean;
  /** Somebody asks for the person (`by-representative`). */
  readonly byRepresentative: boolean;
  /** Who asks was made sure of (`identified` of the request). */
  readonly isIdentified: boolean;
}

interface Wanted {
  readonly clause: string;
  readonly pack: string;
}

export interface Defect extends Wanted {
  /**
   * It came by a channel that nobody names, not in writing, without the documents required, by nobody knows whom, or for
   * the person without a paper that says who may.
   */
  readonly defect: 'channel' | 'writing' | 'documents' | 'identification' | 'representation';
}

/** What only a reader of the request can say of it: the wire has no word for either. */
export type ToCheck = Wanted &
  (
    | { readonly want: 'own-email' }
    /** One of these lines, each in its language. */
    | {
        readonly want: 'subject-line';
        readonly lines: readonly { readonly language: Language; readonly text: string }[];
      }
  );

export interface FormJudged {
  readonly defects: readonly Defect[];
  readonly toCheck: readonly ToCheck[];
}

type RequestRule = Rules['requests'][number];

/** Ways on which nothing is written down, unless a paper came as well. */
const SPOKEN: ReadonlySet<string> = new Set(['phone']);

/** By the rules of its day. A channel that any of them names will do, for no policy can close what the law opens. */
export function judgeForm(form: RequestForm, rulebook: Rulebook, on: Day): FormJudged {
  const all = rulebook.rules(on);
  const rules = all.requests.filter(({ rights }) => rights.includes(form.right));
  const isOpen = form.channel === undefined || rules.some(({ channels }) => channels.includes(form.channel!));
  return {
    defects: [
      ...rules.flatMap(({ requires, cite: { clause, pack } }) => {
        const lacking = requires.flatMap((one) => lackOf(one, form) ?? []);
        return [...(isOpen ? [] : ['channel' as const]), ...lacking].map((defect) => ({ defect, clause, pack }));
      }),
      ...unproven(form, all.capacity.representative),
    ],
    toCheck: rules.flatMap((rule) => toCheckOf(rule, form)),
  };
}

/** Whoever asks for another shows that they may, where law or policy says who does. */
function unproven({ byRepresentative, hasDocument }: RequestForm, cite: Citation | undefined): readonly Defect[] {
  if (!byRepresentative || hasDocument || cite === undefined) return [];
  return [{ defect: 'representation', clause: cite.clause, pack: cite.pack }];
}

/** What it lacks of one requirement; the right that it asks for is itself the demand. */
function lackOf(required: RequestRule['requires'][number], form: RequestForm): Defect['defect'] | undefined {
  switch (required) {
    case 'documents':
      return form.hasDocument ? undefined : 'documents';
    case 'writing':
      return form.channel !== undefined && SPOKEN.has(form.channel) && form.medium !== 'paper' && !form.hasDocument
        ? 'writing'
        : undefined;
    case 'identification':
      return form.isIdentified ? undefined : 'identification';
    case 'demand':
    case 'own-email':
      return undefined;
  }
}

/** Only an e-mail has a subject line; of one that came otherwise that is the defect. */
function toCheckOf({ requires, subjectLines, cite: { clause, pack } }: RequestRule, form: RequestForm): ToCheck[] {
  return [
    ...(requires.includes('own-email') ? [{ want: 'own-email' as const, clause, pack }] : []),
    ...(form.channel === 'email' && subjectLines.length > 0
      ? [{ want: 'subject-line' as const, lines: subjectLines, clause, pack }]
      : []),
  ];
}
