import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { destructionsContract } from './destructions-contract.js';

describe('destruction on the cluster', () => {
  destructionsContract(clusterPlaces());
});
