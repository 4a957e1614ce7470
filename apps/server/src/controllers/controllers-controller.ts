import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Controllers, keyOf, May, Problem } from '#host';
import type { ControllerId } from '#ledger';
import { Clock, Ledger } from '#store';
import { sendPrivate } from '../private.js';
import { awaitPosition, knownAt, momentOf } from '../subjects/moment.js';
import { pagingOf } from '../subjects/page.js';
import { ControllerViewOf, type ControllerView } from './controller-views.js';

/** The views of a controller. They name no person, so that reading them is not recorded. */
@Controller('v1/:controller')
export class ControllersController {
  constructor(
    private readonly queries: QueryBus,
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  @Get('clocks')
  @May('controller')
  clocks(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send('clocks', controller, request, reply);
  }

  @Get('findings')
  @May('controller')
  findings(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send('findings', controller, request, reply);
  }

  @Get('recipients')
  @May('controller')
  recipients(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send('recipients', controller, request, reply);
  }

  @Get('staff')
  @May('controller')
  staff(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send('staff', controller, request, reply);
  }

  @Get('register')
  @May('controller')
  register(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send('register', controller, request, reply);
  }

  @Get('packs')
  @May('controller')
  packs(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send('packs', controller, request, reply);
  }

  private async send(
    view: ControllerView,
    controller: ControllerId,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    const now = this.clock.now();
    const paging = pagingOf(request);
    const moment = momentOf(request, now, rulebook.zone);
    await awaitPosition(request, this.ledger, controller);
    const latest = (await this.ledger.size(controller)) - 1;
    const day = moment.asked ?? moment.asOf;
    const query = new ControllerViewOf(controller, view, moment, day, paging, keyOf(request));
    const { rows, next } = await this.queries.execute(query);
    const asKnown = knownAt(moment, latest);
    sendPrivate(reply, { asOf: moment.asOf, asKnown, [view]: rows, ...(next === undefined ? {} : { next }) });
  }
}
