/**
 * What a report says, before it is a page or a text: both are made from this, so that they cannot differ.
 *
 * Every text here is as people read it, and is not escaped: a page and a terminal have dangers of their own.
 */
import type { Day, Language } from '#packs';
import type { ItemState } from './answer.js';

/** `warn` is what a person may want to act on; `quiet` is detail. */
export type Tone = 'plain' | 'good' | 'warn' | 'quiet';

export interface Badge {
  readonly text: string;
  readonly tone: Tone;
}

/** One thing said, with what belongs to it in smaller letters below. */
export interface Line {
  readonly text: string;
  /** Begins the line; leads to the recipient's card. */
  readonly recipient?: { readonly card: string; readonly name: string };
  readonly badges: readonly Badge[];
  readonly details: readonly Detail[];
}

export interface Detail {
  readonly text: string;
  readonly badge?: Badge;
}

export interface Row {
  readonly label: string;
  readonly lines: readonly Line[];
}

export interface Value {
  readonly title: string;
  readonly value: string;
}

/** What is known of one item, or of several of which the same is known. */
export interface Card {
  readonly titles: readonly string[];
  /** What is written, where the reader is entitled to see it. */
  readonly held: { readonly label: string; readonly values: readonly Value[] } | undefined;
  readonly rows: readonly Row[];
}

export interface Group {
  readonly state: ItemState;
  readonly heading: string;
  readonly intro: string;
  /** What all its cards have in common, said once. */
  readonly rows: readonly Row[];
  readonly cards: readonly Card[];
}

export interface RecipientCard {
  /** An id within the page. */
  readonly card: string;
  readonly name: string;
  readonly country: string;
  readonly abroad: Badge | undefined;
  readonly role: string | undefined;
  readonly rows: readonly Row[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Bytes of a proof: shown as they are, line by line. */
  readonly verbatim: boolean;
}

export interface Section<Part> {
  readonly heading: string;
  readonly parts: readonly Part[];
  /** Said where there is nothing to show. */
  readonly empty: string;
}

export interface Content {
  readonly language: Language;
  readonly title: string;
  readonly tagline: string;
  readonly organisation: string;
  readonly asOf: { readonly label: string; readonly text: string; readonly day: Day };
  readonly summary: { readonly heading: string; readonly points: readonly Badge[] };
  readonly holding: Section<Group>;
  readonly recipients: Section<RecipientCard>;
  readonly gone: Section<Group>;
  readonly marks: { readonly heading: string; readonly intro: string; readonly marks: readonly Fact[] };
  readonly evidence: { readonly heading: string; readonly intro: string; readonly facts: readonly Fact[] };
}
