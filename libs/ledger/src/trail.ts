/** The trail (`wire.md`, `…/trail`): each event of a person decoded, in order of position. */
import { dayOf, type Day, type Rulebook } from '#packs';
import { type At, linkedSubjects, momentOf } from './fold.js';
import { readAsListed } from './known.js';
import type { Instant, Position } from './names.js';
import { isReference } from './names.js';
import { isDayAlone } from './order.js';
import type { PersonRecord, Recorded } from './record.js';
import { type Resolvers, UNLISTED } from './shown.js';
import type { StoredEvent } from './stored.js';

/** What a consent covers (law 94-V 22(1)(5): term, transfers, cross-border, publication are logged). */
export interface ConsentRecord {
  readonly term: string;
  readonly recipients: readonly string[];
  readonly 'cross-border': boolean;
  readonly publication: boolean;
  readonly items: readonly string[] | 'all';
  /** Absent where the person consented: whether a paper proves who consented for them, by the clause that lets them. */
  readonly representative?: { readonly proof: boolean; readonly clause: string | null };
}

/** One decoded event; its receipt and stored bytes are added by whoever holds the log. */
export interface TrailRow {
  readonly position: Position;
  readonly event: string;
  readonly type: string;
  /** A day alone, or an instant. */
  readonly at: string;
  readonly recorded: Instant;
  readonly by: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** The clause of its basis, ground or cause. */
  readonly clause?: string;
  /** SHA-256 of the text of the edition it names, hex. */
  readonly editionHash?: string;
  readonly record?: ConsentRecord;
}

/**
 * Every event of the person's linked dossiers that is known and not after the moment, corrected ones and corrections
 * too: the trail hides nothing that was recorded.
 */
export function trail(
  record: PersonRecord,
  rulebook: Rulebook,
  at: At,
  resolvers: Resolvers = {},
): readonly TrailRow[] {
  const moment = momentOf(record, rulebook, at);
  const subjects = linkedSubjects(record, moment);
  const rows: TrailRow[] = [];
  for (const dossier of record.dossiers) {
    if (!subjects.has(dossier.subject)) continue;
    for (const recorded of dossier.events) {
      if (recorded.position >= moment.before) continue;
      const day = isDayAlone(recorded.event.at) ? recorded.event.at : dayOf(recorded.event.at, rulebook.zone);
      const isLater =
        isDayAlone(recorded.event.at) || moment.instant === undefined
          ? day > moment.day
          : recorded.event.at > moment.instant;
      if (!isLater) rows.push(trailRow(recorded, day, record.listed, rulebook, resolvers));
    }
  }
  return rows.sort((a, b) => a.position - b.position);
}

export function trailRow(
  { event: stored, position }: Recorded,
  day: Day,
  listed: ReadonlyMap<string, string>,
  rulebook: Rulebook,
  resolvers: Resolvers,
): TrailRow {
  const event = readAsListed(stored, listed);
  const clause = clauseOf(event, day, rulebook);
  const edition = 'edition' in event.data ? rulebook.editionById(event.data.edition) : undefined;
  return {
    position,
    event: event.id,
    type: event.type,
    at: event.at,
    recorded: event.recorded,
    by: event.by === null ? null : (resolvers.texts?.(event.by) ?? event.by),
    data: shownData(event, resolvers),
    ...(clause === undefined ? {} : { clause }),
    ...(edition === undefined ? {} : { editionHash: edition.hash }),
    ...(event.type === 'consented' ? { record: recordOf(event, day, rulebook, resolvers) } : {}),
  };
}

function clauseOf(event: StoredEvent, day: Day, rulebook: Rulebook): string | undefined {
  const { basis, ground, cause } = event.data as {
    readonly basis?: string;
    readonly ground?: string;
    readonly cause?: string;
  };
  const found =
    (ground === undefined ? undefined : rulebook.ground(ground, day)) ??
    (cause === undefined ? undefined : rulebook.cause(cause, day)) ??
    (basis === undefined ? undefined : rulebook.basis(basis, day));
  return found?.cite.clause;
}

function recordOf(
  event: StoredEvent & { readonly type: 'consented' },
  day: Day,
  rulebook: Rulebook,
  resolvers: Resolvers,
): ConsentRecord {
  const { parts, until, items, document, 'by-representative': byOther } = event.data;
  const clause = rulebook.rules(day).capacity.representative?.clause ?? null;
  const name = (id: string): string => shownAs(id, UNLISTED, resolvers);
  return {
    term: until ?? 'purpose-reached',
    recipients: parts.flatMap((part) => ('recipient' in part ? [name(part.recipient)] : [])),
    'cross-border': parts.some((part) => 'cross-border' in part),
    publication: parts.some((part) => 'publication' in part),
    items: items === undefined ? 'all' : items.map(name),
    ...(byOther === true ? { representative: { proof: document !== undefined, clause } } : {}),
  };
}

// ---- data as shown -------------------------------------------------------------------------------------------------

/** Fields that hold a reference which Depter or an emitter made: without its text it is shown as it is. */
const REFERENCES = new Set(['consent', 'contract', 'request', 'staff', 'breach', 'other', 'event', 'about']);
/** Fields that hold the commitment to a sealed text. */
const SEALED = new Set(['note', 'document', 'reason']);

function shownData(event: StoredEvent, resolvers: Resolvers): Readonly<Record<string, unknown>> {
  const fields = Object.entries(event.data).map(([field, value]) => {
    if (SEALED.has(field)) return [field, resolvers.sealed?.(event.id, field) ?? value] as const;
    if (field === 'values') return [field, shownKeys(value as Readonly<Record<string, string>>, resolvers)] as const;
    if (field === 'about') return [field, shownKeys(value as Readonly<Record<string, string>>, resolvers)] as const;
    return [field, shown(value, field, resolvers)] as const;
  });
  return Object.fromEntries(fields);
}

/** The values themselves stay what the log holds: commitments and ties. */
function shownKeys(fields: Readonly<Record<string, string>>, resolvers: Resolvers): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [shownAs(key, UNLISTED, resolvers), value]));
}

function shown(value: unknown, field: string, resolvers: Resolvers): unknown {
  if (typeof value === 'string') return shownAs(value, REFERENCES.has(field) ? value : UNLISTED, resolvers);
  if (Array.isArray(value)) return value.map((one) => shown(one, field, resolvers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one, key, resolvers)]));
}

function shownAs(text: string, otherwise: string, { texts }: Resolvers): string {
  return isReference(text) ? (texts?.(text) ?? otherwise) : text;
}
