import { Injectable, Module } from '@nestjs/common';

/** How one role does. `lag` counts what waits for it, in the unit of its work; null where it cannot be told. */
export interface PartHealth {
  readonly ready: boolean;
  /** A closed word: what it does now, or what it waits for. */
  readonly state: string;
  readonly lag: number | null;
  /** Something outside is set up wrongly, and the role will not work until somebody has set it right. */
  readonly misconfigured: boolean;
  /** Of the audit: entries that were checked in this pass, and what was found wrong. */
  readonly position?: number;
  readonly damage?: string;
  /** Of the witness role: the latest checkpoint that is cosigned, and when it was. */
  readonly cosigned?: { readonly size: number; readonly at: string } | null;
}

/** Where the roles of a process say how they do, for whoever answers `/health/ready`. */
@Injectable()
export class RoleHealth {
  private readonly asked = new Map<string, () => PartHealth | Promise<PartHealth>>();

  /** `name` is the role's, with the controller where each has its own: `kafka-intake kz.autosiyliq`. */
  register(name: string, ask: () => PartHealth | Promise<PartHealth>): void {
    this.asked.set(name, ask);
  }

  async parts(): Promise<Readonly<Record<string, PartHealth>>> {
    return Object.fromEntries(
      await Promise.all([...this.asked].map(async ([name, ask]) => [name, await ask()] as const)),
    );
  }
}

@Module({ providers: [RoleHealth], exports: [RoleHealth] })
export class RoleHealthModule {}
