/** Contracts of a person: opened, defaulted, ceded, performed (`rules.md` 2). */
import type { Day } from '#packs';

export interface Contract {
  opened: Day | undefined;
  /** The latest performance; undefined while it is owed. */
  performed: Day | undefined;
  /** Ceded to an assignee: the controller's purposes ended, its performance is still to come. */
  ceded: boolean;
  defaulted: Day | undefined;
  /** What it agrees besides. */
  readonly terms: Set<string>;
}

/** Which contracts count for an item: those that its collection named, else all of the person. */
export type Counting = ReadonlySet<string> | 'all';

export class Contracts {
  readonly #contracts = new Map<string, Contract>();

  get(reference: string): Contract {
    let contract = this.#contracts.get(reference);
    if (contract === undefined) {
      contract = { opened: undefined, performed: undefined, ceded: false, defaulted: undefined, terms: new Set() };
      this.#contracts.set(reference, contract);
    }
    return contract;
  }

  open(reference: string, on: Day, terms: readonly string[]): void {
    const contract = this.get(reference);
    contract.opened = on;
    contract.performed = undefined;
    contract.ceded = false;
    for (const term of terms) contract.terms.add(term);
  }

  /** Whether an obligation is open towards this controller: opened, neither performed nor ceded. */
  anyOpen(counting: Counting, but?: string): boolean {
    for (const contract of this.#counted(counting)) {
      if (isOpen(contract) && (but === undefined || contract !== this.#contracts.get(but))) return true;
    }
    return false;
  }

  /** Whether one that was opened waits for its performance, a ceded one too: a minimum counted from it waits as well. */
  anyAwaited(counting: Counting): boolean {
    for (const { opened, performed } of this.#counted(counting))
      if (opened !== undefined && performed === undefined) return true;
    return false;
  }

  /** Whether an open one is in default. */
  anyInDefault(counting: Counting): boolean {
    return this.firstDefault(counting) !== undefined;
  }

  /** The first default among those that count and are open, from which the days overdue are counted. */
  firstDefault(counting: Counting): Day | undefined {
    let first: Day | undefined;
    for (const contract of this.#counted(counting)) {
      const { defaulted } = contract;
      if (isOpen(contract) && defaulted !== undefined && (first === undefined || defaulted < first)) first = defaulted;
    }
    return first;
  }

  /** The day of the last performance among those that count. */
  lastPerformed(counting: Counting): Day | undefined {
    let last: Day | undefined;
    for (const { performed } of this.#counted(counting)) {
      if (performed !== undefined && (last === undefined || performed > last)) last = performed;
    }
    return last;
  }

  /** Whether the contract named, or without a name any of the person's, agrees the term. */
  agrees(reference: string | undefined, term: string): boolean {
    for (const { terms } of this.#counted(reference === undefined ? 'all' : new Set([reference])))
      if (terms.has(term)) return true;
    return false;
  }

  #counted(counting: Counting): Iterable<Contract> {
    if (counting === 'all') return this.#contracts.values();
    const counted: Contract[] = [];
    for (const reference of counting) {
      const contract = this.#contracts.get(reference);
      if (contract !== undefined) counted.push(contract);
    }
    return counted;
  }
}

function isOpen(contract: Contract): boolean {
  return contract.opened !== undefined && contract.performed === undefined && !contract.ceded;
}

/** United: where one names no contract, all of the person's count. */
export function countingWith(before: Counting | undefined, contract: string | undefined): Counting {
  if (contract === undefined || before === 'all') return 'all';
  return new Set([...(before ?? []), contract]);
}
