import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyOf, May } from '#host';
import type { ControllerId, Language, View } from '#ledger';
import { htmlReport } from '#report';
import { parameter } from '../parameters.js';
import { sendPrivate } from '../private.js';
import { CONFIG, type Config } from '../settings.js';
import { readSmallBody } from '../small-body.js';
import { AccessOf } from './access-of.js';
import { AnswerOf } from './answer-of.js';
import { ClocksOf } from './clocks-of.js';
import { EvidenceOf } from './evidence-of.js';
import { FIND } from './find-body.js';
import { FindSubject } from './find-subject.js';
import { FindingsOf } from './findings-of.js';
import { IdentityOf } from './identity-of.js';
import { LineageOf, type LineageAnswer } from './lineage-of.js';
import { languageOf } from './language-of.js';
import type { ListOf } from './list-of.js';
import { prefersHtml } from './negotiation.js';
import { pagingOf } from './page.js';
import { Readings } from './readings.js';
import { RequestsOf } from './requests-of.js';
import { sendPage } from './send-page.js';
import { TrailOf } from './trail-of.js';

/** The views of a person. Each reading is recorded before it is answered; where that fails nothing is answered. */
@Controller('v1/:controller/subjects')
export class SubjectsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readings: Readings,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('find')
  @May('find')
  async find(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = await readSmallBody(request, reply, FIND, this.config);
    if (body === undefined) return;
    const subject = await this.queries.execute(new FindSubject(controller, body.person));
    // That a number leads to this person is told by the answer: of a person who is not known there is nothing to tell.
    await this.readings.record(controller, subject, 'identity', request, undefined);
    sendPrivate(reply, { subject });
  }

  @Get(':subject')
  @May('identity')
  async identity(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const moment = await this.readings.momentOf(request, controller);
    const identity = await this.queries.execute(new IdentityOf(controller, subject, moment));
    await this.readings.record(controller, subject, 'identity', request, moment);
    sendPrivate(reply, identity);
  }

  @Get(':subject/lineage')
  @May('person')
  async lineage(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(request, this.readings.rulebook(controller));
    const moment = await this.readings.momentOf(request, controller);
    const answer = await this.queries.execute(new LineageOf(controller, subject, moment, keyOf(request)));
    await this.readings.record(controller, subject, 'lineage', request, moment);
    void reply.header('vary', 'accept, accept-language');
    if (prefersHtml(request)) this.sendReport(reply, controller, answer, language);
    else sendPrivate(reply, answer);
  }

  @Get(':subject/trail')
  @May('trail')
  async trail(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.sendList('trail', TrailOf, controller, subject, request, reply);
  }

  @Get(':subject/findings')
  @May('person')
  async findings(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.sendList('findings', FindingsOf, controller, subject, request, reply);
  }

  @Get(':subject/clocks')
  @May('person')
  async clocks(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.sendList('clocks', ClocksOf, controller, subject, request, reply);
  }

  @Get(':subject/requests')
  @May('person')
  async requests(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.sendList('requests', RequestsOf, controller, subject, request, reply);
  }

  @Get(':subject/requests/:request/answer')
  @May('person')
  async answer(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Param('request') asked: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const moment = await this.readings.momentOf(request, controller);
    const answer = await this.queries.execute(new AnswerOf(controller, subject, asked, moment, keyOf(request)));
    await this.readings.record(controller, subject, 'answer', request, moment);
    sendPrivate(reply, { asOf: moment.asOf, ...answer });
  }

  @Get(':subject/evidence')
  @May('person')
  async evidence(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = parameter(request, 'request');
    const moment = await this.readings.momentOf(request, controller);
    const evidence = await this.queries.execute(new EvidenceOf(controller, subject, moment, asked));
    await this.readings.record(controller, subject, 'evidence', request, moment);
    sendPrivate(reply, { asOf: moment.asOf, ...evidence });
  }

  @Get(':subject/access')
  @May('trail')
  async access(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.sendList('access', AccessOf, controller, subject, request, reply);
  }

  private async sendList<Row>(
    view: View,
    query: new (...args: ConstructorParameters<typeof ListOf<Row>>) => ListOf<Row>,
    controller: ControllerId,
    subject: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const paging = pagingOf(request);
    const moment = await this.readings.momentOf(request, controller);
    const { rows, next, known } = await this.queries.execute(
      new query(controller, subject, moment, paging, keyOf(request)),
    );
    await this.readings.record(controller, subject, view, request, moment);
    sendPrivate(reply, { asOf: moment.asOf, asKnown: known, [view]: rows, ...(next === undefined ? {} : { next }) });
  }

  private sendReport(reply: FastifyReply, controller: ControllerId, answer: LineageAnswer, language: Language): void {
    sendPage(reply, htmlReport(answer, this.readings.rulebook(controller), language), language);
  }
}
