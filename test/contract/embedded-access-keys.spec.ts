import { describe } from '@jest/globals';
import { accessKeysContract } from './access-keys-contract.js';
import { embeddedPlace } from './embedded-place.js';

describe('the embedded access keys', () => {
  accessKeysContract(embeddedPlace);
});
