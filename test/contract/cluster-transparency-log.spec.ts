import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { transparencyLogContract } from './transparency-log-contract.js';

describe('the cluster’s log', () => {
  transparencyLogContract(clusterPlaces());
});
