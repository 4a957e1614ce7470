import { describe, expect, test } from '@jest/globals';
import { clauseText } from './clause.js';
import { WORDS } from './dictionary.js';

describe('a clause is told', () => {
  test.each([
    ['94-V 8(2)', 'Закон № 94-V, ст. 8(2)', 'Law No. 94-V, Art. 8(2)'],
    ['56-V 9-1(5-2)', 'Закон № 56-V, ст. 9-1(5-2)', 'Law No. 56-V, Art. 9-1(5-2)'],
    ['Law 58 17(д)', 'Закон № 58, ст. 17(д)', 'Law No. 58, Art. 17(д)'],
    ['Law 87', 'Закон № 87', 'Law No. 87'],
    ['191-IV', 'Закон № 191-IV', 'Law No. 191-IV'],
    ['policy 1.1f', 'политика, пункт 1.1f', 'policy, clause 1.1f'],
    ['policy intro', 'политика, вводная часть', 'policy, introduction'],
    ['policy first 2.2', 'политика, пункт 2.2 (первый)', 'policy, clause 2.2 (the first)'],
    ['Digital Code, Chapter 11', 'Цифровой кодекс, глава 11', 'Digital Code, chapter 11'],
    ['Digital Code 89', 'Цифровой кодекс, ст. 89', 'Digital Code, Art. 89'],
    ['Decree 759', 'Постановление № 759', 'Decree No. 759'],
    ['pack default', 'срок, принятый в этой книге учёта', 'a term assumed by this ledger'],
    [
      'Law 58 (Agency FAQ, access, а)',
      'Закон № 58 (разъяснения Государственного агентства по защите персональных данных)',
      'Law No. 58 (explanations of the State Agency for Personal Data Protection)',
    ],
    ['protocol 4/2', 'protocol 4/2', 'protocol 4/2'],
    ['58 17', '58 17', '58 17'],
    ['constructor', 'constructor', 'constructor'],
  ])('%s', (clause, russian, english) => {
    expect(clauseText(WORDS.ru, clause)).toBe(russian);
    expect(clauseText(WORDS.en, clause)).toBe(english);
  });
});
