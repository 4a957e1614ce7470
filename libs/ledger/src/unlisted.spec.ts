import { describe, expect, test } from '@jest/globals';
import { rulebookOf } from '../testdata/packs.js';
import { STORED, type StoredEvent } from './stored.js';
import { unlisted } from './unlisted.js';

const rulebook = rulebookOf('kz.autosiyliq');
const DAY = '2026-03-02';

/** The fields in which an act names items, purposes and organisations, each with an id that no pack lists. */
const NAMING = {
  items: ['strange'],
  purposes: ['strange'],
  recipient: 'strange',
  recipients: ['strange'],
  via: 'strange',
  parts: [{ recipient: 'strange' }],
};

const named = Object.entries(STORED).flatMap(([type, { shape }]) =>
  Object.entries(NAMING).flatMap(([field, value]) =>
    field in shape ? [[type, field, { ...('parts' in shape && { parts: [] }), [field]: value }] as const] : [],
  ),
);

describe('an id that no pack lists', () => {
  test.each(named)('is found in %s, in its %s', (type, _, data) => {
    const event = { type, data } as unknown as StoredEvent;
    const [row, ...more] = unlisted({ event, day: DAY }, rulebook, DAY, {});
    expect(more).toEqual([]);
    expect(row).toMatchObject({ code: 'unlisted', on: DAY, state: 'open' });
  });
});
