import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Controllers, May, Open, Problem } from '#host';
import type { ControllerId } from '#ledger';
import { parseTilePath } from '#proof';
import { TransparencyLog } from '#store';
import { CONFIG, type Config } from '../settings.js';
import { generationOf, servedController } from './served-log.js';

/** A checkpoint is soon an older one; a tile of a path never changes (`proof-format.md`). */
const SHORT = 'public, max-age=1';
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Entry bundles are pseudonymous dossiers: no cache between may keep them for others. */
const PRIVATE_FOR_EVER = 'private, max-age=31536000, immutable';

/**
 * The log as tlog-tiles, one for each controller and generation. Checkpoint, hash tiles and verifier key are public, entry
 * bundles are not.
 */
@Controller('log/:controller/:generation')
export class LogController {
  constructor(
    private readonly log: TransparencyLog,
    private readonly controllers: Controllers,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The latest signed checkpoint; where witnesses are configured the latest that they cosigned, once there is one, which is
   * some entries older. Receipts stand under the latest of all.
   */
  @Get('checkpoint')
  @Open()
  async checkpoint(
    @Param('controller') controller: string,
    @Param('generation') generation: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [id, number] = [this.served(controller), generationOf(generation)];
    const cosigned = this.config['witness-policy'] === undefined ? undefined : await this.log.cosigned(id, number);
    const text = cosigned?.note ?? (await this.log.checkpoint(id, number));
    if (text === undefined) throw new Problem('not-found');
    void reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', SHORT).send(text);
  }

  @Get('vkey')
  @Open()
  async verifierKey(
    @Param('controller') controller: string,
    @Param('generation') generation: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = await this.log.verifierKey(this.served(controller), generationOf(generation));
    if (key === undefined) throw new Problem('not-found');
    void reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', SHORT).send(`${key}\n`);
  }

  @Get('tile/*')
  @Open()
  async tile(
    @Param('controller') controller: string,
    @Param('generation') generation: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const name = parseTilePath(tilePathOf(request));
    const bytes =
      name?.kind === 'hashes'
        ? await this.log.tile(this.served(controller), generationOf(generation), name.level, name.index, name.width)
        : undefined;
    sendBytes(reply, bytes, FOR_EVER);
  }

  @Get('tile/entries/*')
  @May('bundles')
  async bundle(
    @Param('controller') controller: string,
    @Param('generation') generation: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const name = parseTilePath(tilePathOf(request));
    const bytes =
      name?.kind === 'entries'
        ? await this.log.bundle(this.served(controller), generationOf(generation), name.index, name.width)
        : undefined;
    sendBytes(reply, bytes, PRIVATE_FOR_EVER);
  }

  private served(name: string): ControllerId {
    return servedController(this.controllers, name);
  }
}

/** The path below the log's prefix, as it was written: an escape in it makes it another path. */
function tilePathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '').split('?', 1)[0]?.split('/').slice(4).join('/') ?? '';
}

function sendBytes(reply: FastifyReply, bytes: Uint8Array | undefined, caching: string): void {
  if (bytes === undefined) throw new Problem('not-found');
  void reply
    .header('content-type', 'application/octet-stream')
    .header('cache-control', caching)
    .send(Buffer.from(bytes));
}
