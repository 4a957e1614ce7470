import { describe } from '@jest/globals';
import { vaultContract } from './vault-contract.js';
import { embeddedPlace } from './embedded-place.js';

describe('the embedded vault', () => {
  vaultContract(embeddedPlace);
});
