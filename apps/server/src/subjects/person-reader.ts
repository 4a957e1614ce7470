import { Injectable } from '@nestjs/common';
import { Controllers, Problem, seesValues } from '#host';
import {
  subjectRef,
  type ControllerId,
  type KeyRole,
  type PersonRecord,
  type Resolvers,
  type SubjectRef,
} from '#ledger';
import type { Rulebook } from '#packs';
import { Ledger, Vault, type Opened, type SealedText } from '#store';

export interface OpenPerson {
  readonly subject: SubjectRef;
  readonly record: PersonRecord;
  readonly rulebook: Rulebook;
}

/** Reads a person for a view, and opens what the reader may see. */
@Injectable()
export class PersonReader {
  constructor(
    private readonly ledger: Ledger,
    private readonly vault: Vault,
    private readonly controllers: Controllers,
  ) {}

  /** Everything about a person. Throws Problem `not-found` where no event names the subject. */
  async open(controller: ControllerId, text: string): Promise<OpenPerson> {
    const rulebook = this.controllers.rulebook(controller);
    const subject = subjectRef(text);
    const record = subject === undefined ? undefined : await this.ledger.person(controller, subject);
    if (subject === undefined || record === undefined || rulebook === undefined) throw new Problem('not-found');
    return { subject, record, rulebook };
  }

  /** What a role may see beside ids: the texts of these dossiers and of the controller; for some roles nothing. */
  async resolvers(
    controller: ControllerId,
    record: PersonRecord,
    linked: ReadonlySet<string>,
    role: KeyRole,
  ): Promise<Resolvers> {
    if (!seesValues(role)) return {};
    const values = new Map<string, string>();
    const sealed = new Map<string, string>();
    const references = new Map<string, string>();
    for (const dossier of record.dossiers) {
      if (!linked.has(dossier.subject)) continue;
      const eventAt = new Map(dossier.events.map(({ position, event }) => [position, event.id]));
      for (const text of await this.vault.texts(controller, dossier.subject)) {
        keepText(text, eventAt.get(text.position), values, sealed);
      }
      keepReferences(await this.vault.references(controller, dossier.subject), references);
    }
    // Members of staff are the controller's to name; there may be many, so they are read only where one is meant.
    if (
      record.dossiers.some((dossier) => linked.has(dossier.subject) && dossier.events.some(({ event }) => event.by))
    ) {
      keepReferences(await this.vault.references(controller, null), references);
    }
    return {
      values: (event, item) => values.get(keyOf(event, item)),
      texts: (reference) => references.get(reference),
      sealed: (event, field) => sealed.get(keyOf(event, field)),
    };
  }
}

function keyOf(event: string, field: string): string {
  return `${event} ${field}`;
}

function keepText(
  { label, field, text }: SealedText,
  event: string | undefined,
  values: Map<string, string>,
  sealed: Map<string, string>,
): void {
  if (event === undefined || text.kind === 'erased') return;
  if (label === '#text') sealed.set(keyOf(event, field), text.value);
  else values.set(keyOf(event, label), text.value);
}

function keepReferences(found: ReadonlyMap<string, Opened<string>>, references: Map<string, string>): void {
  for (const [reference, text] of found) if (text.kind === 'value') references.set(reference, text.value);
}
