/** Sealed texts as the vault hands them out: many are there, and few are looked at. */
import type { Position } from '#ledger';
import type { Opened, SealedReference, SealedText } from '../ports.js';
import { readTexts, referencePlace, TEXT_LABEL } from './seal.js';
import type { Opener } from './whole-key.js';

/** A box as it is stored. */
export interface Box {
  readonly key: Uint8Array;
  readonly box: Uint8Array;
}

/** One of an event, to which it is bound. */
export interface EventBox extends Box {
  readonly event: Uint8Array;
}

/** Where a box lies, and how it is got at; undefined where it was erased since it was found there. */
export interface BoxPlace {
  readonly position: Position;
  readonly label: string;
  box(): EventBox | undefined;
}

/** What the boxes of events hold, in their order: of items the values alone, each opened when it is first asked for. */
export function textsOf(opener: Opener, places: Iterable<BoxPlace>): readonly SealedText[] {
  const texts: SealedText[] = [];
  for (const place of places) {
    const { position, label } = place;
    if (label !== TEXT_LABEL) {
      texts.push(new SealedValue(opener, place));
      continue;
    }
    const opened = openedOf(opener, place);
    // A box that is erased does not say how many texts it had.
    if (opened.kind === 'erased') texts.push({ position, label, field: label, text: opened });
    else
      for (const { field, text } of readTexts(opened.value)) texts.push({ position, label, field, text: value(text) });
  }
  return texts;
}

/** The text behind a reference, got at and opened when it is first asked for. */
export function sealedReference(opener: Opener, ref: Uint8Array, box: () => Box | undefined): SealedReference {
  return new TextBehind(opener, ref, box);
}

abstract class OpenedOnce {
  #text: Opened<string> | undefined;

  get text(): Opened<string> {
    return (this.#text ??= this.opened());
  }

  protected abstract opened(): Opened<string>;
}

class SealedValue extends OpenedOnce implements SealedText {
  readonly #opener: Opener;
  readonly #place: BoxPlace;

  constructor(opener: Opener, place: BoxPlace) {
    super();
    this.#opener = opener;
    this.#place = place;
  }

  get position(): Position {
    return this.#place.position;
  }

  get label(): string {
    return this.#place.label;
  }

  get field(): string {
    return this.#place.label;
  }

  protected override opened(): Opened<string> {
    return asText(openedOf(this.#opener, this.#place), firstText);
  }
}

class TextBehind extends OpenedOnce {
  readonly #opener: Opener;
  readonly #ref: Uint8Array;
  readonly #box: () => Box | undefined;

  constructor(opener: Opener, ref: Uint8Array, box: () => Box | undefined) {
    super();
    this.#opener = opener;
    this.#ref = ref;
    this.#box = box;
  }

  protected override opened(): Opened<string> {
    const there = this.#box();
    if (there === undefined) return { kind: 'erased' };
    return asText(this.#opener.open(there.key, referencePlace(this.#ref), TEXT_LABEL, there.box), wholeText);
  }
}

function openedOf(opener: Opener, place: BoxPlace): Opened<Buffer> {
  const there = place.box();
  return there === undefined ? { kind: 'erased' } : opener.open(there.key, there.event, place.label, there.box);
}

const firstText = (plain: Buffer): string => readTexts(plain)[0]!.text;
const wholeText = (plain: Buffer): string => plain.toString('utf8');

function asText(opened: Opened<Buffer>, read: (plain: Buffer) => string): Opened<string> {
  return opened.kind === 'erased' ? opened : value(read(opened.value));
}

function value(text: string): Opened<string> {
  return { kind: 'value', value: text };
}
