import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { May, Metrics, Open } from '#host';
import { RoleHealth } from '#roles';
import { StoreHandle } from './parts.js';

@Controller()
export class HealthController {
  constructor(
    private readonly store: StoreHandle,
    private readonly roles: RoleHealth,
    private readonly metrics: Metrics,
  ) {}

  /** The process answers. */
  @Get('health/live')
  @Open()
  live(@Res() reply: FastifyReply): void {
    void reply.header('cache-control', 'no-store').send({ status: 'live' });
  }

  /** Whether every role works, each with its lag; 503 where one does not: a worker has nothing else to do. */
  @Get('health/ready')
  @Open()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { ready, queued, failure } = this.store.health();
    const roles = await this.roles.parts();
    const works = ready && Object.values(roles).every((role) => role.ready);
    void reply
      .code(works ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: works ? 'ready' : 'unavailable',
        parts: { store: { ready, lag: queued, ...(failure === undefined ? {} : { failure }) }, ...roles },
      });
  }

  @Get('metrics')
  @May('administer')
  figures(@Res() reply: FastifyReply): Promise<void> {
    return this.metrics.send(reply, this.store.health());
  }
}
