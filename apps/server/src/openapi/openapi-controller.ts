import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Open } from '#host';
import { openApiDocument } from './document.js';

@Controller()
export class OpenApiController {
  private text: string | undefined;

  @Get('openapi.json')
  @Open()
  document(@Res() reply: FastifyReply): void {
    this.text ??= JSON.stringify(openApiDocument());
    void reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'public, max-age=60')
      .send(this.text);
  }
}
