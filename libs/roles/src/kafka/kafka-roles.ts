import type { DynamicModule } from '@nestjs/common';
import {
  AUDIT_ROLE,
  ConfigError,
  PROJECTOR_ROLE,
  SEQUENCER_ROLE,
  WITNESS_ROLE,
  type Config,
  type Controllers,
} from '#host';
import { RelayModule } from '../relay/relay-module.js';
import { KafkaIntakeModule } from './kafka-intake-module.js';
import { KafkaSettings } from './settings.js';

/** The roles that speak to Kafka, by the names of the setting `roles`. */
const ROLES: Readonly<Record<string, (settings: KafkaSettings) => DynamicModule>> = {
  'kafka-intake': (settings) => KafkaIntakeModule.of(settings),
  relay: (settings) => RelayModule.of(settings),
};

export const KAFKA_ROLE_NAMES: readonly string[] = Object.keys(ROLES);

/** Roles that need no broker. */
const OTHERS: readonly string[] = [SEQUENCER_ROLE, WITNESS_ROLE, AUDIT_ROLE, PROJECTOR_ROLE];

/** The modules of the roles that the settings ask for; none where no broker is configured. Throws ConfigError. */
export function kafkaRoles(config: Config, controllers: Controllers): readonly DynamicModule[] {
  const named = config.roles.filter((name) => !OTHERS.includes(name));
  const unknown = named.find((name) => ROLES[name] === undefined);
  if (unknown !== undefined) {
    throw new ConfigError(`setting roles: knows ${[...OTHERS, ...KAFKA_ROLE_NAMES].join(', ')}`);
  }
  const settings = KafkaSettings.of(config, controllers);
  if (settings === undefined) {
    if (named.length > 0) throw new ConfigError('setting roles: these need --kafka');
    return [];
  }
  const wanted = config.roles.length > 0 ? named : KAFKA_ROLE_NAMES;
  return [...new Set(wanted)].flatMap((name) => ROLES[name]?.(settings) ?? []);
}
