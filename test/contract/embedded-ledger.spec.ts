import { describe } from '@jest/globals';
import { embeddedPlace } from './embedded-place.js';
import { ledgerContract } from './ledger-contract.js';
import { peopleContract } from './people-contract.js';

describe('the embedded ledger', () => {
  ledgerContract(embeddedPlace);
  peopleContract(embeddedPlace);
});
