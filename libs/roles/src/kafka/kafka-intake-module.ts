import { Module, type DynamicModule } from '@nestjs/common';
import { IntakeModule } from '../intake/intake-module.js';
import { RoleHealthModule } from '../role-health.js';
import { KafkaIntake } from './kafka-intake.js';
import { KafkaSettings } from './settings.js';

/** The role by itself; the store, the rulebooks, the clock and the metrics come from whoever composes it. */
@Module({})
export class KafkaIntakeModule {
  static of(settings: KafkaSettings): DynamicModule {
    return {
      module: KafkaIntakeModule,
      imports: [IntakeModule, RoleHealthModule],
      providers: [{ provide: KafkaSettings, useValue: settings }, KafkaIntake],
    };
  }
}
