import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Drain, May, Metrics, Open } from '#host';
import { RoleHealth } from '#roles';
import { StoreStatus } from './store-status.js';

@Controller()
export class HealthController {
  constructor(
    private readonly status: StoreStatus,
    private readonly drain: Drain,
    private readonly metrics: Metrics,
    private readonly roles: RoleHealth,
  ) {}

  /** The process answers. */
  @Get('health/live')
  @Open()
  live(@Res() reply: FastifyReply): void {
    void reply.header('cache-control', 'no-store').send({ status: 'live' });
  }

  /**
   * Whether work can be taken, each part with its lag; 503 where it cannot, where a role is set up wrongly, or while the
   * server stops. Brokers that are gone only degrade: HTTP goes on.
   */
  @Get('health/ready')
  @Open()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { ready, queued, failure } = this.status.now();
    const stopping = this.drain.signal.aborted;
    const roles = await this.roles.parts();
    const serves = ready && !stopping && !Object.values(roles).some((role) => role.misconfigured);
    const degraded = Object.values(roles).some((role) => !role.ready);
    void reply
      .code(serves ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: stopping ? 'stopping' : !serves ? 'unavailable' : degraded ? 'degraded' : 'ready',
        parts: {
          store: { ready, lag: queued, ...(failure === undefined ? {} : { failure }) },
          intake: { ready: !stopping, underWay: this.drain.count },
          ...roles,
        },
      });
  }

  @Get('metrics')
  @May('administer')
  figures(@Res() reply: FastifyReply): Promise<void> {
    return this.metrics.send(reply, this.status.now());
  }
}
