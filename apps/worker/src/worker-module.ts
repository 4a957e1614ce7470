import { Global, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import {
  ConfigError,
  Controllers,
  KeyGuard,
  Metrics,
  ProblemFilter,
  AUDIT_ROLE,
  PROJECTOR_ROLE,
  RouteTable,
  SEQUENCER_ROLE,
  WITNESS_ROLE,
} from '#host';
import { auditRoles, KAFKA_ROLE_NAMES, kafkaRoles, projectorRoles, RoleHealthModule, witnessRoles } from '#roles';
import { AccessKeys, Clock, Destructions, FollowerPositions, Ledger, Projections, TransparencyLog } from '#store';
import { HealthController } from './health-controller.js';
import { StoreHandle, type WorkerParts } from './parts.js';

/** The store closes last, when no role asks it any more. */
@Injectable()
class CloseLast implements OnApplicationShutdown {
  constructor(private readonly store: StoreHandle) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** What every role may ask for. */
@Global()
@Module({})
class PartsModule {
  static of(parts: WorkerParts): DynamicModule {
    const providers = [
      { provide: Controllers, useValue: parts.controllers },
      { provide: Clock, useValue: parts.clock },
      { provide: Ledger, useValue: parts.ledger },
      { provide: Destructions, useValue: parts.destructions },
      { provide: TransparencyLog, useValue: parts.log },
      { provide: AccessKeys, useValue: parts.accessKeys },
      { provide: FollowerPositions, useValue: parts.positions },
      { provide: Projections, useValue: parts.projections },
      { provide: StoreHandle, useValue: parts.close },
    ];
    const tokens = providers.map(({ provide }) => provide);
    return {
      module: PartsModule,
      providers: [...providers, Metrics, RouteTable],
      exports: [...tokens, Metrics, RouteTable],
    };
  }
}

@Module({})
export class WorkerModule {
  /** Throws ConfigError where there is no role to run. */
  static of(parts: WorkerParts): DynamicModule {
    const { config } = parts;
    const roles = [
      ...kafkaRoles(config, parts.controllers),
      ...witnessRoles(config),
      ...auditRoles(config),
      ...projectorRoles(config),
    ];
    const places =
      config.postgres !== undefined && (config.roles.length === 0 || config.roles.includes(SEQUENCER_ROLE));
    if (roles.length === 0 && !places) {
      throw new ConfigError(
        `a worker needs a role: with --kafka ${KAFKA_ROLE_NAMES.join(', ')}, with --postgres ${SEQUENCER_ROLE}, with --witness-policy ${WITNESS_ROLE}, ${PROJECTOR_ROLE} or ${AUDIT_ROLE}`,
      );
    }
    return {
      module: WorkerModule,
      imports: [PartsModule.of(parts), CqrsModule.forRoot(), RoleHealthModule, ...roles],
      controllers: [HealthController],
      providers: [
        { provide: APP_GUARD, useClass: KeyGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        CloseLast,
      ],
    };
  }
}
