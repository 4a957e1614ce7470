import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Controllers, Open, Problem } from '#host';
import type { ControllerId } from '#ledger';
import { parseCheckpoint, parseNote } from '#proof';
import { consistencyOf, inclusionOf, TransparencyLog } from '#store';
import { count } from '../parameters.js';
import { pagingOf } from '../subjects/page.js';
import { generationOf, servedController } from './served-log.js';

/** Proofs as `proof-format.md` numbers their hashes, base64: of inclusion the leaf's sibling first, else RFC 6962's order. */
interface InclusionAnswer {
  readonly index: number;
  readonly size: number;
  readonly hashes: readonly string[];
}
interface ConsistencyAnswer {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly string[];
}
/** `next` is what `after` is to be for those that follow; absent where none do. */
interface CheckpointsAnswer {
  readonly checkpoints: readonly {
    readonly size: number;
    readonly cosigned: string | null;
    readonly checkpoint: string;
  }[];
  readonly next?: number;
}

interface KeysAnswer {
  readonly keys: readonly {
    readonly key: string;
    readonly from: string | null;
    readonly until: string | null;
    readonly introduction: string | null;
  }[];
}

/** Proofs ready made, for those who do not make them of the tiles: public hashes, and so as public as the tiles. */
@Controller('log/:controller/:generation')
export class ProofsController {
  constructor(
    private readonly log: TransparencyLog,
    private readonly controllers: Controllers,
  ) {}

  /** That the entry of an index is in the tree of a size; without a size, in that of the latest checkpoint. */
  @Get('proof/inclusion')
  @Open()
  @Header('cache-control', 'no-store')
  async inclusion(
    @Param('controller') controller: string,
    @Param('generation') generation: string,
    @Req() request: FastifyRequest,
  ): Promise<InclusionAnswer> {
    const [id, number] = [servedController(this.controllers, controller), generationOf(generation)];
    const latest = await this.size(id, number);
    const size = count(request, 'size', 1, latest) ?? latest;
    const index = count(request, 'index', 0, size - 1);
    if (index === undefined) throw new Problem('missing-field', { parameter: 'index' });
    return { index, size, hashes: (await inclusionOf(this.log, id, number, index, size)).map(base64) };
  }

  /** That the tree of a size begins with that of an older one. */
  @Get('proof/consistency')
  @Open()
  @Header('cache-control', 'no-store')
  async consistency(
    @Param('controller') controller: string,
    @Param('generation') generation: string,
    @Req() request: FastifyRequest,
  ): Promise<ConsistencyAnswer> {
    const [id, number] = [servedController(this.controllers, controller), generationOf(generation)];
    const latest = await this.size(id, number);
    const to = count(request, 'to', 0, latest) ?? latest;
    const from = count(request, 'from', 0, to);
    if (from === undefined) throw new Problem('missing-field', { parameter: 'from' });
    return { from, to, hashes: (await consistencyOf(this.log, id, number, from, to)).map(base64) };
  }

  /** The checkpoints that are kept, page by page: each day's last, and every cosigned one. */
  @Get('checkpoints')
  @Open()
  @Header('cache-control', 'no-store')
  async checkpoints(
    @Param('controller') controller: string,
    @Param('generation') generation: string,
    @Req() request: FastifyRequest,
  ): Promise<CheckpointsAnswer> {
    const [id, number] = [servedController(this.controllers, controller), generationOf(generation)];
    const latest = await this.size(id, number);
    const { after = -1, limit } = pagingOf(request);
    const kept = await this.log.checkpoints(id, number, after, limit);
    const last = kept.at(-1);
    // The latest is kept too: what ends before it has more to follow.
    const next = last !== undefined && last.size < latest ? { next: last.size } : {};
    return {
      checkpoints: kept.map(({ size, cosignedMs, note }) => ({
        size,
        cosigned: cosignedMs === null ? null : new Date(cosignedMs).toISOString(),
        checkpoint: note,
      })),
      ...next,
    };
  }

  /** The keys that sign the heads or have signed them, each later one with the note that introduces it. */
  @Get('keys')
  @Open()
  @Header('cache-control', 'no-store')
  async keys(@Param('controller') controller: string, @Param('generation') generation: string): Promise<KeysAnswer> {
    const [id, number] = [servedController(this.controllers, controller), generationOf(generation)];
    const keys = await this.log.keys(id, number);
    if (keys.length === 0) throw new Problem('not-found');
    const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
    return {
      keys: keys.map(({ verifierKey, fromMs, untilMs, introduction }) => ({
        key: verifierKey,
        from: instant(fromMs),
        until: instant(untilMs),
        introduction,
      })),
    };
  }

  private async size(controller: ControllerId, generation: number): Promise<number> {
    const note = parseNote((await this.log.checkpoint(controller, generation)) ?? '');
    const head = note.ok ? parseCheckpoint(note.value.text) : note;
    if (!head.ok) throw new Problem('not-found');
    return head.value.size;
  }
}

function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}
