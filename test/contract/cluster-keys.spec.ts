import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { keysContract } from './keys-contract.js';

describe('shredding on the cluster', () => {
  keysContract(clusterPlaces());
});
