import { describe, expect, test } from '@jest/globals';
import { scenario } from '../../../test/scenario/scenario.js';
import { identifiersOf } from '../../../test/scenario/feed.js';
import { iinChecks, person, ranked } from './identifier.js';

/** The check digit as published, written anew: of a sum of products, and of a second sum where the first gives 10. */
function checkDigit(eleven: string): number {
  const sum = (weights: number[]) => weights.reduce((total, weight, i) => total + weight * Number(eleven[i]), 0) % 11;
  const first = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  return first === 10 ? sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) : first;
}
const withDigit = (eleven: string) => `${eleven}${checkDigit(eleven)}`;

const accepts = (identifiers: unknown) => person.safeParse(identifiers).success;

describe('IIN', () => {
  test('of every number one digit alone is right, and none where both passes give 10', () => {
    let second = 0;
    let never = 0;
    for (let n = 0; n < 2000; n++) {
      const eleven = `8505054${String(n).padStart(4, '0')}`;
      const right = '0123456789'.split('').filter((digit) => iinChecks(eleven + digit));
      const digit = checkDigit(eleven);
      expect(right).toEqual(digit === 10 ? [] : [String(digit)]);
      const first = Array.from(eleven).reduce((total, d, i) => total + (i + 1) * Number(d), 0) % 11;
      if (first === 10) second++;
      if (digit === 10) never++;
    }
    // Else this would not have tried the second pass.
    expect(second).toBeGreaterThan(100);
    expect(never).toBeGreaterThan(5);
  });

  test.each([
    ['of the 19th century', withDigit('99123120001'), true],
    ['of 29 February 2000', withDigit('00022950001'), true],
    ['of 29 February 1900', withDigit('00022930001'), false],
    ['of 31 April', withDigit('85043140001'), false],
    ['of month 13', withDigit('85130140001'), false],
    ['without a century', withDigit('85050500001'), false],
    ['of a century not begun', withDigit('85050570001'), false],
    ['with eleven digits', '85050540001', false],
    ['with a letter', '85050540001x', false],
    ['as a number', 850505400018, false],
    ['with a line end', '850505400018\n', false],
  ])('%s', (_, iin, good) => expect(accepts({ iin })).toBe(good));
});

describe('PIN', () => {
  test.each([
    ['20101199000010', true],
    ['12202198500020', true],
    ['30101199000010', false],
    ['23002199000010', false],
    ['22902190000010', false],
    ['22902200000010', true],
    ['2010119900001', false],
  ])('%s: %s', (pin, good) => expect(accepts({ pin })).toBe(good));
});

describe('phone, e-mail, client, online', () => {
  test.each([
    [{ phone: '+996700000101' }, true],
    [{ phone: '+77000000104' }, true],
    [{ phone: '87000000104' }, false],
    [{ phone: '+7 700 000 01 04' }, false],
    [{ phone: '+7700' }, false],
    [{ phone: '+999123456789' }, false],
    [{ phone: '+7700000010412' }, false],
    [{ email: 'a@example.com' }, true],
    [{ email: 'first.last+tag@mail.example.kg' }, true],
    [{ email: 'жанар@пример.кз' }, true],
    [{ email: 'a@example' }, false],
    [{ email: 'a b@example.com' }, false],
    [{ email: '@example.com' }, false],
    [{ email: 'a@@example.com' }, false],
    [{ email: 'a@-example.com' }, false],
    [{ email: `${'a'.repeat(65)}@example.com` }, false],
    [{ email: `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.example` }, false],
    [{ client: 'Z-500' }, true],
    [{ client: '' }, false],
    [{ client: 'x'.repeat(128) }, true],
    [{ client: '😀'.repeat(128) }, true],
    [{ client: 'x'.repeat(129) }, false],
    [{ online: 'cookie-1' }, true],
    [{}, false],
    [{ name: 'Fictitious' }, false],
    [{ client: 'A', name: 'Fictitious' }, false],
  ])('%j: %s', (identifiers, good) => expect(accepts(identifiers)).toBe(good));

  test('what is compared is one spelling', () => {
    const parsed = person.parse({ email: 'Cafe\u0301@EXAMPLE.com', client: 'e\u0301', online: 'E\u0301' });
    expect(parsed).toEqual({ email: 'caf\u00e9@example.com', client: '\u00e9', online: '\u00c9' });
    expect(person.parse({ email: '\u0130@example.com' }).email).toBe(
      '\u0130@example.com'.toLowerCase().normalize('NFC'),
    );
  });
});

test('identifiers are ranked, whatever order they came in', () => {
  const all = {
    online: 'o',
    email: 'a@example.com',
    phone: '+77000000104',
    client: 'c',
    pin: '20101199000010',
    iin: '850505400018',
  };
  expect(ranked(person.parse(all)).map(({ kind }) => kind)).toEqual([
    'iin',
    'pin',
    'client',
    'phone',
    'email',
    'online',
  ]);
});

test('every identifier and contact of the scenarios is taken', () => {
  for (const name of ['4.1', '4.2', '4.3', '4.4', '4.5']) {
    const told = scenario(name);
    for (const [alias, { contacts }] of Object.entries(told.people)) {
      expect(person.safeParse(identifiersOf(told, alias)).error).toBeUndefined();
      expect(person.safeParse(contacts ?? identifiersOf(told, alias)).error).toBeUndefined();
    }
  }
});
