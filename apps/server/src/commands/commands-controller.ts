import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyOf, May, Problem } from '#host';
import { COMMANDS, type CommandName, type ControllerId } from '#ledger';
import { sendPrivate } from '../private.js';
import { CONFIG, type Config } from '../settings.js';
import { readSmallBody } from '../small-body.js';
import { PersonReader } from '../subjects/person-reader.js';
import { ActOnPerson } from './act-on-person.js';
import { EndItems } from './end-items.js';

interface Address {
  readonly controller: ControllerId;
  readonly subject: string;
  readonly request?: string;
}

/** It becomes the id of an action and may become the number of a request: short, and of visible ASCII. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * What Depter is asked to do itself (`wire.md`, Commands). A command is decided and may be refused, with a clause; nothing
 * of the person is shown, so that it is no reading.
 */
@Controller('v1/:controller/subjects/:subject')
export class CommandsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly people: PersonReader,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('requests')
  @May('ask')
  request(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('request', request, reply);
  }

  @Post('requests/:request/answer')
  @May('command')
  answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('answer', request, reply);
  }

  @Post('requests/:request/refuse')
  @May('command')
  refuse(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('refuse', request, reply);
  }

  @Post('requests/:request/extend')
  @May('command')
  extend(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('extend', request, reply);
  }

  @Post('block')
  @May('command')
  block(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('block', request, reply);
  }

  @Post('unblock')
  @May('command')
  unblock(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('unblock', request, reply);
  }

  @Post('hold')
  @May('command')
  hold(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('hold', request, reply);
  }

  @Post('release')
  @May('command')
  release(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('release', request, reply);
  }

  @Post('stop')
  @May('command')
  stop(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('stop', request, reply);
  }

  @Post('destroy')
  @May('command')
  destroy(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('destroy', request, reply);
  }

  @Post('depersonalise')
  @May('command')
  depersonalise(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.act('depersonalise', request, reply);
  }

  private async act(name: CommandName, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { controller, subject, request: asked } = request.params as Address;
    const idempotencyKey = idempotencyKeyOf(request);
    // Of whom nobody knows, whatever is asked is asked of nobody.
    await this.people.open(controller, subject);
    const body = await readSmallBody(request, reply, COMMANDS[name], this.config);
    if (body === undefined) return;
    const key = keyOf(request);
    // Who of the staff did something, officers say: what a person says of it would stand in the trail as told by one.
    if ('by' in body && key.role !== 'officer') throw new Problem('unknown-field', { pointer: '/by' });
    const told = { controller, subject, body, key, request: asked, idempotencyKey };
    const answer = await this.commands.execute(
      name === 'destroy' || name === 'depersonalise'
        ? new EndItems({ ...told, name })
        : new ActOnPerson({ ...told, name }),
    );
    sendPrivate(reply, answer, 'position' in answer ? 201 : 202);
  }
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && IDEMPOTENCY_KEY.test(key))) return key;
  throw new Problem('invalid-field', { parameter: 'Idempotency-Key' });
}
