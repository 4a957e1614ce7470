import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Controllers, Problem } from '#host';
import { decide, isDay, isLinking, ranked, type ControllerId, type Decision } from '#ledger';
import { storedIds } from '#roles';
import { Ledger, Vault } from '#store';
import type { QUESTION } from './decision-body.js';

/** Whether an act would be lawful, were it done: answered on the person's fold, of which nothing is shown. */
export class DecisionOn extends Query<Decision> {
  constructor(
    readonly controller: ControllerId,
    readonly question: z.infer<typeof QUESTION>,
  ) {
    super();
  }
}

@QueryHandler(DecisionOn)
export class DecisionOnHandler implements IQueryHandler<DecisionOn> {
  constructor(
    private readonly ledger: Ledger,
    private readonly vault: Vault,
    private readonly controllers: Controllers,
  ) {}

  async execute({ controller, question }: DecisionOn): Promise<Decision> {
    const rulebook = this.controllers.rulebook(controller);
    if (rulebook === undefined) throw new Problem('not-found');
    const { person, at, ...rest } = question;
    // As with actions: beside a higher identifier only one that links leads anywhere.
    const identifiers = ranked(person).filter((one, i) => i === 0 || isLinking(one));
    const subject = await this.ledger.find(controller, identifiers);
    const record = subject === undefined ? undefined : await this.ledger.person(controller, subject);
    const own = record === undefined ? await this.ledger.matters(controller) : {};
    const items = await storedIds(this.vault, rulebook, controller, 'item', question.items);
    const purposes = await storedIds(this.vault, rulebook, controller, 'purpose', question.purposes);
    const asked = { ...rest, items, purposes, at: isDay(at) ? at : new Date(at).toISOString() };
    if (question.do !== 'transfer') return decide(record, rulebook, asked, own);
    const [recipient] = await storedIds(this.vault, rulebook, controller, 'organisation', [question.recipient]);
    return decide(record, rulebook, { ...asked, ...(recipient === undefined ? {} : { recipient }) }, own);
  }
}
