/** Event logs as tests need them beside the adapters. */
import { EventLog, PostgresEventLog, type LogName, type NewEntry, type Postgres } from '#store';

/** One server serves several logs of one controller: each has generations of its own there. */
export class ApartLog extends EventLog {
  readonly #log: EventLog;
  readonly #first: number;

  constructor(log: EventLog, first: number) {
    super();
    this.#log = log;
    this.#first = first;
  }

  override append(log: LogName, expectedSize: number, group: readonly NewEntry[]) {
    return this.#log.append(this.#apart(log), expectedSize, group);
  }
  override read(log: LogName, from: number, limit: number) {
    return this.#log.read(this.#apart(log), from, limit);
  }
  override follow(log: LogName, from: number, signal: AbortSignal) {
    return this.#log.follow(this.#apart(log), from, signal);
  }
  override size(log: LogName) {
    return this.#log.size(this.#apart(log));
  }
  override close() {
    return this.#log.close();
  }

  #apart({ controller, generation }: LogName): LogName {
    return { controller, generation: this.#first + generation };
  }
}

/** Closes the connections with the log: here nobody else has them. */
export class OwnedLog extends PostgresEventLog {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    super(postgres);
    this.#postgres = postgres;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#postgres.close();
  }
}
