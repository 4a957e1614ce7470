import { describe } from '@jest/globals';
import { keysContract } from './keys-contract.js';
import { embeddedPlace } from './embedded-place.js';

describe('the embedded keys', () => {
  keysContract(embeddedPlace);
});
