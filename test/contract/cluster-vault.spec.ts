import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { vaultContract } from './vault-contract.js';

describe('the cluster’s vault', () => {
  vaultContract(clusterPlaces());
});
