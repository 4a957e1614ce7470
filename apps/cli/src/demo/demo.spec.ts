import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { packaged } from '../root.js';
import { BORROWER, BORROWER_FEED, CONTROLLER } from './demo.js';

interface Entry {
  readonly n: number;
  readonly row: number;
  readonly on: string;
  readonly do: string;
  readonly person?: string;
  readonly people?: readonly string[];
}

interface Scenario {
  readonly people: Readonly<Record<string, Record<string, unknown>>>;
  readonly feed: readonly Entry[];
}

/** A row of the table and contacts are for readers of the scenario. */
function omitting(name: string, object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([field]) => field !== name));
}

describe('the feed of borrower F.', () => {
  it('is that of the worked example, entry by entry', () => {
    const scenario = parse(readFileSync(packaged('test/scenarios/4.4.yaml'), 'utf8')) as Scenario;
    const identifiers = (alias: string) => {
      return omitting('contacts', scenario.people[alias] ?? {});
    };
    const expected = scenario.feed.map(({ n, do: name, person, people, ...rest }) => ({
      specversion: '1.0',
      id: `4.4-${n}`,
      source: 'urn:example:los',
      type: `depter.action.${name}.v1`,
      controller: CONTROLLER,
      data: {
        ...omitting('row', rest),
        ...(person === undefined ? {} : { person: identifiers(person) }),
        ...(people === undefined ? {} : { people: people.map(identifiers) }),
      },
    }));
    const lines = readFileSync(BORROWER_FEED, 'utf8').trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(expected);
    expect(identifiers('F')).toEqual(BORROWER);
  });
});
