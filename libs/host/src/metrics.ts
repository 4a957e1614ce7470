import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { StoreHealth } from '#store';

/** Figures for Prometheus. Labels are of closed sets, routes by their pattern: none is about a person. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  /** Actions judged, by what became of them. */
  readonly actions = new Counter({
    name: 'depter_actions_total',
    help: 'Actions judged, by controller and outcome.',
    labelNames: ['controller', 'status'],
    registers: [this.registry],
  });

  readonly refusals = new Counter({
    name: 'depter_refusals_total',
    help: 'Actions refused, by code.',
    labelNames: ['code'],
    registers: [this.registry],
  });

  readonly requests = new Histogram({
    name: 'depter_http_request_seconds',
    help: 'Time from a request to its answer, by route; streams apart.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });

  readonly streams = new Gauge({
    name: 'depter_streams',
    help: 'Streams of actions under way.',
    registers: [this.registry],
  });

  readonly queued = new Gauge({
    name: 'depter_store_queued',
    help: 'Actions waiting to be written.',
    registers: [this.registry],
  });

  readonly logSize = new Gauge({
    name: 'depter_log_size',
    help: 'Events of a controller.',
    labelNames: ['controller'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** All figures as Prometheus reads them, those of the store as they are now. */
  async send(reply: FastifyReply, { queued, logs }: StoreHealth): Promise<void> {
    this.queued.set(queued);
    for (const { controller, size } of logs) this.logSize.set({ controller }, size);
    const text = await this.registry.metrics();
    void reply.header('content-type', this.registry.contentType).header('cache-control', 'no-store').send(text);
  }
}
