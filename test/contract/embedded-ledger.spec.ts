import { describe } from '@jest/globals';
import { embeddedPlace } from './embedded-place.js';
import { ledgerContract } from './ledger-contract.js';

describe('the embedded ledger', () => {
  ledgerContract(embeddedPlace);
});
