import { describe } from '@jest/globals';
import { embeddedPlace } from './embedded-place.js';
import { expectationContract } from './expectation-contract.js';

describe('the embedded ledger', () => {
  expectationContract(embeddedPlace);
});
