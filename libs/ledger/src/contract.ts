/** Contracts of a person: opened, defaulted, ceded, performed (`rules.md` 2). */
import type { Day } from '#packs';
import { type Counting, Named } from './counting.js';

interface Contract {
  readonly reference: string;
  opened: Day | undefined;
  /** The latest performance; undefined while it is owed. */
  performed: Day | undefined;
  /** Ceded to an assignee: the controller's purposes ended, its performance is still to come. */
  ceded: boolean;
  defaulted: Day | undefined;
  /** What it agrees besides. */
  readonly terms: Set<string>;
}

interface Standing {
  /** Opened, neither performed nor ceded: the obligations towards this controller. */
  readonly open: readonly Contract[];
  /** One that was opened waits for its performance, a ceded one too: a minimum counted from it waits as well. */
  readonly awaited: boolean;
  /** The first default among those that are open, from which the days overdue are counted. */
  readonly firstDefault: Day | undefined;
  /** The day of the last performance. */
  readonly lastPerformed: Day | undefined;
}

export class Contracts {
  readonly #contracts = new Map<string, Contract>();
  /** Asked for every item of every day, and changed by few acts. */
  readonly #standings = new Map<Counting, Standing>();
  readonly #named = new Map<string, Named>();

  constructor(private readonly changes: () => void) {}

  open(reference: string, on: Day, terms: readonly string[]): void {
    const contract = this.#changing(reference);
    contract.opened = on;
    contract.performed = undefined;
    contract.ceded = false;
    for (const term of terms) contract.terms.add(term);
  }

  default(reference: string, on: Day): void {
    this.#changing(reference).defaulted = on;
  }

  cede(reference: string): void {
    this.#changing(reference).ceded = true;
  }

  perform(reference: string, on: Day): void {
    this.#changing(reference).performed = on;
  }

  /** What holds of the contracts that count together. */
  standing(counting: Counting): Standing {
    let standing = this.#standings.get(counting);
    if (standing === undefined) {
      standing = standingOf(this.#contracts.values(), counting);
      this.#standings.set(counting, standing);
    }
    return standing;
  }

  /** Whether an obligation is open towards this controller: opened, neither performed nor ceded. */
  anyOpen(counting: Counting, but?: string): boolean {
    for (const { reference } of this.standing(counting).open) if (reference !== but) return true;
    return false;
  }

  /** Whether an open one is in default. */
  anyInDefault(counting: Counting): boolean {
    return this.firstDefault(counting) !== undefined;
  }

  /** The first default among those that count and are open, from which the days overdue are counted. */
  firstDefault(counting: Counting): Day | undefined {
    return this.standing(counting).firstDefault;
  }

  /** Whether the contract named, or without a name any of the person's, agrees the term. */
  agrees(reference: string | undefined, term: string): boolean {
    if (reference !== undefined) return this.#contracts.get(reference)?.terms.has(term) === true;
    for (const { terms } of this.#contracts.values()) if (terms.has(term)) return true;
    return false;
  }

  /** Which contracts count for an act: the one that it names, else all. */
  counting(reference: string | undefined): Counting {
    if (reference === undefined) return 'all';
    let one = this.#named.get(reference);
    if (one === undefined) this.#named.set(reference, (one = Named.of(reference)));
    return one;
  }

  /** United: where one names no contract, all of the person's count. */
  countingWith(before: Counting | undefined, reference: string | undefined): Counting {
    if (before === undefined || reference === undefined) return this.counting(reference);
    return before === 'all' ? before : before.with(reference);
  }

  #changing(reference: string): Contract {
    this.#standings.clear();
    this.changes();
    let contract = this.#contracts.get(reference);
    if (contract === undefined) {
      contract = {
        reference,
        opened: undefined,
        performed: undefined,
        ceded: false,
        defaulted: undefined,
        terms: new Set(),
      };
      this.#contracts.set(reference, contract);
    }
    return contract;
  }
}

function standingOf(contracts: Iterable<Contract>, counting: Counting): Standing {
  const open: Contract[] = [];
  let awaited = false;
  let firstDefault: Day | undefined;
  let lastPerformed: Day | undefined;
  for (const contract of contracts) {
    if (counting !== 'all' && !counting.has(contract.reference)) continue;
    const { opened, performed, ceded, defaulted } = contract;
    if (performed !== undefined) {
      if (lastPerformed === undefined || performed > lastPerformed) lastPerformed = performed;
    } else if (opened !== undefined) {
      awaited = true;
      if (ceded) continue;
      open.push(contract);
      if (defaulted !== undefined && (firstDefault === undefined || defaulted < firstDefault)) firstDefault = defaulted;
    }
  }
  return { open, awaited, firstDefault, lastPerformed };
}
