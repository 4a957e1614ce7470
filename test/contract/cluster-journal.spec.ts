import { describe } from '@jest/globals';
import { clusterPlaces } from './cluster-place.js';
import { options } from './engine.js';
import { journalContract } from './journal-contract.js';

describe('on the cluster', () => {
  const makePlace = clusterPlaces();
  journalContract(async () => {
    const place = await makePlace();
    return { open: (journal) => place.open(options(), { journal }), remove: () => place.remove() };
  });
});
