import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Drain, May, Metrics, Open } from '#host';
import { StoreStatus } from './store-status.js';

@Controller()
export class HealthController {
  constructor(
    private readonly status: StoreStatus,
    private readonly drain: Drain,
    private readonly metrics: Metrics,
  ) {}

  /** The process answers. */
  @Get('health/live')
  @Open()
  live(@Res() reply: FastifyReply): void {
    void reply.header('cache-control', 'no-store').send({ status: 'live' });
  }

  /** Whether work can be taken, each part with its lag; 503 where it cannot, or while the server stops. */
  @Get('health/ready')
  @Open()
  ready(@Res() reply: FastifyReply): void {
    const { ready, queued, failure } = this.status.now();
    const stopping = this.drain.signal.aborted;
    void reply
      .code(ready && !stopping ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: stopping ? 'stopping' : ready ? 'ready' : 'unavailable',
        parts: {
          store: { ready, lag: queued, ...(failure === undefined ? {} : { failure }) },
          intake: { ready: !stopping, underWay: this.drain.count },
        },
      });
  }

  @Get('metrics')
  @May('administer')
  async figures(@Res() reply: FastifyReply): Promise<void> {
    const { queued, logs } = this.status.now();
    this.metrics.queued.set(queued);
    for (const { controller, size } of logs) this.metrics.logSize.set({ controller }, size);
    const text = await this.metrics.registry.metrics();
    void reply.header('content-type', this.metrics.registry.contentType).header('cache-control', 'no-store').send(text);
  }
}
