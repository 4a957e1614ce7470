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
  readonly box: () => EventBox | undefined;
}

/** What one box of an event holds: of an item its value alone, which is opened when it is first asked for. */
export function textsOf(opener: Opener, place: BoxPlace): readonly SealedText[] {
  const { position, label } = place;
  if (label !== TEXT_LABEL) return [new SealedValue(position, label, () => asText(openedOf(opener, place), firstText))];
  const opened = openedOf(opener, place);
  // A box that is erased does not say how many texts it had.
  if (opened.kind === 'erased') return [{ position, label, field: label, text: opened }];
  return readTexts(opened.value).map(({ field, text }) => ({ position, label, field, text: value(text) }));
}

/** The text behind a reference, got at and opened when it is first asked for. */
export function sealedReference(opener: Opener, ref: Uint8Array, box: () => Box | undefined): SealedReference {
  return new OpenedOnce(() => {
    const there = box();
    const opened = there && opener.open(there.key, referencePlace(ref), TEXT_LABEL, there.box);
    return opened === undefined ? { kind: 'erased' } : asText(opened, wholeText);
  });
}

class OpenedOnce {
  readonly #open: () => Opened<string>;
  #text: Opened<string> | undefined;

  constructor(open: () => Opened<string>) {
    this.#open = open;
  }

  get text(): Opened<string> {
    return (this.#text ??= this.#open());
  }
}

class SealedValue extends OpenedOnce implements SealedText {
  readonly position: Position;
  readonly label: string;

  constructor(position: Position, label: string, open: () => Opened<string>) {
    super(open);
    this.position = position;
    this.label = label;
  }

  get field(): string {
    return this.label;
  }
}

function openedOf(opener: Opener, { label, box }: BoxPlace): Opened<Buffer> {
  const there = box();
  return there === undefined ? { kind: 'erased' } : opener.open(there.key, there.event, label, there.box);
}

const firstText = (plain: Buffer): string => readTexts(plain)[0]!.text;
const wholeText = (plain: Buffer): string => plain.toString('utf8');

function asText(opened: Opened<Buffer>, read: (plain: Buffer) => string): Opened<string> {
  return opened.kind === 'erased' ? opened : value(read(opened.value));
}

function value(text: string): Opened<string> {
  return { kind: 'value', value: text };
}
