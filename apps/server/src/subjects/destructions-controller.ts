import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { May } from '#host';
import type { ControllerId } from '#ledger';
import { certificatePage } from '#report';
import { sendPrivate } from '../private.js';
import { CertificateOf, DestructionsOf } from './certificate-of.js';
import { languageOf } from './language-of.js';
import { prefersHtml } from './negotiation.js';
import { Readings } from './readings.js';
import { sendPage } from './send-page.js';

/** What Depter destroyed of a person, with its certificates. Each reading is recorded before it is answered. */
@Controller('v1/:controller/subjects/:subject/destructions')
export class DestructionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readings: Readings,
  ) {}

  @Get()
  @May('person')
  async list(
    @Param('controller') controller: ControllerId,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const moment = await this.readings.momentOf(request, controller);
    const destructions = await this.queries.execute(new DestructionsOf(controller, subject, moment));
    await this.readings.record(controller, subject, 'evidence', request, moment);
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
    const rulebook = this.readings.rulebook(controller);
    const language = languageOf(request, rulebook);
    const moment = await this.readings.momentOf(request, controller);
    const certificate = await this.queries.execute(new CertificateOf(controller, subject, event, moment));
    await this.readings.record(controller, subject, 'evidence', request, moment);
    void reply.header('vary', 'accept, accept-language');
    if (prefersHtml(request)) sendPage(reply, certificatePage(certificate, rulebook, language), language);
    else sendPrivate(reply, certificate);
  }
}
