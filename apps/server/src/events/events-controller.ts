import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyOf, May } from '#host';
import type { ControllerId } from '#ledger';
import { RecordAccess } from '#roles';
import { Ledger } from '#store';
import { awaitPosition } from '../subjects/moment.js';
import { ReceiptOf } from './receipt-of.js';

@Controller('v1/:controller/events')
export class EventsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly ledger: Ledger,
  ) {}

  /** A receipt of one event under the latest checkpoint; of a person's event, that it was read is recorded first. */
  @Get(':event/receipt')
  @May('receipt')
  async receipt(
    @Param('controller') controller: ControllerId,
    @Param('event') event: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = keyOf(request);
    await awaitPosition(request, this.ledger, controller);
    const { subject, receipt } = await this.queries.execute(new ReceiptOf(controller, event, key));
    // An emitter gets back what it sent, and learns nothing of the person by it.
    if (subject !== null && key.role !== 'emitter') {
      await this.commands.execute(new RecordAccess(controller, subject, 'receipt', key, undefined));
    }
    void reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-store').send(receipt);
  }
}
