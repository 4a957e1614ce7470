/**
 * The lineage answer as a report reads it: the ledger's own, or one that came over HTTP, where the evidence has the
 * log's checkpoint too (`wire.md`, Answers).
 */
import type { EvidenceEvent, ItemRow, Lineage, OrderRow } from '#ledger';

export type {
  BreachRow as Breach,
  FateRow as Fate,
  ItemRow,
  OrderRow as OrderState,
  PurposeRow as PurposeState,
  ReasonRow as Reason,
  SharedRow as Disclosure,
  SourceRow as Source,
  UntilEvent,
  UntilRow as Until,
} from '#ledger';

export type ItemState = ItemRow['state'];
export type OrderKind = OrderRow['order'];

export interface Answer extends Omit<Lineage, 'evidence'> {
  readonly evidence: {
    readonly events: readonly Pick<EvidenceEvent, 'position' | 'recorded'>[];
    /** The signed note; null where the log has none yet. */
    readonly checkpoint?: string | null;
  };
}
