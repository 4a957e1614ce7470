/**
 * The corrections that a log gained lately: of a dossier that was read before no other can be news. Where the log gained too
 * much at once, that is not gone through, and the corrections of each dossier are looked for anew.
 */
import { decode } from '#ledger';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Controller } from '../sealing/controller.js';
import { endOf, placeOf } from './controllers.js';

/** Entries that are gone through at once; asking for the corrections of so many events costs about as much. */
const ENTRIES_MAX = 256;
const CORRECTIONS_KEPT = 1_000;

interface Correction {
  /** Where it stands in the events table. */
  readonly at: number;
  /** The id of the event that it names. */
  readonly target: string;
}

/** All corrections that stand after `from`, as far as `to`. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly corrections: readonly Correction[];
}

export class RecentCorrections {
  readonly #last: StatementSync;
  readonly #between: StatementSync;
  readonly #stretches = new Map<number, Stretch>();

  constructor(ledger: DatabaseSync) {
    // The type stands at the head of every entry (`wire.md`, Stored event).
    this.#last = ledger.prepare('SELECT at FROM events WHERE at >= ? AND at < ? ORDER BY at DESC LIMIT 1');
    this.#between = ledger.prepare(
      `SELECT at, entry FROM events WHERE at > ? AND at <= ?
         AND CAST(substr(entry, 1, 32) AS TEXT) GLOB '{"v":*,"type":"corrected",*' ORDER BY at`,
    );
    for (const statement of [this.#last, this.#between]) statement.setReturnArrays(true);
  }

  /** Follows the log as far as it goes in this transaction, and gives the place of its last entry. */
  follow(controller: Controller): number {
    const start = placeOf(controller, 0);
    const [to] = (this.#last.get(start, endOf(controller)) as unknown as [number] | undefined) ?? [start - 1];
    const known = this.#stretches.get(controller.no);
    if (known?.to === to) return to;
    const isNear = known !== undefined && to - known.to <= ENTRIES_MAX && known.corrections.length <= CORRECTIONS_KEPT;
    this.#stretches.set(controller.no, isNear ? this.#further(known, to) : { from: to, to, corrections: [] });
    return to;
  }

  /** The corrections after a place, in order; undefined where they are not known. */
  after(controller: Controller, place: number): readonly Correction[] | undefined {
    const known = this.#stretches.get(controller.no);
    if (known === undefined || place < known.from) return undefined;
    if (place >= known.to) return NONE;
    return known.corrections.filter(({ at }) => at > place);
  }

  #further({ from, to: before, corrections }: Stretch, to: number): Stretch {
    const rows = this.#between.all(before, to) as unknown as readonly [number, Uint8Array][];
    if (rows.length === 0) return { from, to, corrections };
    const more = rows.map(([at, entry]): Correction => ({ at, target: targetOf(entry) }));
    return { from, to, corrections: [...corrections, ...more] };
  }
}

const NONE: readonly Correction[] = [];

function targetOf(entry: Uint8Array): string {
  return (decode(entry).data as { readonly event: string }).event;
}
