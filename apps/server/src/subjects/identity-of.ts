import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { linkedSubjects, momentOf, type ControllerId, type SubjectRef } from '#ledger';
import { Vault } from '#store';
import type { Moment } from './moment.js';
import { PersonReader } from './person-reader.js';

/** A dossier and the identifiers that lead to it, by kind, as an action names a person. */
export interface NamedDossier {
  readonly subject: SubjectRef;
  readonly person: Readonly<Record<string, string>>;
}

export interface Identity extends NamedDossier {
  /** The other dossiers of the same person. */
  readonly linked: readonly NamedDossier[];
}

/** The identifiers of a person: for officers and the person alone. */
export class IdentityOf extends Query<Identity> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly moment: Moment,
  ) {
    super();
  }
}

@QueryHandler(IdentityOf)
export class IdentityOfHandler implements IQueryHandler<IdentityOf> {
  constructor(
    private readonly people: PersonReader,
    private readonly vault: Vault,
  ) {}

  async execute({ controller, subject: text, moment }: IdentityOf): Promise<Identity> {
    const { subject, record, rulebook } = await this.people.open(controller, text);
    const linked = linkedSubjects(record, momentOf(record, rulebook, moment));
    const others = record.dossiers.map((one) => one.subject).filter((one) => one !== subject && linked.has(one));
    return {
      subject,
      person: await this.personOf(controller, subject),
      linked: await Promise.all(
        others.sort().map(async (other) => ({ subject: other, person: await this.personOf(controller, other) })),
      ),
    };
  }

  private async personOf(controller: ControllerId, subject: SubjectRef): Promise<Record<string, string>> {
    const identifiers = await this.vault.identifiers(controller, subject);
    return Object.fromEntries(identifiers.map(({ kind, value }) => [kind, value]));
  }
}
