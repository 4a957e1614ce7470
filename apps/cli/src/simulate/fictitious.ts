/** Fictitious people: identifiers valid by form alone, values that nobody could take for somebody's. */
import { isoDay, epochDay } from './days.js';

/** Birth dates lie in these years; the digit of sex and century in an IIN is then 3 or 4. */
const BIRTHS_FROM = epochDay('1950-01-01');
const BIRTHS = epochDay('1999-12-31') - BIRTHS_FROM + 1;
/** Prime to the number of birth days, so that neighbours in the list are not born on neighbouring days. */
const STRIDE = 7919;

export interface Fictitious {
  readonly iin: string;
  readonly client: string;
  /** E.164. */
  readonly phone: string;
  readonly email: string;
}

/** The person of an index; the same index and seed give the same person, and no two indexes the same IIN. */
export function fictitiousPerson(seed: number, index: number): Fictitious {
  const digits = String(index % 1_000_000).padStart(6, '0');
  return {
    iin: iinOf(seed, index),
    client: `A-${seed.toString(16)}-${index}`,
    phone: `+77000${digits}`,
    email: `person${index}@example.com`,
  };
}

function iinOf(seed: number, index: number): string {
  const birth = isoDay(BIRTHS_FROM + ((index * STRIDE + (seed % BIRTHS)) % BIRTHS));
  const serial = (Math.floor(index / BIRTHS) + (seed >>> 16)) % 2500;
  const date = birth.slice(2, 4) + birth.slice(5, 7) + birth.slice(8, 10);
  // About one number in a hundred has no check digit at all; each person has eight numbers to try, and nobody else's.
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const number = `${date}${3 + (attempt % 2)}${String(serial + 2500 * (attempt >> 1)).padStart(4, '0')}`;
    const check = checkDigit(number);
    if (check < 10) return number + check;
  }
  throw new Error('eight numbers in a row without a check digit');
}

/**
 * The check digit of an IIN's first eleven digits (Government decree 565 of 2003-06-11 and its successors: weights 1 to
 * 11 modulo 11, and where that is 10, weights 3 to 11, 1, 2); 10 where there is none and the number is never given out.
 */
export function checkDigit(eleven: string): number {
  let first = 0;
  let second = 0;
  for (let place = 0; place < 11; place += 1) {
    const digit = eleven.charCodeAt(place) - 48;
    first += digit * (place + 1);
    second += digit * (place < 9 ? place + 3 : place - 8);
  }
  return first % 11 < 10 ? first % 11 : second % 11;
}
