import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Controllers, keyOf, May, Problem } from '#host';
import { subjectRef, type ControllerId } from '#ledger';
import { certificatePage } from '#report';
import { RecordAccess } from '#roles';
import { Clock, Ledger } from '#store';
import { sendPrivate } from '../private.js';
import { CertificateOf, DestructionsOf } from './certificate-of.js';
import { languageOf } from './language-of.js';
import { awaitPosition, momentOf, type Moment } from './moment.js';
import { prefersHtml } from './negotiation.js';
import { sendPage } from './send-page.js';

/** What Depter destroyed of a person, with its certificates. Each reading is recorded before it is answered. */
@Controller('v1/:controller/subjects/:subject/destructions')
export class DestructionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  @Get()
  @May('person')
  async list(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const moment = await this.momentOf(request, controller);
    const destructions = await this.queries.execute(new DestructionsOf(controller, subject, moment));
    await this.recordAccess(controller, subject, request, moment);
    sendPrivate(reply, { asOf: moment.asOf, destructions });
  }

  @Get(':event')
  @May('person')
  async certificate(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Param('event') event: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(request, this.controllers.rulebook(controller));
    const moment = await this.momentOf(request, controller);
    const certificate = await this.queries.execute(new CertificateOf(controller, subject, event, moment));
    await this.recordAccess(controller, subject, request, moment);
    void reply.header('vary', 'accept, accept-language');
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    if (prefersHtml(request)) sendPage(reply, certificatePage(certificate, rulebook, language), language);
    else sendPrivate(reply, certificate);
  }

  private async momentOf(request: FastifyRequest, controller: ControllerId): Promise<Moment> {
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    const moment = momentOf(request, this.clock.now(), rulebook.zone);
    await awaitPosition(request, this.ledger, controller);
    return moment;
  }

  private async recordAccess(
    controller: ControllerId,
    subject: string,
    request: FastifyRequest,
    moment: Moment,
  ): Promise<void> {
    const reference = subjectRef(subject);
    if (reference === undefined) throw new Problem('not-found');
    await this.commands.execute(new RecordAccess(controller, reference, 'evidence', keyOf(request), moment.asked));
  }
}
