/** The client of the brokers, with our own bounds and log. */
import { Logger } from '@nestjs/common';
import { Kafka, logLevel, type LogEntry, type RetryOptions } from 'kafkajs';
import type { KafkaSettings } from './settings.js';

/** How often the client tries by itself; what then still fails is tried again by whoever asked, for as long as it takes. */
export const RETRY: RetryOptions = {
  initialRetryTime: 200,
  maxRetryTime: 2_000,
  factor: 0.2,
  multiplier: 2,
  retries: 5,
};

/** A client; nothing is connected yet. */
export function kafkaOf(settings: KafkaSettings): Kafka {
  const { tls, user } = settings;
  return new Kafka({
    clientId: 'depter',
    brokers: [...settings.brokers],
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: RETRY,
    ...(tls === undefined ? {} : { ssl: tls.ca === undefined ? true : { ca: [tls.ca] } }),
    ...(user === undefined
      ? {}
      : { sasl: { mechanism: 'scram-sha-512' as const, username: user.name, password: user.password } }),
    logLevel: logLevel.ERROR,
    logCreator: () => quietly,
  });
}

const logger = new Logger('Kafka');

/** Of the client's own lines only where they come from: their texts quote what brokers and failures say. */
function quietly({ namespace, label }: LogEntry): void {
  logger.warn(`client: ${label} in ${namespace}`);
}

/** Waits so long, in milliseconds, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

/** How long a stop waits for brokers that may be gone; what was not committed or stored by then comes again. */
const STOP_MS = 8_000;

/** Waits for the ends of what was stopped, but not for ever. */
export async function ended(stops: readonly Promise<unknown>[]): Promise<void> {
  const bound = new AbortController();
  await Promise.race([Promise.allSettled(stops), pause(STOP_MS, bound.signal)]);
  bound.abort();
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** Times to wait between attempts: doubled up to a bound, and begun anew after a success. */
export class BackOff {
  private nextMs = FIRST_WAIT_MS;

  wait(signal: AbortSignal): Promise<void> {
    const ms = this.nextMs;
    this.nextMs = Math.min(ms * 2, LONGEST_WAIT_MS);
    return pause(ms, signal);
  }

  reset(): void {
    this.nextMs = FIRST_WAIT_MS;
  }
}
