import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { Controllers, keyOf, Problem } from '#host';
import { subjectRef, type ControllerId, type View } from '#ledger';
import type { Rulebook } from '#packs';
import { RecordAccess } from '#roles';
import { Clock, Ledger } from '#store';
import { awaitPosition, momentOf, type Moment } from './moment.js';

/** What every reading of a person needs: the moment that is asked about, and that it is recorded before it is answered. */
@Injectable()
export class Readings {
  constructor(
    private readonly commands: CommandBus,
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  /** Throws Problem `not-found` where no pack names the controller. */
  rulebook(controller: ControllerId): Rulebook {
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    return rulebook;
  }

  /** When the position that the request names can be read, the moment that it asks about. */
  async momentOf(request: FastifyRequest, controller: ControllerId): Promise<Moment> {
    const moment = momentOf(request, this.clock.now(), this.rulebook(controller).zone);
    await awaitPosition(request, this.ledger, controller);
    return moment;
  }

  /** Throws where the reading cannot be recorded; then nothing may be answered. */
  async record(
    controller: ControllerId,
    subject: string,
    view: View,
    request: FastifyRequest,
    moment: Moment | undefined,
  ): Promise<void> {
    const reference = subjectRef(subject);
    if (reference === undefined) throw new Problem('not-found');
    await this.commands.execute(new RecordAccess(controller, reference, view, keyOf(request), moment?.asked));
  }
}
