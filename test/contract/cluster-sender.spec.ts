import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { senderContract } from './sender-contract.js';

describe('the cluster’s ledger', () => {
  senderContract(clusterPlaces());
});
