import { Controller, Inject, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { May, Problem, SettableClock } from '#host';
import { readInstant } from '#ledger';
import { Clock } from '#store';
import { readSmallBody } from '../small-body.js';
import { CONFIG, type Config } from '../settings.js';

export const NEW_TIME = z.strictObject({ now: z.string() });

/** The settable clock of tests and demos. Where the machine's clock runs there is no such route: 404. */
@Controller('clock')
export class ClockController {
  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Put()
  @May('administer')
  async set(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!(this.clock instanceof SettableClock)) throw new Problem('not-found');
    const body = await readSmallBody(request, reply, NEW_TIME, this.config);
    if (body === undefined) return;
    const to = readInstant(body.now);
    if (to === undefined || !this.clock.moveTo(to)) throw new Problem('invalid-field', { pointer: '/now' });
    void reply.header('cache-control', 'no-store').send({ now: new Date(to).toISOString() });
  }
}
