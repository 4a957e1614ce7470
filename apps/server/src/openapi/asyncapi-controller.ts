import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Open } from '#host';
import { asyncApiDocument } from './asyncapi.js';

@Controller()
export class AsyncApiController {
  private text: string | undefined;

  @Get('asyncapi.json')
  @Open()
  document(@Res() reply: FastifyReply): void {
    this.text ??= JSON.stringify(asyncApiDocument());
    void reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'public, max-age=60')
      .send(this.text);
  }
}
