/** The ledger port on the embedded engine: what is written goes through intake, what is read through one connection. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { IDENTIFIER_KINDS, type Action, type ControllerId, type ControllerRecord, type EventId, type Identifier, type OwnAction, type LogEntry, type PersonRecord, type Position, type Recorded, type Reference, type SubjectRef } from '#ledger'; // prettier-ignore
import { Ledger, type Outcome, type RecordOptions } from '../ports.js';
import { endOf, placeOf, type Controllers } from './controllers.js';
import type { Controller } from '../sealing/controller.js';
import { asStoreFailure } from './failure.js';
import type { Growth } from './growth.js';
import type { Intake } from './intake.js';
import type { ListedReferences } from './listed-references.js';
import type { LogReader } from './log-reader.js';
import { WITH_ID } from './schema.js';
import { idBytes, idText } from '../sealing/mint.js';
import { identityName } from '../sealing/naming.js';
import type { PersonReader } from './person-reader.js';

/** Entries of one batch of a follower. */
const BATCH = 500;
const NONE: ReadonlyMap<string, string> = new Map();

export class EmbeddedLedger extends Ledger {
  readonly #controllers: Controllers;
  readonly #intake: Intake;
  readonly #log: LogReader;
  readonly #people: PersonReader;
  readonly #listed: ListedReferences;
  readonly #growth: Growth;
  readonly #db: DatabaseSync;
  readonly #identity: StatementSync;
  readonly #sender: StatementSync;

  constructor(
    parts: {
      controllers: Controllers;
      intake: Intake;
      log: LogReader;
      people: PersonReader;
      listed: ListedReferences;
      growth: Growth;
    },
    ledger: DatabaseSync,
  ) {
    super();
    this.#controllers = parts.controllers;
    this.#intake = parts.intake;
    this.#log = parts.log;
    this.#people = parts.people;
    this.#listed = parts.listed;
    this.#growth = parts.growth;
    this.#db = ledger;
    this.#sender = ledger.prepare(
      `SELECT k.id FROM events e LEFT JOIN splits s ON s.at = e.at JOIN digests d ON d.at = coalesce(s.first, e.at)
         JOIN access_keys k ON k.no = d.sender WHERE e.${WITH_ID} AND e.at >= ? AND e.at < ?`,
    );
    this.#identity = ledger.prepare('SELECT subject FROM dossiers WHERE controller = ? AND hmac = ?');
  }

  override async record(
    controller: ControllerId,
    actions: readonly (Action | OwnAction)[],
    options: RecordOptions = {},
  ): Promise<Outcome[]> {
    this.#intake.admit();
    const opened = await this.#controllers.opened(controller);
    return this.#intake.record(opened, actions, options);
  }

  override async find(id: ControllerId, identifiers: readonly Identifier[]): Promise<SubjectRef | undefined> {
    const controller = this.#controllers.known(id);
    if (controller === undefined) return undefined;
    const rank = ({ kind }: Identifier): number => IDENTIFIER_KINDS.indexOf(kind);
    for (const { kind, value } of [...identifiers].sort((a, b) => rank(a) - rank(b))) {
      const row = this.#identity.get(controller.no, identityName(controller.pepper, kind, value));
      if (row !== undefined) return idText(row['subject'] as Uint8Array) as SubjectRef;
    }
    return undefined;
  }

  override async person(id: ControllerId, subject: SubjectRef): Promise<PersonRecord | undefined> {
    const controller = this.#controllers.known(id);
    if (controller === undefined) return undefined;
    const rules = this.#controllers.rulesOf(id);
    this.#db.exec('BEGIN');
    try {
      return this.#people.person(controller, subject, rules === undefined ? NONE : this.#listed.of(controller, rules));
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  override async accesses(id: ControllerId, subject: SubjectRef): Promise<readonly Recorded[]> {
    return this.#read(id, (controller) => this.#log.accesses(controller, subject)) ?? [];
  }

  override async own(id: ControllerId): Promise<readonly Recorded[]> {
    return this.#read(id, (controller) => this.#people.own(controller)) ?? [];
  }

  override async matters(id: ControllerId): Promise<ControllerRecord> {
    const controller = this.#controllers.known(id);
    if (controller === undefined) return { controller: [], listed: NONE };
    const rules = this.#controllers.rulesOf(id);
    this.#db.exec('BEGIN');
    try {
      return this.#people.matters(controller, rules === undefined ? NONE : this.#listed.of(controller, rules));
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  override async entries(id: ControllerId, from: Position, limit: number): Promise<readonly LogEntry[]> {
    return this.#read(id, (controller) => this.#log.entries(controller, from, limit)) ?? [];
  }

  override async event(id: ControllerId, event: EventId): Promise<LogEntry | undefined> {
    return this.#read(id, (controller) => this.#log.event(controller, event));
  }

  override async senderOf(id: ControllerId, event: EventId): Promise<Reference | undefined> {
    const controller = this.#controllers.known(id);
    const bytes = idBytes(event);
    if (controller === undefined || bytes === undefined) return undefined;
    const row = this.#sender.get(bytes, placeOf(controller, 0), endOf(controller));
    return row === undefined ? undefined : (idText(row['id'] as Uint8Array) as Reference);
  }

  override async *follow(id: ControllerId, from: Position, signal: AbortSignal): AsyncIterable<readonly LogEntry[]> {
    let next = from;
    while (!signal.aborted && !this.#growth.ended) {
      const growth = this.#growth.next(id, signal);
      const batch = this.#read(id, (controller) => this.#log.entries(controller, next, BATCH)) ?? [];
      const last = batch.at(-1);
      if (last === undefined) {
        await growth;
        continue;
      }
      next = last.position + 1;
      yield batch;
    }
  }

  override async size(id: ControllerId): Promise<number> {
    return this.#controllers.known(id)?.size ?? 0;
  }

  #read<T>(id: ControllerId, read: (controller: Controller) => T): T | undefined {
    const controller = this.#controllers.known(id);
    try {
      return controller && read(controller);
    } catch (failure) {
      throw asStoreFailure(failure);
    }
  }
}
