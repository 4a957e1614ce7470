import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { Controllers, Drain, KeyGuard, Metrics, ProblemFilter, RouteTable, type Config } from '#host';
import { auditRoles, IntakeModule, kafkaRoles, projectorRoles, RoleHealthModule, witnessRoles } from '#roles';
import { AccessKeys, Clock, Destructions, FollowerPositions, Keys, Ledger, Projections, TransparencyLog, Vault, type Store } from '#store'; // prettier-ignore
import { ActionsController } from './actions/actions-controller.js';
import { FindingsOfActionHandler } from './actions/findings-of-action.js';
import { ClockController } from './clock/clock-controller.js';
import { CommandsController } from './commands/commands-controller.js';
import { COMMAND_HANDLERS } from './commands/commands.js';
import { BoardOfHandler } from './controllers/boards.js';
import { BoardsReader } from './controllers/boards-reader.js';
import { ControllerViewOfHandler } from './controllers/controller-views.js';
import { ControllersController } from './controllers/controllers-controller.js';
import { MattersReader } from './controllers/matters-reader.js';
import { DecisionOnHandler } from './decisions/decision-on.js';
import { NoticeController } from './controllers/notice-controller.js';
import { DecisionsController } from './decisions/decisions-controller.js';
import { EventsController } from './events/events-controller.js';
import { ReceiptOfHandler } from './events/receipt-of.js';
import { HealthController } from './health/health-controller.js';
import { StoreStatus } from './health/store-status.js';
import { KeysController } from './keys/keys-controller.js';
import { LogController } from './log/log-controller.js';
import { ProofsController } from './log/proofs-controller.js';
import { AsyncApiController } from './openapi/asyncapi-controller.js';
import { OpenApiController } from './openapi/openapi-controller.js';
import { CONFIG } from './settings.js';
import { CloseStore, Shutdown } from './shutdown.js';
import { DestructionsController } from './subjects/destructions-controller.js';
import { SubjectsController } from './subjects/subjects-controller.js';
import { SUBJECT_QUERIES } from './subjects/queries.js';

/** Everything that is made before Nest starts: what is wrong with it is said plainly, and stops the start. */
export interface Parts {
  readonly config: Config;
  readonly controllers: Controllers;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly vault: Vault;
  readonly keys: Keys;
  readonly destructions: Destructions;
  readonly accessKeys: AccessKeys;
  readonly positions: FollowerPositions;
  readonly projections: Projections;
  readonly status: StoreStatus;
  readonly close: CloseStore;
  readonly lost: Store['lost'];
}

/** What every part of the server may ask for. */
@Global()
@Module({})
class PartsModule {
  static of(parts: Parts): DynamicModule {
    const providers: Provider[] = [
      { provide: CONFIG, useValue: parts.config },
      { provide: Controllers, useValue: parts.controllers },
      { provide: Clock, useValue: parts.clock },
      { provide: Ledger, useValue: parts.ledger },
      { provide: TransparencyLog, useValue: parts.log },
      { provide: Vault, useValue: parts.vault },
      { provide: Keys, useValue: parts.keys },
      { provide: Destructions, useValue: parts.destructions },
      { provide: AccessKeys, useValue: parts.accessKeys },
      { provide: FollowerPositions, useValue: parts.positions },
      { provide: Projections, useValue: parts.projections },
      { provide: StoreStatus, useValue: parts.status },
      { provide: CloseStore, useValue: parts.close },
      Metrics,
      Drain,
      RouteTable,
    ];
    return {
      module: PartsModule,
      providers,
      exports: [
        CONFIG,
        Controllers,
        Clock,
        Ledger,
        TransparencyLog,
        Vault,
        Keys,
        Destructions,
        AccessKeys,
        FollowerPositions,
        Projections,
        StoreStatus,
        CloseStore,
        Metrics,
        Drain,
        RouteTable,
      ],
    };
  }
}

/** The server: every role in one process, and the HTTP edge before them. */
@Module({})
export class ServerModule {
  static of(parts: Parts): DynamicModule {
    return {
      module: ServerModule,
      imports: [
        PartsModule.of(parts),
        CqrsModule.forRoot(),
        IntakeModule,
        RoleHealthModule,
        ...kafkaRoles(parts.config, parts.controllers),
        ...witnessRoles(parts.config),
        ...auditRoles(parts.config),
        ...projectorRoles(parts.config),
      ],
      controllers: [
        ActionsController,
        SubjectsController,
        DestructionsController,
        CommandsController,
        ControllersController,
        NoticeController,
        DecisionsController,
        EventsController,
        LogController,
        ProofsController,
        KeysController,
        ClockController,
        HealthController,
        OpenApiController,
        AsyncApiController,
      ],
      providers: [
        { provide: APP_GUARD, useClass: KeyGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        FindingsOfActionHandler,
        ReceiptOfHandler,
        MattersReader,
        BoardsReader,
        BoardOfHandler,
        ControllerViewOfHandler,
        DecisionOnHandler,
        ...SUBJECT_QUERIES,
        ...COMMAND_HANDLERS,
        Shutdown,
      ],
    };
  }
}
