import { Module, type DynamicModule } from '@nestjs/common';
import { KafkaSettings } from '../kafka/settings.js';
import { RoleHealthModule } from '../role-health.js';
import { Relay } from './relay.js';

/** The role by itself; the store, the rulebooks and the clock come from whoever composes it. */
@Module({})
export class RelayModule {
  static of(settings: KafkaSettings): DynamicModule {
    return {
      module: RelayModule,
      imports: [RoleHealthModule],
      providers: [{ provide: KafkaSettings, useValue: settings }, Relay],
    };
  }
}
