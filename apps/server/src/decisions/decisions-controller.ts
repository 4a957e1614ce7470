import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { May } from '#host';
import type { ControllerId } from '#ledger';
import { sendPrivate } from '../private.js';
import { CONFIG, type Config } from '../settings.js';
import { readSmallBody } from '../small-body.js';
import { QUESTION } from './decision-body.js';
import { DecisionOn } from './decision-on.js';

/** Asked before acting. A decision is not a reading (`design.md`): nothing of the person is shown, nothing is recorded. */
@Controller('v1/:controller/decisions')
export class DecisionsController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @May('decisions')
  async decide(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const question = await readSmallBody(request, reply, QUESTION, this.config);
    if (question === undefined) return;
    sendPrivate(reply, await this.queries.execute(new DecisionOn(controller, question)));
  }
}
