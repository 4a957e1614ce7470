import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Controllers, May, Problem } from '#host';
import { today, type ControllerId } from '#ledger';
import { isDay } from '#packs';
import { noticeOf, noticePage } from '#report';
import { Clock } from '#store';
import { parameter } from '../parameters.js';
import { sendPrivate } from '../private.js';
import { languageOf } from '../subjects/language-of.js';
import { prefersHtml } from '../subjects/negotiation.js';
import { sendPage } from '../subjects/send-page.js';

/** What a person is told before anything is collected: made of the packs, so that systems can show it as it stands. */
@Controller('v1/:controller/notice')
export class NoticeController {
  constructor(
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  @Get()
  @May('notice')
  notice(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    const language = languageOf(request, rulebook);
    const on = parameter(request, 'on') ?? today(this.clock.now(), rulebook.zone);
    if (!isDay(on)) throw new Problem('invalid-field', { parameter: 'on' });
    const items = parameter(request, 'items')?.split(',');
    const notice = noticeOf(rulebook, on, items);
    void reply.header('vary', 'accept, accept-language');
    const link = (one: string): string => {
      const query = new URLSearchParams({ on, ...(items === undefined ? {} : { items: items.join(',') }), lang: one });
      return `?${query.toString()}`;
    };
    if (prefersHtml(request)) sendPage(reply, noticePage(notice, rulebook, language, link), language);
    else sendPrivate(reply, notice);
  }
}
