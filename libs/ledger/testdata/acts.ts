/** Short words for the acts of a test about one borrower. */
import { lineage, type ItemRow } from '../src/lineage.js';
import { type ClockRow, clocks } from '../src/clock-view.js';
import { type FindingRow, findings } from '../src/finding.js';
import type { Person } from '../src/identifier.js';
import type { Rulebook } from '#packs';
import { MemoryLedger } from './memory-ledger.js';

export type Row = readonly [on: string, name: string, data?: Readonly<Record<string, unknown>>];

export const F: Person = { iin: '850505400018' };

export class Told {
  readonly ledger: MemoryLedger;
  #n = 0;

  constructor(
    readonly rulebook: Rulebook,
    rows: readonly Row[],
    ledger?: MemoryLedger,
  ) {
    this.ledger = ledger ?? new MemoryLedger(rulebook);
    for (const row of rows) this.tell(row);
  }

  /** `on` is a day, or an instant; `person` in the data is another one than F. Gives the event's id. */
  tell([on, name, data = {}]: Row, id = `t-${(this.#n += 1)}`): string {
    const isDay = on.length === 10;
    return this.ledger.record(
      {
        specversion: '1.0',
        id,
        source: 'urn:example:los',
        type: `depter.action.${name}.v1`,
        controller: this.rulebook.controller,
        ...(isDay ? {} : { time: on }),
        data: JSON.parse(JSON.stringify({ ...(isDay ? { on } : {}), person: F, ...data })) as object,
      },
      `${on.slice(0, 10)}T18:00:00.000Z`,
    );
  }

  items(asOf: string, person: Person = F, asKnown?: number): readonly ItemRow[] {
    return lineage(this.#record(person), this.rulebook, { asOf, asKnown }).items;
  }

  item(asOf: string, item: string, person: Person = F): ItemRow | undefined {
    return this.items(asOf, person).find((row) => row.item === item);
  }

  clocks(asOf: string, person: Person = F): readonly ClockRow[] {
    return clocks(this.#record(person), this.rulebook, { asOf, asKnown: undefined });
  }

  findings(asOf: string, person: Person = F): readonly FindingRow[] {
    return findings(this.#record(person), this.rulebook, { asOf, asKnown: undefined });
  }

  #record(person: Person) {
    return this.ledger.person(this.ledger.subject(person));
  }
}

export const consented = (on: string, purposes: readonly string[], more: object = {}): Row => [
  on,
  'consented',
  { consent: 'C-1', edition: 'undated', act: 'click', parts: purposes.map((purpose) => ({ purpose })), ...more },
];

export const collected = (on: string, items: readonly string[], purposes: readonly string[], more: object = {}): Row => [
  on,
  'collected',
  { items, origin: { kind: 'subject' }, purposes, basis: 'consent', ...more },
];
