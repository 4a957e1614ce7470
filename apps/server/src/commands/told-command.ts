import { Injectable } from '@nestjs/common';
import { Problem, seesValues } from '#host';
import {
  ACTION_OF,
  commandAction,
  isReference,
  linkedSubjects,
  momentOf,
  requests,
  today,
  UNLISTED,
  type Action,
  type Command,
  type CommandName,
  type ControllerId,
  type PersonRecord,
  type Reference,
  type StoredEvent,
  type SubjectRef,
} from '#ledger';
import type { Rulebook } from '#packs';
import { storedIds } from '#roles';
import { Vault, type AccessKey, type Expectation } from '#store';
import { PersonReader } from '../subjects/person-reader.js';

/** What Depter is asked to do to a person, as it came over HTTP. */
export interface Asked {
  readonly controller: ControllerId;
  readonly subject: string;
  readonly name: CommandName;
  /** The body, which is of the form that the command has. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly key: AccessKey;
  /** Depter's reference of the request that is answered. */
  readonly request?: string | undefined;
  /** By which the same command is known when it comes again. */
  readonly idempotencyKey?: string | undefined;
}

/** A command with all that it is decided on, read in one moment. */
export interface ToldCommand {
  readonly subject: SubjectRef;
  readonly record: PersonRecord;
  readonly rulebook: Rulebook;
  /** The end of today. */
  readonly asOf: string;
  readonly now: number;
  /** As events hold it: ids, or the references that stand for them. */
  readonly command: Command;
  /** Whether it has all that the action needs; a refusal without a ground has not, and is refused for that. */
  readonly isWhole: boolean;
  /** The dossiers that are this person. */
  readonly linked: readonly SubjectRef[];
  readonly expecting: Expectation;
}

/** Commands as they are told, made ready to be decided and recorded. */
@Injectable()
export class ToldCommands {
  constructor(
    private readonly people: PersonReader,
    private readonly vault: Vault,
  ) {}

  /** Throws Problem `not-found` where there is no such person or request, `invalid-field` of a request in the body. */
  async read(asked: Asked, id: string, now: number): Promise<ToldCommand> {
    const { controller, name, body } = asked;
    const { subject, record, rulebook } = await this.people.open(controller, asked.subject);
    const asOf = today(now, rulebook.zone);
    const at = { asOf, asKnown: undefined };
    const known = new Set(requests(record, rulebook, at).map((row) => row.id));
    // The number of a request that is opened without one is the command's own.
    const request = name === 'request' ? (body['request'] ?? id) : await this.requestOf(asked, known);
    const stored = await this.stored(controller, rulebook, body);
    const command = { ...body, ...stored, name, ...(request === undefined ? {} : { request }) };
    const linked = linkedSubjects(record, momentOf(record, rulebook, at));
    return {
      subject,
      record,
      rulebook,
      asOf,
      now,
      // The schema of the name was asked for, so name and fields belong together; TypeScript cannot follow the map.
      command: command as unknown as Command,
      isWhole: name !== 'refuse' || typeof body['ground'] === 'string',
      linked: record.dossiers.map((dossier) => dossier.subject).filter((one) => linked.has(one)),
      expecting: expectationOf(record),
    };
  }

  /** The action that it becomes. Throws Problem `gone` of a person who was destroyed, and what is wrong with the action. */
  async action({ controller, name, body, key }: Asked, told: ToldCommand, id: string): Promise<Action> {
    const { rulebook, now } = told;
    const [identifier] = await this.vault.identifiers(controller, told.subject);
    const number = await this.numberOf(controller, told);
    if (identifier === undefined || number === null) throw new Problem('gone');
    const person = { [identifier.kind]: identifier.value };
    const data = { ...body, ...(number === undefined ? {} : { request: number }) };
    const commanding = { controller, person, id, commander: key.id, now, zone: rulebook.zone };
    const read = commandAction(name, data, commanding);
    if (read.refusal === undefined) return read.ok;
    const { code, pointer, detail } = read.refusal;
    throw new Problem(code, { pointer, detail });
  }

  /**
   * Whether a destruction that is recorded is what is asked for. What it named by a word that was destroyed with the person is
   * not compared: nobody can say any more what that was.
   */
  async isOf({ controller, subject, name, body }: Asked, event: StoredEvent): Promise<boolean> {
    if (event.type !== ACTION_OF[name] || event.subject !== subject) return false;
    const { rulebook } = await this.people.open(controller, subject);
    const asked: Readonly<Record<string, unknown>> = { ...body, ...(await this.stored(controller, rulebook, body)) };
    const done = event.data as Readonly<Record<string, unknown>>;
    if (asked['method'] !== done['method'] || asked['medium'] !== done['medium']) return false;
    if (!areSameItems(asked['items'], done['items'], rulebook)) return false;
    if (asked['request'] === done['request']) return true;
    if (asked['request'] === undefined || done['request'] === undefined) return false;
    const reference = await this.vault.referenceOf(controller, 'request', asked['request'] as string);
    return reference === undefined || reference === done['request'];
  }

  /** Whether the person was destroyed: nobody is known by the dossier any more. */
  async isEnded({ controller }: Asked, { subject }: ToldCommand): Promise<boolean> {
    return (await this.vault.identifiers(controller, subject)).length === 0;
  }

  /** What is told of items: their ids, and for those entitled the texts of those that no pack lists. */
  async namesOf(
    { controller, key }: Asked,
    { linked }: ToldCommand,
    items: readonly string[],
  ): Promise<readonly string[]> {
    const unlisted = items.filter(isReference);
    if (unlisted.length === 0) return items;
    const texts = seesValues(key.role)
      ? await this.textsOf(controller, linked, new Set(unlisted))
      : new Map<string, string>();
    return [...new Set(items.map((item) => (isReference(item) ? (texts.get(item) ?? UNLISTED) : item)))].sort();
  }

  /** The request that is meant, by Depter's reference: in the address, or in the body, where its number will do. */
  private async requestOf(
    { controller, body, request: named }: Asked,
    known: ReadonlySet<string>,
  ): Promise<string | undefined> {
    if (named !== undefined) {
      if (!known.has(named)) throw new Problem('not-found');
      return named;
    }
    const meant = body['request'] as string | undefined;
    if (meant === undefined || known.has(meant)) return meant;
    const reference = await this.vault.referenceOf(controller, 'request', meant);
    if (reference === undefined || !known.has(reference)) throw new Problem('invalid-field', { pointer: '/request' });
    return reference;
  }

  /** The number of the request as whoever opened it calls it; null where it was erased. */
  private async numberOf(
    controller: ControllerId,
    { command, linked }: ToldCommand,
  ): Promise<string | null | undefined> {
    if (!('request' in command) || command.request === undefined) return undefined;
    if (command.name === 'request') return command.request;
    return (
      (await this.textsOf(controller, linked, new Set([command.request as Reference]))).get(command.request) ?? null
    );
  }

  private async textsOf(
    controller: ControllerId,
    dossiers: readonly SubjectRef[],
    named: ReadonlySet<Reference>,
  ): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const dossier of dossiers) {
      for (const [reference, { text }] of await this.vault.references(controller, dossier, named)) {
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

/** Items as events hold them; one that is asked for by an unknown text may have been any that was held by a reference. */
function areSameItems(asked: unknown, done: unknown, rulebook: Rulebook): boolean {
  if (!Array.isArray(asked) || !Array.isArray(done)) return asked === done;
  const isForgotten = (item: string): boolean => !isReference(item) && !rulebook.has('item', item);
  return (
    asked.length === done.length &&
    (asked as readonly string[]).every((item, i) => {
      const one = done[i] as string;
      return item === one || (isReference(one) && isForgotten(item));
    })
  );
}

/** All dossiers that were read to decide: the person's, of the people whom items are about, and of whose items they are. */
function expectationOf(record: PersonRecord): Expectation {
  const others = [...record.contacts, ...record.clients].map((other) => other.record);
  const dossiers = [record, ...others].flatMap((one) => one.dossiers);
  return new Map(dossiers.map(({ subject, events }) => [subject, events.length]));
}
