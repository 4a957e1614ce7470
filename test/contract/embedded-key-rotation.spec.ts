import { describe } from '@jest/globals';
import { embeddedPlace } from './embedded-place.js';
import { keyRotationContract } from './key-rotation-contract.js';

describe('rotation of a log key in a folder', () => {
  keyRotationContract(embeddedPlace);
});
