import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { May, Problem } from '#host';
import { KEY_ROLES, subjectRef, type ControllerId, type SubjectRef } from '#ledger';
import { AccessKeys, Ledger, type AccessKey } from '#store';
import { readSmallBody } from '../small-body.js';
import { CONFIG, type Config } from '../settings.js';

/** A key to be made; `subject` goes with the role of that name, and with no other. */
export const NEW_KEY = z.strictObject({ role: z.enum(KEY_ROLES), subject: z.string().optional() });

@Controller('v1/:controller/keys')
export class KeysController {
  constructor(
    private readonly accessKeys: AccessKeys,
    private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The keys of a controller, never a secret. */
  @Get()
  @May('administer')
  async list(@Param('controller') controller: ControllerId, @Res() reply: FastifyReply): Promise<void> {
    const keys = await this.accessKeys.list(controller);
    void reply.header('cache-control', 'no-store').send({ keys: keys.map(rowOf) });
  }

  /** Makes a key; its secret is in this answer and never again. */
  @Post()
  @May('administer')
  async add(
    @Param('controller') controller: ControllerId,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = await readSmallBody(request, reply, NEW_KEY, this.config);
    if (wanted === undefined) return;
    const subject = await this.subjectOf(controller, wanted);
    const { secret, key } = await this.accessKeys.add({
      controller,
      role: wanted.role,
      ...(subject === undefined ? {} : { subject }),
    });
    void reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ key: secret, ...rowOf(key) });
  }

  private async subjectOf(controller: ControllerId, wanted: z.infer<typeof NEW_KEY>): Promise<SubjectRef | undefined> {
    const place = { pointer: '/subject' };
    if (wanted.role !== 'subject') {
      if (wanted.subject !== undefined) throw new Problem('invalid-field', place);
      return undefined;
    }
    if (wanted.subject === undefined) throw new Problem('missing-field', place);
    const subject = subjectRef(wanted.subject);
    if (subject === undefined || (await this.ledger.person(controller, subject)) === undefined) {
      throw new Problem('invalid-field', place);
    }
    return subject;
  }
}

function rowOf({ id, controller, role, subject, created }: AccessKey): AccessKey {
  return { id, controller, role, subject, created };
}
