import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { MemoryScribe } from '../testdata/scribe.js';
import { cloudEvent, SOURCE } from '../../../test/scenario/feed.js';
import { scenario } from '../../../test/scenario/scenario.js';
import { decode, encode } from './codec.js';
import { controllerId } from './names.js';
import { readAction } from './read.js';
import { ENVELOPE, STORED, type StoredEvent } from './stored.js';
import { writeEvents } from './write.js';

const NOW = Date.parse('2031-01-01T00:00:00Z');

/** What the schemas of the stored format say of an event; empty where it is valid. */
function issuesOf({ type, ...event }: StoredEvent): z.core.$ZodIssue[] {
  const schema = z.strictObject({ ...ENVELOPE, data: STORED[type] as z.ZodType });
  return schema.safeParse(event).error?.issues ?? [];
}

describe.each(['4.1', '4.2', '4.3', '4.4', '4.5'])('scenario %s', (name) => {
  const told = scenario(name);
  test.each(told.feed.map((entry) => [entry.n, entry.do, entry] as const))(
    'entry %s, %s, becomes valid events',
    (_, __, entry) => {
      const read = readAction(cloudEvent(told, entry), { now: NOW, zone: told.zone });
      if (read.ok === undefined) throw new Error(JSON.stringify(read.refusal));
      expect(read.ok.controller).toBe(controllerId(told.controller));
      const events = writeEvents(read.ok, new MemoryScribe(SOURCE, read.ok.id));
      for (const event of events) {
        expect(issuesOf(event)).toEqual([]);
        expect(decode(encode(event))).toEqual(event);
      }
      expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    },
  );
});
