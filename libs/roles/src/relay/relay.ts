import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Controllers } from '#host';
import { Clock, FollowerPositions, Ledger } from '#store';
import { ended, kafkaOf } from '../kafka/client.js';
import { KafkaSettings } from '../kafka/settings.js';
import { SureProducer } from '../kafka/sure-producer.js';
import { RoleHealth } from '../role-health.js';
import { LogRelay } from './log-relay.js';
import { Reporter } from './reporter.js';

/** The role that tells of orders, findings and clocks over Kafka: one relay and one producer for each controller. */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logs: readonly { readonly relay: LogRelay; readonly producer: SureProducer }[];

  constructor(
    settings: KafkaSettings,
    ledger: Ledger,
    positions: FollowerPositions,
    controllers: Controllers,
    clock: Clock,
    health: RoleHealth,
  ) {
    const kafka = kafkaOf(settings);
    this.logs = settings.controllers.map((controller) => {
      const producer = new SureProducer(kafka);
      const reporter = new Reporter(controller, ledger, controllers, clock);
      const relay = new LogRelay(controller, { kafka, producer, ledger, positions, reporter });
      health.register(`relay ${controller}`, () => relay.health());
      return { relay, producer };
    });
  }

  onApplicationBootstrap(): void {
    for (const { relay } of this.logs) relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await ended(this.logs.map(({ relay }) => relay.stop()));
    await ended(this.logs.map(({ producer }) => producer.close()));
  }
}
