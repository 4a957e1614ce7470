import { Injectable } from '@nestjs/common';
import { Problem, seesValues } from '#host';
import {
  commandAction,
  isReference,
  linkedSubjects,
  momentOf,
  requests,
  today,
  UNLISTED,
  type Action,
  type Command,
  type ControllerId,
  type PersonRecord,
  type Reference,
  type SubjectRef,
} from '#ledger';
import type { Rulebook } from '#packs';
import { storedIds } from '#roles';
import { Vault, type Expectation } from '#store';
import { PersonReader } from '../subjects/person-reader.js';
import type { ActOnPerson } from './act-on-person.js';

/** A command with all that it is decided on, read in one moment. */
export interface ToldCommand {
  readonly record: PersonRecord;
  readonly rulebook: Rulebook;
  /** The end of today. */
  readonly asOf: string;
  /** As events hold it: ids, or the references that stand for them. */
  readonly command: Command;
  /** Whether it has all that the action needs; a refusal without a ground has not, and is refused for that. */
  readonly isWhole: boolean;
  readonly expecting: Expectation;
  /** The action that it becomes. Throws Problem where none can be made of it. */
  action(): Action;
}

/** Commands as they are told, made ready to be decided. */
@Injectable()
export class ToldCommands {
  constructor(
    private readonly people: PersonReader,
    private readonly vault: Vault,
  ) {}

  /** Throws Problem: `not-found` where there is no such person or request, `gone` where the person was destroyed. */
  async read(act: ActOnPerson, id: string, now: number): Promise<ToldCommand> {
    const { controller, name, body, key } = act;
    const { subject, record, rulebook } = await this.people.open(controller, act.subject);
    const [identifier] = await this.vault.identifiers(controller, subject);
    if (identifier === undefined) throw new Problem('gone');
    const asOf = today(now, rulebook.zone);
    const request = await this.requestOf(act, record, rulebook, asOf);
    // The number of a request that is opened without one is the command's own.
    const number = request?.number ?? (name === 'request' ? (body['request'] ?? id) : undefined);
    const data = { ...body, ...(number === undefined ? {} : { request: number }) };
    const stored = await this.stored(controller, rulebook, body);
    const named = request?.reference ?? number;
    const command = { ...body, ...stored, name, ...(named === undefined ? {} : { request: named }) };
    const person = { [identifier.kind]: identifier.value };
    return {
      record,
      rulebook,
      asOf,
      // The schema of the name was asked for, so name and fields belong together; TypeScript cannot follow the map.
      command: command as unknown as Command,
      isWhole: name !== 'refuse' || typeof body['ground'] === 'string',
      expecting: expectationOf(record),
      action: () => {
        const zone = rulebook.zone;
        const read = commandAction(name, data, { controller, person, id, commander: key.id, now, zone });
        if (read.refusal === undefined) return read.ok;
        const { code, pointer, detail } = read.refusal;
        throw new Problem(code, { pointer, detail });
      },
    };
  }

  /** What is told of items: their ids, and for those entitled the texts of those that no pack lists. */
  async namesOf(
    { controller, key }: ActOnPerson,
    { record, rulebook, asOf }: ToldCommand,
    items: readonly string[],
  ): Promise<readonly string[]> {
    const unlisted = items.filter(isReference);
    if (unlisted.length === 0) return items;
    const texts = seesValues(key.role)
      ? await this.textsOf(controller, linkedOf(record, rulebook, asOf), new Set(unlisted))
      : new Map<string, string>();
    return [...new Set(items.map((item) => (isReference(item) ? (texts.get(item) ?? UNLISTED) : item)))].sort();
  }

  /** The request that is meant: by Depter's reference in the address or the body, or in the body by its number. */
  private async requestOf(
    { controller, name, body, named }: ActOnPerson,
    record: PersonRecord,
    rulebook: Rulebook,
    asOf: string,
  ): Promise<{ readonly reference: string; readonly number: string } | undefined> {
    const meant = named.request ?? (name === 'request' ? undefined : (body['request'] as string | undefined));
    if (meant === undefined) return undefined;
    const isOne = new Set(requests(record, rulebook, { asOf, asKnown: undefined }).map(({ id }) => id));
    if (isOne.has(meant)) {
      const texts = await this.textsOf(controller, linkedOf(record, rulebook, asOf), new Set([meant as Reference]));
      const number = texts.get(meant);
      if (number === undefined) throw new Problem('gone');
      return { reference: meant, number };
    }
    if (named.request !== undefined) throw new Problem('not-found');
    const reference = await this.vault.referenceOf(controller, 'request', meant);
    if (reference === undefined || !isOne.has(reference)) throw new Problem('invalid-field', { pointer: '/request' });
    return { reference, number: meant };
  }

  private async textsOf(
    controller: ControllerId,
    dossiers: Iterable<SubjectRef>,
    named: ReadonlySet<Reference>,
  ): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const dossier of dossiers) {
      for (const [reference, text] of await this.vault.references(controller, dossier, named)) {
        if (text.kind === 'value') texts.set(reference, text.value);
      }
    }
    return texts;
  }

  /** Items and purposes as they stand in events. */
  private async stored(
    controller: ControllerId,
    rulebook: Rulebook,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { items, purposes } = body as Readonly<Record<string, readonly string[] | 'all' | undefined>>;
    return {
      ...(Array.isArray(items) && { items: await storedIds(this.vault, rulebook, controller, 'item', items) }),
      ...(Array.isArray(purposes) && {
        purposes: await storedIds(this.vault, rulebook, controller, 'purpose', purposes),
      }),
    };
  }
}

function linkedOf(record: PersonRecord, rulebook: Rulebook, asOf: string): readonly SubjectRef[] {
  const linked = linkedSubjects(record, momentOf(record, rulebook, { asOf, asKnown: undefined }));
  return record.dossiers.map(({ subject }) => subject).filter((subject) => linked.has(subject));
}

/** All dossiers that were read to decide: the person's, and those of the people whom items are about. */
function expectationOf(record: PersonRecord): Expectation {
  const dossiers = [record, ...record.contacts.map((contact) => contact.record)].flatMap((one) => one.dossiers);
  return new Map(dossiers.map(({ subject, events }) => [subject, events.length]));
}
