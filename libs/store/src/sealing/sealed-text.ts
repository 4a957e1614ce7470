/** Sealed texts as the vault hands them out: many are there, and few are looked at. */
import type { Position } from '#ledger';
import type { Opened, SealedText } from '../ports.js';
import { readTexts, TEXT_LABEL } from './seal.js';
import type { Opener } from './whole-key.js';

/** A box as it is stored, and whose text it is. */
export interface EventBox {
  readonly position: Position;
  readonly event: Uint8Array;
  readonly label: string;
  readonly key: Uint8Array;
  readonly box: Uint8Array;
}

/** What one box of an event holds: of an item its value alone, which is opened when it is first asked for. */
export function textsOf(opener: Opener, sealed: EventBox): readonly SealedText[] {
  const { position, event, label, key, box } = sealed;
  if (label !== TEXT_LABEL) return [new SealedValue(opener, sealed)];
  const opened = opener.open(key, event, label, box);
  // A box that is erased does not say how many texts it had.
  if (opened.kind === 'erased') return [{ position, label, field: label, text: opened }];
  return readTexts(opened.value).map(({ field, text }) => ({ position, label, field, text: value(text) }));
}

class SealedValue implements SealedText {
  readonly position: Position;
  readonly label: string;
  readonly #opener: Opener;
  readonly #sealed: EventBox;
  #text: Opened<string> | undefined;

  constructor(opener: Opener, sealed: EventBox) {
    this.position = sealed.position;
    this.label = sealed.label;
    this.#opener = opener;
    this.#sealed = sealed;
  }

  get field(): string {
    return this.label;
  }

  get text(): Opened<string> {
    return (this.#text ??= this.#open());
  }

  #open(): Opened<string> {
    const { key, event, label, box } = this.#sealed;
    const opened = this.#opener.open(key, event, label, box);
    return opened.kind === 'erased' ? opened : value(readTexts(opened.value)[0]!.text);
  }
}

function value(text: string): Opened<string> {
  return { kind: 'value', value: text };
}
