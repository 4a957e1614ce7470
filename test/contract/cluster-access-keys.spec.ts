import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { accessKeysContract } from './access-keys-contract.js';

describe('API keys on the cluster', () => {
  accessKeysContract(clusterPlaces());
});
