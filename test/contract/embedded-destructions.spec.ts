import { describe } from '@jest/globals';
import { destructionsContract } from './destructions-contract.js';
import { embeddedPlace } from './embedded-place.js';

describe('destruction on the embedded engine', () => {
  destructionsContract(embeddedPlace);
});
