/**
 * The batches of one controller on their way through a process: one finds its names while the one before it is written and
 * the one before that is committed. What a batch has found or made is there for the next before it is committed, which is
 * then committed after it or not at all: otherwise each would wait for the row of every person whom both name.
 *
 * Nobody waits here for ever: a batch waits for those before it alone, and none of these for a row that it has, since what
 * is inserted while names are found, nobody inserts later.
 */
import type { Reference } from '#ledger';
import type { KnownDossier, Made } from '../sealing/known.js';
import type { WholeKey } from '../sealing/whole-key.js';
import { NewNames, type CachedReference, type NameCache } from './name-cache.js';

/** Another was faster, or one before it failed: the batch begins again. */
export class Overtaken extends Error {}

export class BatchLine {
  readonly cache: NameCache;
  readonly #flights: Passage[] = [];
  #last: Passage | undefined;

  constructor(cache: NameCache) {
    this.cache = cache;
  }

  /** For a batch that knows of all that was shredded up to `told`, and keeps others from shredding. Whoever enters ends it. */
  enter(told: number): Passage {
    this.#last = new Passage(this.cache, this.#flights, told, this.#last);
    return this.#last;
  }
}

export class Passage {
  /** What this batch has found or made. */
  readonly names = new NewNames();
  readonly told: number;
  readonly #cache: NameCache;
  readonly #flights: Passage[];
  readonly #named = Promise.withResolvers<void>();
  readonly #written = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<boolean>();
  readonly #before: { readonly named: Promise<void>; readonly written: Promise<void> } | undefined;
  /** Those whose names it may have taken. */
  #leaders: readonly Passage[] = [];

  constructor(cache: NameCache, flights: Passage[], told: number, before: Passage | undefined) {
    this.#cache = cache;
    this.#flights = flights;
    this.told = told;
    this.#before = before && { named: before.#named.promise, written: before.#written.promise };
  }

  /** Finds names, when the batch before has its own. */
  async name<T>(work: (known: KnownNames) => Promise<T>): Promise<T> {
    await this.#before?.named;
    // What was found before anything was shredded since does not hold.
    this.#leaders = this.#flights.filter(({ told }) => told === this.told);
    const flying = this.#leaders.map(({ names }) => names);
    const named = await work(new KnownNames(this.#cache, flying));
    this.#flights.push(this);
    this.#named.resolve();
    return named;
  }

  /** Writes, when the batch before is written; returns when those before are committed. Throws Overtaken where one is not. */
  async write(work: () => Promise<void>): Promise<void> {
    await this.#before?.written;
    await work();
    this.#written.resolve();
    const ended = await Promise.all(this.#leaders.map((leader) => leader.#ended.promise));
    if (ended.includes(false)) throw new Overtaken();
  }

  /** Whether the batch is committed: then its names are remembered. */
  end(isCommitted: boolean): void {
    if (isCommitted) this.#cache.learn(this.told, this.names);
    const at = this.#flights.indexOf(this);
    if (at !== -1) this.#flights.splice(at, 1);
    this.#named.resolve();
    this.#written.resolve();
    this.#ended.resolve(isCommitted);
  }
}

/** What is remembered, and what batches before have found that are not committed yet. */
export class KnownNames {
  readonly #cache: NameCache;
  readonly #flying: readonly NewNames[];

  constructor(cache: NameCache, flying: readonly NewNames[]) {
    this.#cache = cache;
    this.#flying = flying;
  }

  dossier(identity: string): KnownDossier<Made> | undefined {
    return this.#cache.dossier(identity) ?? this.#first(({ dossiers }) => dossiers.get(identity));
  }

  reference(text: string): CachedReference | undefined {
    return this.#cache.reference(text) ?? this.#first(({ references }) => references.get(text));
  }

  hasText(place: string): boolean {
    return this.#cache.hasText(place) || this.#flying.some(({ texts }) => texts.has(place));
  }

  tie(name: string): Reference | undefined {
    return this.#cache.tie(name) ?? this.#first(({ ties }) => ties.get(name));
  }

  get own(): WholeKey | undefined {
    return this.#cache.own ?? this.#first(({ own }) => own);
  }

  #first<T>(look: (names: NewNames) => T | undefined): T | undefined {
    for (const names of this.#flying) {
      const found = look(names);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
