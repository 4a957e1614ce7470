/** Reads the log of a controller: events that have their place, in its order. */
import { decode, type EventId, type LogEntry, type Position, type Recorded, type SubjectRef } from '#ledger';
import type { Controller } from '../sealing/controller.js';
import { idBytes } from '../sealing/mint.js';
import type { Queries, Row } from './postgres.js';

const NO_SUBJECT = new Uint8Array(0);
/** Entries of one reading. */
export const ENTRIES_AT_ONCE = 10_000;

const SQL = {
  entries: {
    name: 'log-entries',
    text: `SELECT p.position, e.entry FROM depter.placed p JOIN depter.events e USING (seq)
      WHERE p.controller = $1 AND p.position >= $2 ORDER BY p.position LIMIT $3`,
  },
  event: {
    name: 'log-event',
    text: `SELECT p.position, e.entry FROM depter.events e JOIN depter.placed p USING (seq)
      WHERE e.controller = $1 AND e.id = $2`,
  },
  dossiers: {
    name: 'log-dossiers',
    text: `SELECT e.subject, p.position, e.entry FROM depter.events e JOIN depter.placed p USING (seq)
      WHERE e.controller = $1 AND e.subject = ANY ($2::bytea[]) AND NOT e.accessed AND p.position >= $3 ORDER BY p.position`,
  },
  accesses: {
    name: 'log-accesses',
    text: `SELECT p.position, e.entry FROM depter.events e JOIN depter.placed p USING (seq)
      WHERE e.controller = $1 AND e.subject = $2 AND e.accessed ORDER BY p.position`,
  },
};

export async function entriesFrom(
  queries: Queries,
  controller: Controller,
  from: Position,
  limit: number,
): Promise<LogEntry[]> {
  const most = Math.min(limit, ENTRIES_AT_ONCE);
  const rows = await queries.rows(SQL.entries, [controller.no, Math.max(0, from), most]);
  return rows.map(recordedOf);
}

export async function eventById(queries: Queries, controller: Controller, id: EventId): Promise<LogEntry | undefined> {
  const bytes = idBytes(id);
  const [row] = bytes === undefined ? [] : await queries.rows(SQL.event, [controller.no, bytes]);
  return row && recordedOf(row);
}

/** Events of dossiers but `accessed`, by the dossiers' references. */
export async function eventsOf(
  queries: Queries,
  controller: Controller,
  subjects: readonly SubjectRef[],
): Promise<Map<SubjectRef, Recorded[]>> {
  const events = new Map<SubjectRef, Recorded[]>(subjects.map((subject) => [subject, []]));
  const bytes = subjects.map((subject) => Buffer.from(subject, 'base64url'));
  for (const row of await queries.rows(SQL.dossiers, [controller.no, bytes, 0])) {
    events.get((row['subject'] as Buffer).toString('base64url') as SubjectRef)!.push(eventOf(row));
  }
  return events;
}

/** The controller's own events from a position on. */
export async function ownEvents(queries: Queries, controller: Controller, from: Position): Promise<Recorded[]> {
  return (await queries.rows(SQL.dossiers, [controller.no, [NO_SUBJECT], from])).map(eventOf);
}

export async function accessesOf(queries: Queries, controller: Controller, subject: SubjectRef): Promise<Recorded[]> {
  const bytes = idBytes(subject);
  return bytes === undefined ? [] : (await queries.rows(SQL.accesses, [controller.no, bytes])).map(recordedOf);
}

export function recordedOf(row: Row): LogEntry {
  return { ...eventOf(row), entry: row['entry'] as Uint8Array };
}

function eventOf(row: Row): Recorded {
  return { position: row['position'] as Position, event: decode(row['entry'] as Uint8Array) };
}
