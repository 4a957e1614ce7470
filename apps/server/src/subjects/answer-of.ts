import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Problem } from '#host';
import { answer, type AnswerRow, type ControllerId, type Position } from '#ledger';
import type { AccessKey } from '#store';
import type { Moment } from './moment.js';
import { PersonReader } from './person-reader.js';

/** What is answered to one request, named by Depter's reference; of another person's there is none. */
export class AnswerOf extends Query<AnswerRow & { readonly asKnown: Position | string }> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly request: string,
    readonly moment: Moment,
    readonly key: AccessKey,
  ) {
    super();
  }
}

@QueryHandler(AnswerOf)
export class AnswerOfHandler implements IQueryHandler<AnswerOf> {
  constructor(private readonly people: PersonReader) {}

  async execute({
    controller,
    subject,
    request,
    moment,
    key,
  }: AnswerOf): Promise<AnswerRow & { readonly asKnown: Position | string }> {
    const { known, record, rulebook, at, resolvers } = await this.people.see(controller, subject, moment, key.role);
    const found = answer(record, rulebook, request, at, resolvers);
    if (found === undefined) throw new Problem('not-found');
    return { asKnown: known, ...found };
  }
}
