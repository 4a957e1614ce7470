/** A scenario's feed as the CloudEvents that an emitter would send (`test/scenarios/README.md`, Feed). */
import type { Feed, Identifiers, Scenario } from './scenario.js';

/** The identifiers of an alias: `contacts` are values that may be an item's, never sent as identifiers. */
export function identifiersOf(scenario: Scenario, alias: string): Identifiers {
  const person = scenario.people[alias];
  if (person === undefined) throw new Error(`Scenario ${scenario.scenario} has no person ${alias}.`);
  const { contacts: _, ...identifiers } = person;
  return identifiers as Identifiers;
}

/** The `id` under which an entry is sent. */
export function eventId(scenario: Scenario, entry: Feed): string {
  return `${scenario.scenario}-${entry.n}`;
}

export const SOURCE = 'urn:example:los';

export function cloudEvent(scenario: Scenario, entry: Feed): Record<string, unknown> {
  const { n: _, row: __, do: name, on, time, person, describes, people, ...rest } = entry;
  const identifiers = (alias: string) => identifiersOf(scenario, alias);
  const described = Object.entries((describes ?? {}) as Record<string, string>);
  return {
    specversion: '1.0',
    id: eventId(scenario, entry),
    source: SOURCE,
    type: `depter.action.${name}.v1`,
    ...(time === undefined ? {} : { time }),
    controller: scenario.controller,
    data: {
      ...(time === undefined ? { on } : {}),
      ...(person === undefined ? {} : { person: identifiers(person) }),
      ...(describes === undefined
        ? {}
        : { describes: Object.fromEntries(described.map(([item, alias]) => [item, identifiers(alias)])) }),
      ...(people === undefined ? {} : { people: (people as string[]).map(identifiers) }),
      ...rest,
    },
  };
}
