import { Injectable, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common'; // prettier-ignore
import { Controllers, PROJECTOR_ROLE, type Config } from '#host';
import { Clock, Ledger, Projections } from '#store';
import { RoleHealth, RoleHealthModule } from '../role-health.js';
import { LogProjector } from './log-projector.js';

/** The role that keeps the boards across persons: one projector for each controller. */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logs: readonly LogProjector[];

  constructor(ledger: Ledger, projections: Projections, controllers: Controllers, clock: Clock, health: RoleHealth) {
    this.logs = controllers.all().map((controller) => {
      const projector = new LogProjector(controller, { ledger, projections, controllers, clock });
      health.register(`projector ${controller}`, () => projector.health());
      return projector;
    });
  }

  onApplicationBootstrap(): void {
    for (const projector of this.logs) projector.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.logs.map((projector) => projector.stop()));
  }
}

/** The role by itself; the store, the rulebooks and the clock come from whoever composes it. */
@Module({ imports: [RoleHealthModule], providers: [Projector] })
export class ProjectorModule {}

/** The role where the settings ask for it, or name no role. */
export function projectorRoles(config: Config): readonly (DynamicModule | typeof ProjectorModule)[] {
  return config.roles.length === 0 || config.roles.includes(PROJECTOR_ROLE) ? [ProjectorModule] : [];
}
