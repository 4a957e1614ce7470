import { describe } from '@jest/globals';
import { embeddedPlace } from './embedded-place.js';
import { senderContract } from './sender-contract.js';

describe('the embedded ledger', () => {
  senderContract(embeddedPlace);
});
