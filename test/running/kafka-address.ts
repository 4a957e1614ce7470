/** The Kafka broker that suites share: the one that the environment names, else one of the official image. */
import { afterAll } from '@jest/globals';
import { dockerAnswers, ServerContainer } from './docker.js';
import { imageOf } from './images.js';

/** Inside its container: the first is the tests', the second the broker's own. */
const [PORT, CONTROLLER_PORT] = [9092, 9093];

export const HOW_TO_GET_KAFKA = `for Kafka: DEPTER_TEST_KAFKA, the host:port of a broker, or a Docker engine that gets ${imageOf('kafka')}`;

let address: Promise<string | undefined> | undefined;

/** `host:port`; undefined where there is none. To be asked before the tests of a file begin: what it starts ends after them. */
export function kafkaAddress(): Promise<string | undefined> {
  address ??= find();
  return address;
}

async function find(): Promise<string | undefined> {
  const named = process.env['DEPTER_TEST_KAFKA'];
  if (named !== undefined) return named === '' ? undefined : named;
  if (!(await dockerAnswers())) return undefined;
  const container = await ServerContainer.start('kafka', PORT, (host, port) => ({
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: `PLAINTEXT://:${PORT},CONTROLLER://:${CONTROLLER_PORT}`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${CONTROLLER_PORT}`,
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  }));
  afterAll(() => container.remove());
  return `${container.host}:${container.port}`;
}
