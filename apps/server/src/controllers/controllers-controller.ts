import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Controllers, keyOf, May, Problem } from '#host';
import type { ControllerId } from '#ledger';
import { Clock, Ledger } from '#store';
import { count } from '../parameters.js';
import { sendPrivate } from '../private.js';
import { awaitPosition, knownAt, momentOf } from '../subjects/moment.js';
import { pagingOf } from '../subjects/page.js';
import { boardPagingOf, CLOCK_STATES, FINDING_STATES, statesOf } from './board-page.js';
import { BoardOf } from './boards.js';
import { BoardsReader, type BoardName } from './boards-reader.js';
import { ControllerViewOf, type ControllerView } from './controller-views.js';

/** The views of a controller. They name people by reference alone and hold no value, so that reading them is not recorded. */
@Controller('v1/:controller')
export class ControllersController {
  constructor(
    private readonly queries: QueryBus,
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
    private readonly boards: BoardsReader,
  ) {}

  @Get('clocks')
  @May('controller')
  clocks(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.sendBoard('clocks', controller, request, reply);
  }

  /** The desk: every duty in order of its last day. */
  @Get('due')
  @May('controller')
  due(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.sendBoard('due', controller, request, reply);
  }

  @Get('findings')
  @May('controller')
  findings(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.sendBoard('findings', controller, request, reply);
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
    if (view === 'recipients') await this.awaitBoards(request, controller, now);
    const latest = (await this.ledger.size(controller)) - 1;
    const day = moment.asked ?? moment.asOf;
    const query = new ControllerViewOf(controller, view, moment, day, paging, keyOf(request));
    const { rows, next } = await this.queries.execute(query);
    const asKnown = knownAt(moment, latest);
    sendPrivate(reply, { asOf: moment.asOf, asKnown, [view]: rows, ...(next === undefined ? {} : { next }) });
  }

  private async sendBoard(
    board: BoardName,
    controller: ControllerId,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    const now = this.clock.now();
    const paging = boardPagingOf(request);
    const states = statesOf(request, board === 'findings' ? FINDING_STATES : CLOCK_STATES);
    const moment = momentOf(request, now, rulebook.zone);
    await awaitPosition(request, this.ledger, controller);
    await this.awaitBoards(request, controller, now);
    const query = new BoardOf(controller, board, moment, states, paging, keyOf(request));
    const { rows, next, known } = await this.queries.execute(query);
    sendPrivate(reply, { asOf: moment.asOf, asKnown: known, [board]: rows, ...(next === undefined ? {} : { next }) });
  }

  private awaitBoards(request: FastifyRequest, controller: ControllerId, now: number): Promise<void> {
    return this.boards.await(controller, count(request, 'position', 0, Number.MAX_SAFE_INTEGER), now);
  }
}
