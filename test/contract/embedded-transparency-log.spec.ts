import { describe } from '@jest/globals';
import { transparencyLogContract } from './transparency-log-contract.js';
import { embeddedPlace } from './embedded-place.js';

describe('the embedded transparency log', () => {
  transparencyLogContract(embeddedPlace);
});
