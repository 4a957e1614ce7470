/**
 * What a process remembers of a controller's names from batch to batch: dossiers with their keys, references and whose
 * texts of them are there, ties. Another process may shred any of it. Whoever shreds does so alone and counts it, so a
 * batch that reads the count under its shared lock knows whether what is remembered still holds; while a destruction is
 * under way nothing is, since keys go in a transaction of their own.
 */
import type { Reference } from '#ledger';
import { BoundedCache } from '../embedded/bounded-cache.js';
import type { KnownDossier, Made } from '../sealing/known.js';
import type { WholeKey } from '../sealing/whole-key.js';

/** A dossier with its keys takes some 2 KiB, the others a tenth of that. */
const DOSSIERS_KEPT = 24_000;
const NAMES_KEPT = 32_000;

export interface CachedReference {
  readonly hmac: Buffer;
  readonly ref: Buffer;
}

/** What a batch has found or made, to be remembered when it is committed. */
export class NewNames {
  readonly dossiers = new Map<string, KnownDossier<Made>>();
  readonly references = new Map<string, CachedReference>();
  /** By owner and reference. */
  readonly texts = new Set<string>();
  readonly ties = new Map<string, Reference>();
  own: WholeKey | undefined;
}

export class NameCache {
  readonly #dossiers = new BoundedCache<KnownDossier<Made>>(DOSSIERS_KEPT);
  readonly #references = new BoundedCache<CachedReference>(NAMES_KEPT);
  readonly #texts = new BoundedCache<true>(NAMES_KEPT);
  readonly #ties = new BoundedCache<Reference>(NAMES_KEPT);
  #own: WholeKey | undefined;
  #shreds: number | undefined;

  /** Forgets everything where somebody has shredded since, or is about to; null: a destruction is under way. */
  at(shreds: number | null): void {
    if (shreds !== null && shreds === this.#shreds) return;
    this.#shreds = shreds ?? undefined;
    this.#own = undefined;
    for (const cache of [this.#dossiers, this.#references, this.#texts, this.#ties]) cache.clear();
  }

  /** Takes over what a batch that is committed found or made at that count. */
  learn(shreds: number | null, names: NewNames): void {
    if (shreds === null || shreds !== this.#shreds) return;
    for (const [name, dossier] of names.dossiers) this.#dossiers.set(name, dossier);
    for (const [name, reference] of names.references) this.#references.set(name, reference);
    for (const name of names.texts) this.#texts.set(name, true);
    for (const [name, tie] of names.ties) this.#ties.set(name, tie);
    this.#own ??= names.own;
  }

  dossier(identity: string): KnownDossier<Made> | undefined {
    return this.#dossiers.get(identity);
  }

  reference(text: string): CachedReference | undefined {
    return this.#references.get(text);
  }

  hasText(place: string): boolean {
    return this.#texts.get(place) === true;
  }

  tie(name: string): Reference | undefined {
    return this.#ties.get(name);
  }

  get own(): WholeKey | undefined {
    return this.#own;
  }
}
