/** The client of the brokers, with our own bounds and log. */
import { Logger } from '@nestjs/common';
import { Kafka, logLevel, type LogEntry, type RetryOptions } from 'kafkajs';
import { pause } from '../pause.js';
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

/** How long a stop waits for brokers that may be gone; what was not committed or stored by then comes again. */
const STOP_MS = 8_000;

/** Waits for the ends of what was stopped, but not for ever. */
export async function ended(stops: readonly Promise<unknown>[]): Promise<void> {
  const bound = new AbortController();
  await Promise.race([Promise.allSettled(stops), pause(STOP_MS, bound.signal)]);
  bound.abort();
}
