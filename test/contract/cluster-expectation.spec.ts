import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { expectationContract } from './expectation-contract.js';

describe('the cluster’s ledger', () => {
  expectationContract(clusterPlaces());
});
