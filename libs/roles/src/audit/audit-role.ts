import { Inject, Injectable, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common'; // prettier-ignore
import { AUDIT_ROLE, Controllers, type Config } from '#host';
import { FollowerPositions, TransparencyLog } from '#store';
import { RoleHealth, RoleHealthModule } from '../role-health.js';
import { LogAudit, type AuditPace } from './log-audit.js';

const PACE = Symbol('pace of the audit');

/** The role that checks the logs all the time, each for itself, from their first entry on. */
@Injectable()
export class AuditRole implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logs: readonly LogAudit[];

  constructor(
    @Inject(PACE) pace: AuditPace,
    tlog: TransparencyLog,
    positions: FollowerPositions,
    controllers: Controllers,
    health: RoleHealth,
  ) {
    this.logs = controllers.all().map((controller) => {
      const audit = new LogAudit(controller, pace, tlog, positions);
      health.register(`audit ${controller}`, () => audit.health());
      return audit;
    });
  }

  onApplicationBootstrap(): void {
    for (const log of this.logs) log.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.logs.map((log) => log.stop()));
  }
}

/** The role by itself; the store and the controllers come from whoever composes it. */
@Module({})
export class AuditModule {
  static of(pace: AuditPace): DynamicModule {
    return {
      module: AuditModule,
      imports: [RoleHealthModule],
      providers: [{ provide: PACE, useValue: pace }, AuditRole],
    };
  }
}

/** The role where the settings ask for it, or name no role; none at a rate of 0. */
export function auditRoles(config: Config): readonly DynamicModule[] {
  const entriesPerSecond = config['audit-rate'];
  const wanted = config.roles.length === 0 || config.roles.includes(AUDIT_ROLE);
  if (!wanted || entriesPerSecond === 0) return [];
  return [AuditModule.of({ entriesPerSecond, restMs: config['audit-rest-seconds'] * 1000 })];
}
