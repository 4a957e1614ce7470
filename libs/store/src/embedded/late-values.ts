/**
 * Which items of which dossiers were destroyed, as the writer asks for every value: nearly always the answer is none, and
 * it must cost nothing.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decode } from '#ledger/entries';
import { destroyedAt, isBefore, later, type Destroyed } from '../destruction/late.js';

/** One bit for the first 24 bits of a dossier's name, which is random: 2 MiB. */
const BITS = 2 ** 24;

export class LateValues {
  readonly #bits = new Uint8Array(BITS / 8);
  readonly #of: StatementSync;
  readonly #ofAny: StatementSync;
  readonly #set: StatementSync;
  #any = false;

  constructor(ledger: DatabaseSync) {
    this.#of = ledger.prepare('SELECT day, instant, zone FROM destroyed_items WHERE dossier = ? AND label = ?');
    this.#ofAny = ledger.prepare('SELECT 1 FROM destroyed_items WHERE dossier = ? LIMIT 1');
    this.#set = ledger.prepare('INSERT OR REPLACE INTO destroyed_items VALUES (?, ?, ?, ?, ?)');
    for (const { dossier } of ledger.prepare('SELECT DISTINCT dossier FROM destroyed_items').iterate())
      this.#mark(dossier as Uint8Array);
  }

  /** An item is destroyed; the caller holds the transaction that says so. */
  add(dossier: Uint8Array, label: string, { at, zone }: { readonly at: string; readonly zone: string }): void {
    const before = this.#destroyed(dossier, label);
    const now = destroyedAt(at, zone);
    const { day, instant } = before === undefined ? now : later(before, now);
    this.#set.run(dossier, label, day, instant, zone);
    this.#mark(dossier);
  }

  /** Whether any item of anybody was destroyed. */
  get any(): boolean {
    return this.#any;
  }

  /** Whether any item of a dossier was. */
  anyOf(dossier: Uint8Array): boolean {
    return this.#isMarked(dossier) && this.#ofAny.get(dossier) !== undefined;
  }

  /** Whether an event's value of that label comes too late to be kept. */
  drops(dossier: Uint8Array, label: string, entry: Uint8Array): boolean {
    if (!this.#any || !this.#isMarked(dossier)) return false;
    const destroyed = this.#destroyed(dossier, label);
    return destroyed !== undefined && isBefore(decode(entry).at, destroyed.zone, destroyed);
  }

  #destroyed(dossier: Uint8Array, label: string): (Destroyed & { readonly zone: string }) | undefined {
    const row = this.#of.get(dossier, label);
    return row && { day: row['day'] as string, instant: row['instant'] as string | null, zone: row['zone'] as string };
  }

  #mark(dossier: Uint8Array): void {
    this.#any = true;
    const bit = bitOf(dossier);
    this.#bits[bit >> 3]! |= 1 << (bit & 7);
  }

  #isMarked(dossier: Uint8Array): boolean {
    const bit = bitOf(dossier);
    return (this.#bits[bit >> 3]! & (1 << (bit & 7))) !== 0;
  }
}

function bitOf(dossier: Uint8Array): number {
  return (dossier[0]! << 16) | (dossier[1]! << 8) | dossier[2]!;
}
