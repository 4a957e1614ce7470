import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { lineage, type ControllerId, type Lineage } from '#ledger';
import { TransparencyLog, type AccessKey } from '#store';
import { latestCheckpoint } from './latest-checkpoint.js';
import type { Moment } from './moment.js';
import { PersonReader } from './person-reader.js';

/** The lineage as it goes out: the moment always said, and the checkpoint that the evidence rests on. */
export interface LineageAnswer extends Omit<Lineage, 'asKnown' | 'evidence'> {
  readonly asKnown: number | string;
  readonly evidence: Lineage['evidence'] & { readonly checkpoint: string | null };
}

/** What is held on a person: from where, shared with whom, until when. */
export class LineageOf extends Query<LineageAnswer> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly moment: Moment,
    readonly key: AccessKey,
  ) {
    super();
  }
}

@QueryHandler(LineageOf)
export class LineageOfHandler implements IQueryHandler<LineageOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly log: TransparencyLog,
  ) {}

  async execute({ controller, subject, moment, key }: LineageOf): Promise<LineageAnswer> {
    const { known, record, rulebook, at, resolvers } = await this.people.see(controller, subject, moment, key.role);
    const answer = lineage(record, rulebook, at, resolvers);
    const checkpoint = await latestCheckpoint(this.log, controller);
    return {
      ...answer,
      asKnown: known,
      evidence: { ...answer.evidence, checkpoint },
    };
  }
}
