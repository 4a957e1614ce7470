import { describe, expect, test } from '@jest/globals';
import { verifyConsistency, verifyInclusion } from './index.js';
import { read, sha256 } from '../testdata/ed25519.js';

/** Proofs, good and bad, of the transparency-dev Merkle library. Sizes reach 2^64 − 1, so they are read as text. */
interface Inclusion {
  readonly case: string;
  readonly leafIdx: string;
  readonly treeSize: string;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

interface Consistency {
  readonly case: string;
  readonly size1: string;
  readonly size2: string;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const file = read('merkle-proofs.json').replaceAll(/"(leafIdx|treeSize|size1|size2)": ([0-9]+)/g, '"$1": "$2"');
const vectors = JSON.parse(file) as { inclusion: readonly Inclusion[]; consistency: readonly Consistency[] };
const decode = (text: string): Uint8Array => Uint8Array.fromBase64(text);

test('there are 98 of each', () => {
  expect([vectors.inclusion.length, vectors.consistency.length]).toEqual([98, 98]);
});

describe('inclusion', () => {
  test.each(vectors.inclusion.map((vector) => [vector.case, vector] as const))('%s', (_, vector) => {
    const verdict = verifyInclusion(sha256, {
      index: BigInt(vector.leafIdx),
      size: BigInt(vector.treeSize),
      leaf: decode(vector.leafHash),
      path: (vector.proof ?? []).map(decode),
      root: decode(vector.root),
    });
    expect(verdict.ok).toBe(!vector.wantErr);
  });
});

describe('consistency', () => {
  test.each(vectors.consistency.map((vector) => [vector.case, vector] as const))('%s', (_, vector) => {
    const verdict = verifyConsistency(sha256, {
      oldSize: BigInt(vector.size1),
      oldRoot: decode(vector.root1),
      size: BigInt(vector.size2),
      root: decode(vector.root2),
      path: (vector.proof ?? []).map(decode),
    });
    expect(verdict.ok).toBe(!vector.wantErr);
  });
});
