/** The words that every rule of a pack is made of: days, marks, labels, and where a rule stands. */

/** A local calendar date in the controller's zone, `YYYY-MM-DD`. Days compare as strings. */
export type Day = string;

/** How well a legal figure is known: stated by the policy, verified in the act, from a secondary source, from memory. */
export type Mark = 'P' | 'V' | 'S' | 'M';

export type Language = 'ky' | 'kk' | 'ru' | 'en';
export type Labels = Readonly<Record<Language, string>>;

/** Where a rule stands: the clause, the pack that says it and the edition of that pack. */
export interface Citation {
  readonly clause: string;
  readonly pack: string;
  readonly edition: string;
  readonly mark: Mark;
}
