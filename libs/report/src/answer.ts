/**
 * The lineage answer of `wire.md`, as far as a report reads it.
 *
 * Written from the wire contract, so that a report can be made from an answer that came over HTTP as well as from the
 * ledger's own: ids are plain strings here, and whatever is optional on the wire is optional here.
 */
import type { Day, Mark } from '#packs';

export type ItemState = 'active' | 'kept' | 'blocked' | 'stopped' | 'destroyed' | 'depersonalised';
export type OrderKind = 'rectify' | 'block' | 'unblock' | 'stop' | 'destroy';
export type UntilEvent = 'contract-performed' | 'purpose-reached' | 'released' | 'relation-ended';

export interface Source {
  /** A kind of `origin`, or `derived`. */
  readonly kind: string;
  readonly name?: string | null | undefined;
  readonly on: Day;
}

export interface PurposeState {
  readonly purpose: string;
  /** Absent for what was derived. */
  readonly basis?: string | null | undefined;
  readonly state: 'active' | 'stopped' | 'ended';
  readonly since?: Day | null | undefined;
}

export interface OrderState {
  readonly order: OrderKind;
  readonly on: Day;
  /** Null while it is outstanding. */
  readonly confirmed: Day | null;
}

export interface Disclosure {
  readonly recipient: string;
  /** ISO 3166-1 alpha-2, XX for a state that is not named; null where nobody said. */
  readonly country?: string | null | undefined;
  readonly role?: string | null | undefined;
  readonly purposes: readonly string[];
  readonly basis?: string | null | undefined;
  readonly on: Day;
  readonly orders: readonly OrderState[];
}

export interface Reason {
  readonly kind: 'purpose' | 'legal-minimum' | 'hold' | 'duty';
  readonly id: string;
  readonly clause?: string | null | undefined;
  readonly mark?: Mark | null | undefined;
  readonly binds: boolean;
}

export interface Until {
  readonly kind: 'date' | 'event' | 'silent' | 'gone';
  readonly date?: Day | null | undefined;
  readonly event?: string | null | undefined;
  /** ISO 8601, `P5Y`. */
  readonly then?: string | null | undefined;
  readonly provisional?: boolean | undefined;
  readonly reasons?: readonly Reason[] | undefined;
}

export interface Fate {
  readonly kind: 'destroyed' | 'depersonalised';
  readonly on: Day;
  readonly due?: Day | null | undefined;
  readonly method?: string | null | undefined;
  readonly backupsUntil?: Day | null | undefined;
}

export interface ItemRow {
  readonly item: string;
  /** A reference to the other person whom the item is about. */
  readonly about?: string | null | undefined;
  /** Only for those entitled to see it. */
  readonly value?: string | null | undefined;
  readonly state: ItemState;
  readonly from: readonly Source[];
  readonly purposes: readonly PurposeState[];
  readonly shared: readonly Disclosure[];
  readonly until: Until;
  readonly fate: Fate | null;
}

export interface Evidence {
  readonly events: readonly { readonly position: number; readonly recorded?: string | undefined }[];
  /** The signed checkpoint of the log, or the text that names it. */
  readonly checkpoint?: string | null | undefined;
}

export interface Answer {
  readonly controller: string;
  readonly subject: string;
  /** A local date, or an instant. */
  readonly asOf: string;
  /** A position of the log, or an instant. */
  readonly asKnown: string | number;
  readonly items: readonly ItemRow[];
  readonly evidence: Evidence;
}
