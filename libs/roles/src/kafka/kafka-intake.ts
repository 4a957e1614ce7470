import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RecordActions } from '../intake/record-actions.js';
import { RoleHealth } from '../role-health.js';
import { ended, kafkaOf } from './client.js';
import { KafkaSettings } from './settings.js';
import { SureProducer } from './sure-producer.js';
import { TopicIntake } from './topic-intake.js';

/**
 * The role that takes in what emitters send over Kafka: one consumer for each controller, so that what holds up one holds
 * up no other. Judging and recording are those of HTTP.
 */
@Injectable()
export class KafkaIntake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly producer: SureProducer;
  private readonly topics: readonly TopicIntake[];

  constructor(settings: KafkaSettings, commands: CommandBus, health: RoleHealth) {
    const kafka = kafkaOf(settings);
    this.producer = new SureProducer(kafka);
    this.topics = settings.controllers.map((controller) => {
      // Nobody waits for a receipt: an offset may be committed as soon as its action is durable.
      const options = { receipts: false, wait: true, pending: 'at once' } as const;
      const intake = new TopicIntake(kafka, controller, this.producer, (texts) =>
        commands.execute(new RecordActions(controller, texts, null, options)),
      );
      health.register(`kafka-intake ${controller}`, () => intake.health());
      return intake;
    });
  }

  /** Starts, and waits for no broker: HTTP serves meanwhile. */
  onApplicationBootstrap(): void {
    for (const topic of this.topics) topic.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await ended(this.topics.map((topic) => topic.stop()));
    await ended([this.producer.close()]);
  }
}
