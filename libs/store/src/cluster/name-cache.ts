/**
 * What a process remembers of a controller's names from batch to batch: dossiers with their keys, references and whose
 * texts of them are there, ties. Another process may shred any of it: whoever shreds does so alone, and tells which
 * dossiers before it touches them and after, so that a batch which looks under its shared lock knows what still holds.
 */
import type { Reference } from '#ledger';
import type { Run } from '../destruction/run.js';
import { BoundedCache } from '../embedded/bounded-cache.js';
import type { KnownDossier, Made } from '../sealing/known.js';
import { idText } from '../sealing/mint.js';
import type { WholeKey } from '../sealing/whole-key.js';
import type { Queries } from './postgres.js';

/** Names kept in memory of each kind. */
const DOSSIERS_KEPT = 24_000;
const NAMES_KEPT = 32_000;
/** After so many shreddings all is forgotten, and remembered anew. */
const TOUCHED_KEPT = 50_000;
/** So many tellings of a controller's shreddings stay in the database; who is further behind begins anew. */
export const TOLD_KEPT = 10_000;

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
  /** Dossiers that were touched: not remembered again, since a shredding that was cut off is done once more. */
  readonly #touched = new Set<string>();
  #own: WholeKey | undefined;
  #told: number | undefined;

  /** The last that was heard of what was shredded; undefined at first. */
  get told(): number | undefined {
    return this.#told;
  }

  /** Forgets dossiers that were touched, all references, of which the last owner may be gone, and all ties. */
  forget(told: number, dossiers: readonly Uint8Array[]): void {
    if (this.#told !== undefined && told <= this.#told) return;
    this.#told = told;
    for (const dossier of dossiers) this.#touched.add(idText(dossier));
    for (const cache of [this.#references, this.#texts, this.#ties]) cache.clear();
  }

  /** Begins anew where what was touched takes too much room. */
  bound(): void {
    if (this.#touched.size > TOUCHED_KEPT) this.beginAnew();
  }

  /** Forgets everything but the controller's own key, and what it has heard. */
  beginAnew(): void {
    this.#touched.clear();
    this.#told = undefined;
    for (const cache of [this.#dossiers, this.#references, this.#texts, this.#ties]) cache.clear();
  }

  /** Takes over what a batch that is committed found or made, where nothing was shredded since it looked. */
  learn(told: number, names: NewNames): void {
    if (told !== this.#told) return;
    for (const [name, dossier] of names.dossiers) {
      if (!this.#touched.has(dossier.subject)) this.#dossiers.set(name, dossier);
    }
    for (const [name, reference] of names.references) this.#references.set(name, reference);
    for (const name of names.texts) this.#texts.set(name, true);
    for (const [name, tie] of names.ties) this.#ties.set(name, tie);
    this.#own ??= names.own;
  }

  dossier(identity: string): KnownDossier<Made> | undefined {
    const dossier = this.#dossiers.get(identity);
    return dossier !== undefined && this.#touched.has(dossier.subject) ? undefined : dossier;
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

  /** The key of the controller's own texts, which is never shredded. */
  get own(): WholeKey | undefined {
    return this.#own;
  }
}

const SQL = {
  told: {
    name: 'name-cache-told',
    text: 'SELECT n, dossier FROM depter.shreds_told WHERE controller = $1 AND n >= $2',
  },
  underWay: { name: 'name-cache-under-way', text: 'SELECT run FROM depter.destructions WHERE controller = $1' },
};

/** Brings a cache to what was told by now, in a transaction that nobody shreds beside; gives the number of the last. */
export async function refresh(cache: NameCache, queries: Queries, controller: number, last: number): Promise<number> {
  cache.bound();
  if (cache.told === last) return last;
  if (cache.told !== undefined) {
    const rows = await queries.rows(SQL.told, [controller, cache.told]);
    // The oldest go first: as long as the last that was heard is there, all that came after it are.
    if (rows.some(({ n }) => n === cache.told)) {
      cache.forget(
        last,
        rows.map(({ dossier }) => dossier as Buffer),
      );
      return last;
    }
    cache.beginAnew();
  }
  // What is remembered begins here; of a run under way, only its steps to come will tell.
  const runs = await queries.rows(SQL.underWay, [controller]);
  cache.forget(
    last,
    runs.flatMap(({ run }) => dossiersOf(JSON.parse(run as string) as Run)),
  );
  return last;
}

function dossiersOf({ ended, erased }: Run): Buffer[] {
  return [...ended, ...erased.map(({ dossier }) => dossier)].map((dossier) => Buffer.from(dossier, 'base64url'));
}
