import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { ledgerContract } from './ledger-contract.js';
import { peopleContract } from './people-contract.js';

describe('the cluster’s ledger', () => {
  ledgerContract(clusterPlaces());
  peopleContract(clusterPlaces());
});
