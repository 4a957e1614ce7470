import { Injectable, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common'; // prettier-ignore
import { ConfigError, Controllers, WITNESS_ROLE, type Config } from '#host';
import { TransparencyLog } from '#store';
import { RoleHealth, RoleHealthModule } from '../role-health.js';
import { LogWitnessing } from './log-witnessing.js';
import { WitnessSettings } from './witness-settings.js';

/** The role that has every log cosigned by the configured witnesses, each log for itself. */
@Injectable()
export class WitnessRole implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logs: readonly LogWitnessing[];

  constructor(settings: WitnessSettings, tlog: TransparencyLog, controllers: Controllers, health: RoleHealth) {
    this.logs = controllers.all().map((controller) => {
      const witnessing = new LogWitnessing(controller, settings, tlog);
      health.register(`witness ${controller}`, () => witnessing.health());
      return witnessing;
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
export class WitnessModule {
  static of(settings: WitnessSettings): DynamicModule {
    return {
      module: WitnessModule,
      imports: [RoleHealthModule],
      providers: [{ provide: WitnessSettings, useValue: settings }, WitnessRole],
    };
  }
}

/** The module, where witnesses are configured and this process runs the role. Throws ConfigError. */
export function witnessRoles(config: Config): readonly DynamicModule[] {
  const settings = WitnessSettings.of(config);
  const named = config.roles.includes(WITNESS_ROLE);
  if (settings === undefined) {
    if (named) throw new ConfigError(`setting roles: ${WITNESS_ROLE} needs --witness-policy`);
    return [];
  }
  return named || config.roles.length === 0 ? [WitnessModule.of(settings)] : [];
}
