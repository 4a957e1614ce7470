/** The consents of one person, asked for at every act: whoever has given hundreds pays for those that can still carry. */
import { addDays, type Day } from '#packs';
import { type Consent, isOver, lastDayOf } from './consent.js';

/** Nothing is asked of an earlier day than this before the latest act: what ends with a day is looked at from both its sides. */
const LOOKED_BACK_DAYS = 2;
/** Fewer are not worth looking through. */
const FEW = 32;

export class ConsentList {
  /** In the order in which they were given. */
  readonly all: Consent[] = [];
  #living: Consent[] = [];
  #lookAt = FEW;
  #anyDated = false;
  readonly #sets = new Map<string, ReadonlySet<string>>();

  /** The ids as a set: consents name the same few again and again, and ten thousand of them would hold megabytes of equal ones. */
  readonly setOf = (ids: readonly string[]): ReadonlySet<string> => {
    const name = ids.join(' ');
    let set = this.#sets.get(name);
    if (set === undefined) this.#sets.set(name, (set = new Set(ids)));
    return set;
  };

  add(consent: Consent): void {
    this.all.push(consent);
    this.#anyDated ||= lastDayOf(consent) !== undefined;
    this.#living.push(consent);
    if (this.#living.length < this.#lookAt) return;
    const on = addDays(consent.on, -LOOKED_BACK_DAYS);
    this.#living = this.#living.filter((one) => !isSpent(one, on));
    this.#lookAt = Math.max(FEW, 2 * this.#living.length);
  }

  /** Whether any of all was given until a day: few are, and of others no last day need be looked for. */
  get anyDated(): boolean {
    return this.#anyDated;
  }

  /** Those in force, and some that are no longer. */
  get living(): readonly Consent[] {
    return this.#living;
  }
}

/** Nothing of it will carry a purpose again: what is over or wholly withdrawn never comes back. */
function isSpent(consent: Consent, on: Day): boolean {
  const { withdrawn } = consent;
  for (const purpose of consent.purposes) {
    const isGone = withdrawn?.purposes.get(purpose) === 'all' && !withdrawn.heldBack.has(purpose);
    if (!isGone && !isOver(consent, purpose, on)) return false;
  }
  return true;
}
