/** The ledger port on the cluster engine. */
import { IDENTIFIER_KINDS, type Action, type ControllerId, type ControllerRecord, type EventId, type Identifier, type OwnAction, type LogEntry, type PersonRecord, type Position, type Recorded, type Reference, type SubjectRef } from '#ledger'; // prettier-ignore
import { Ledger, StoreFailure, type Outcome, type RecordOptions } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import { idBytes, idText } from '../sealing/mint.js';
import { identityName } from '../sealing/naming.js';
import { BackOff } from './back-off.js';
import type { ClusterControllers } from './controllers.js';
import type { ClusterIntake } from './intake.js';
import type { ListedReferences } from './listed-references.js';
import { accessesOf, entriesFrom, eventById } from './log-reader.js';
import type { PersonReader } from './person-reader.js';
import type { Postgres } from './postgres.js';
import { PLACED_CHANNEL } from './sequencing-postgres.js';

/** Entries of one batch of a follower. */
const BATCH = 500;
/** A follower that hears nothing looks for itself this often. */
const LOOK_MS = 1000;
const NONE: ReadonlyMap<string, string> = new Map();

const SQL = {
  identity: {
    name: 'ledger-identity',
    text: 'SELECT hmac, subject FROM depter.dossiers WHERE controller = $1 AND hmac = ANY ($2::bytea[])',
  },
  sender: {
    name: 'ledger-sender',
    text: `SELECT k.id FROM depter.events e JOIN depter.digests d ON d.seq = coalesce(e.first_seq, e.seq)
      JOIN depter.access_keys k ON k.no = d.sender WHERE e.controller = $1 AND e.id = $2`,
  },
  size: {
    name: 'ledger-size',
    text: 'SELECT base + size AS size FROM depter.generations WHERE controller = $1 ORDER BY generation DESC LIMIT 1',
  },
};

export interface LedgerParts {
  readonly postgres: Postgres;
  readonly controllers: ClusterControllers;
  readonly intake: ClusterIntake;
  readonly people: PersonReader;
  readonly listed: ListedReferences;
  /** Aborts when the store closes. */
  readonly closed: AbortSignal;
}

export class ClusterLedger extends Ledger {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    super();
    this.#parts = parts;
  }

  override async record(
    controller: ControllerId,
    actions: readonly (Action | OwnAction)[],
    options: RecordOptions = {},
  ): Promise<Outcome[]> {
    this.#parts.intake.admit();
    const opened = await this.#parts.controllers.opened(controller);
    return this.#parts.intake.record(opened, actions, options);
  }

  override async find(id: ControllerId, identifiers: readonly Identifier[]): Promise<SubjectRef | undefined> {
    const controller = await this.#parts.controllers.known(id);
    if (controller === undefined || identifiers.length === 0) return undefined;
    const rank = ({ kind }: Identifier): number => IDENTIFIER_KINDS.indexOf(kind);
    const ranked = [...identifiers].sort((a, b) => rank(a) - rank(b));
    const hmacs = ranked.map(({ kind, value }) => identityName(controller.pepper, kind, value));
    const rows = await this.#parts.postgres.rows(SQL.identity, [controller.no, hmacs]);
    const found = new Map(rows.map(({ hmac, subject }) => [(hmac as Buffer).toString('hex'), subject as Buffer]));
    const first = hmacs.find((hmac) => found.has(hmac.toString('hex')));
    return first && (idText(found.get(first.toString('hex'))!) as SubjectRef);
  }

  override async person(id: ControllerId, subject: SubjectRef): Promise<PersonRecord | undefined> {
    const { controllers, postgres, people, listed } = this.#parts;
    const controller = await controllers.known(id);
    if (controller === undefined) return undefined;
    const rules = controllers.rulesOf(id);
    const names = rules === undefined ? NONE : await listed.of(controller, rules);
    return postgres.reading((queries) => people.person(queries, controller, subject, names));
  }

  override async accesses(id: ControllerId, subject: SubjectRef): Promise<readonly Recorded[]> {
    return (await this.#read(id, (controller) => accessesOf(this.#parts.postgres, controller, subject))) ?? [];
  }

  override async own(id: ControllerId): Promise<readonly Recorded[]> {
    return (await this.#read(id, (controller) => this.#parts.people.own(this.#parts.postgres, controller))) ?? [];
  }

  override async matters(id: ControllerId): Promise<ControllerRecord> {
    const { controllers, postgres, people, listed } = this.#parts;
    const controller = await controllers.known(id);
    if (controller === undefined) return { controller: [], listed: NONE };
    const rules = controllers.rulesOf(id);
    const names = rules === undefined ? NONE : await listed.of(controller, rules);
    return postgres.reading((queries) => people.matters(queries, controller, names));
  }

  override async entries(id: ControllerId, from: Position, limit: number): Promise<readonly LogEntry[]> {
    return (await this.#read(id, (controller) => entriesFrom(this.#parts.postgres, controller, from, limit))) ?? [];
  }

  override async event(id: ControllerId, event: EventId): Promise<LogEntry | undefined> {
    return this.#read(id, (controller) => eventById(this.#parts.postgres, controller, event));
  }

  override async senderOf(id: ControllerId, event: EventId): Promise<Reference | undefined> {
    const bytes = idBytes(event);
    const controller = bytes && (await this.#parts.controllers.known(id));
    const [row] = controller ? await this.#parts.postgres.rows(SQL.sender, [controller.no, bytes]) : [];
    return row && (idText(row['id'] as Buffer) as Reference);
  }

  override async *follow(id: ControllerId, from: Position, signal: AbortSignal): AsyncIterable<readonly LogEntry[]> {
    const until = AbortSignal.any([signal, this.#parts.closed]);
    const ear = this.#parts.postgres.notices.listen(PLACED_CHANNEL, id);
    const backOff = new BackOff();
    let next = from;
    try {
      while (!until.aborted) {
        const batch = await this.#entriesIfThere(id, next);
        if (batch === undefined) await backOff.pause(until);
        else if (batch.length === 0) await ear.wait(LOOK_MS, until);
        else if (!until.aborted) {
          backOff.reset();
          next = batch.at(-1)!.position + 1;
          yield batch;
        }
      }
    } finally {
      ear.close();
    }
  }

  override async size(id: ControllerId): Promise<number> {
    const size = await this.#read(id, async (controller) => {
      const [row] = await this.#parts.postgres.rows(SQL.size, [controller.no]);
      controller.size = Math.max(controller.size, (row?.['size'] as number | undefined) ?? 0);
      return controller.size;
    });
    return size ?? 0;
  }

  /** Undefined where another try may pass. */
  async #entriesIfThere(id: ControllerId, from: Position): Promise<readonly LogEntry[] | undefined> {
    try {
      return await this.entries(id, from, BATCH);
    } catch (failure) {
      if (failure instanceof StoreFailure && failure.retryable) return undefined;
      throw failure;
    }
  }

  async #read<T>(id: ControllerId, read: (controller: Controller) => Promise<T>): Promise<T | undefined> {
    const controller = await this.#parts.controllers.known(id);
    return controller && read(controller);
  }
}
