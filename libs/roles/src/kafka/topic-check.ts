/** What a controller's topics must be before anything is taken from them. */
import kafkajs, { type Kafka } from 'kafkajs';
import type { ControllerId } from '#ledger';
import { actionsTopic, refusedTopic } from './topics.js';

/** Node finds this name in the CommonJS module only by way of its whole. */
const { ConfigResourceTypes } = kafkajs;

/** The intake topic carries identifiers (`design.md`): seven days, in milliseconds. */
export const MAX_RETENTION_MS = 7 * 24 * 60 * 60 * 1000;

/** `topic-missing`: no topic of actions or of refusals; `retention`: it would keep identifiers longer than it may. */
export type TopicFault = 'topic-missing' | 'retention';

/** Undefined where all is well. Throws where the brokers do not answer. */
export async function checkTopics(kafka: Kafka, controller: ControllerId): Promise<TopicFault | undefined> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = new Set(await admin.listTopics());
    const name = actionsTopic(controller);
    if (!topics.has(name) || !topics.has(refusedTopic(controller))) return 'topic-missing';
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name, configNames: ['retention.ms', 'cleanup.policy'] }],
    });
    const found = new Map(resources[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]));
    return keepsTooLong(found.get('retention.ms'), found.get('cleanup.policy')) ? 'retention' : undefined;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** -1 is for ever, and a topic that is only compacted keeps the last message of a key for ever. */
export function keepsTooLong(retentionMs: string | undefined, cleanupPolicy: string | undefined): boolean {
  const ms = Number(retentionMs ?? Number.NaN);
  const deletes = (cleanupPolicy ?? '').split(',').some((policy) => policy.trim() === 'delete');
  return !(deletes && ms >= 0 && ms <= MAX_RETENTION_MS);
}

/** Whether a topic is there. Throws where the brokers do not answer. */
export async function hasTopic(kafka: Kafka, topic: string): Promise<boolean> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return (await admin.listTopics()).includes(topic);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
