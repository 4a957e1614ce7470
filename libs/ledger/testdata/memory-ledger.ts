/**
 * A ledger in memory for tests of the fold: actions go in through the real reader and writer, and a person's record
 * comes out as a store would read it.
 */
import type { IdKind, Rulebook } from '#packs';
import { ranked, type Person } from '../src/identifier.js';
import type { EventId, Reference, SubjectRef } from '../src/names.js';
import { readAction } from '../src/read.js';
import type { Dossier, IdentifierKind, PersonRecord, Recorded, Tie } from '../src/record.js';
import type { Owner } from '../src/scribe.js';
import type { StoredEvent } from '../src/stored.js';
import { writeEvents } from '../src/write.js';
import { MemoryScribe } from './scribe.js';

const FAR = Date.parse('2099-01-01T00:00:00Z');

export class MemoryLedger {
  readonly log: Recorded[] = [];
  readonly texts = new Map<string, { readonly owner: Owner; readonly kind: string; readonly text: string }>();
  readonly values = new Map<string, string>();
  readonly #kinds = new Map<SubjectRef, IdentifierKind>();
  readonly #ties = new Map<Reference, Tie>();
  readonly firsts = new Map<string, string>();
  /** Sealed texts by event and field. */
  readonly sealed = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(
    readonly rulebook: Rulebook,
    /** Ids that were listed when events were written, where that is not what the rulebook has. */
    readonly listedThen: (kind: IdKind, id: string) => boolean = (kind, id) => rulebook.has(kind, id),
    /** Another salt makes other references, event ids and commitments, as in another store. */
    readonly salt = '',
  ) {}

  /** Records one action (a CloudEvent) at an instant; the same again is set aside. Gives the id of its first event. */
  record(action: { readonly id: string; readonly [field: string]: unknown }, recorded: string): string {
    const read = readAction(action, { now: FAR, zone: this.rulebook.zone });
    if (read.ok === undefined) throw new Error(JSON.stringify(read.refusal));
    const scribe = new KeepingScribe(read.ok.source, read.ok.id, this.listedThen as never, this.#kinds, this.salt);
    const events = writeEvents(read.ok, scribe);
    const first = events[0]!.id;
    if (this.#seen.has(first)) return first;
    this.#seen.add(first);
    for (const event of events) this.append({ ...event, recorded }, first);
    for (const tie of scribe.ties) this.#ties.set(tie.about, tie);
    for (const [reference, text] of scribe.references) this.texts.set(reference, text);
    for (const { ordinal, label, field, text } of scribe.sealed.values()) {
      this.values.set(`${scribe.eventId(ordinal)} ${label}`, text);
      if (label === '#text') this.sealed.set(`${scribe.eventId(ordinal)} ${field}`, text);
    }
    return first;
  }

  append(event: StoredEvent, first: string = event.id): void {
    this.log.push({ position: this.log.length, event });
    this.firsts.set(event.id, first);
  }

  subject(person: Person): SubjectRef {
    const { kind, value } = ranked(person)[0]!;
    return new MemoryScribe().subject(kind, this.salt + value);
  }

  person(subject: SubjectRef, depth = 1): PersonRecord {
    const subjects = this.#linked(subject);
    const lies = ({ event }: Recorded): boolean => event.subject !== null && subjects.has(event.subject as SubjectRef);
    const others = depth === 0 ? [] : [...this.#ties.values()];
    return {
      subject,
      dossiers: [...subjects].sort().map((one) => this.#dossier(one)),
      corrections: this.log.filter((recorded) => recorded.event.type === 'corrected' && !lies(recorded)),
      firsts: this.firsts,
      about: [...this.#ties.values()].filter((tie) => subjects.has(tie.client)),
      clients: others
        .filter((tie) => subjects.has(tie.contact))
        .map((tie) => ({ tie, record: this.person(tie.client, 0) })),
      contacts: others
        .filter((tie) => subjects.has(tie.client))
        .map((tie) => ({ tie, record: this.person(tie.contact, 0) })),
      controller: this.log.filter(({ event }) => event.subject === null),
      listed: this.#listed(),
    };
  }

  #dossier(subject: SubjectRef): Dossier {
    const events = this.log.filter(({ event }) => event.subject === subject && event.type !== 'accessed');
    return { subject, kind: this.#kinds.get(subject) ?? 'online', events };
  }

  #linked(subject: SubjectRef): ReadonlySet<SubjectRef> {
    const found = new Set([subject]);
    for (let grown = true; grown; ) {
      grown = false;
      for (const { event } of this.log) {
        if (event.type !== 'linked') continue;
        const [a, b] = [event.subject as SubjectRef, event.data.other as SubjectRef];
        if (found.has(a) === found.has(b)) continue;
        found.add(a).add(b);
        grown = true;
      }
    }
    return found;
  }

  #listed(): ReadonlyMap<string, string> {
    const listed = new Map<string, string>();
    for (const [reference, { kind, text }] of this.texts) {
      if (['consent', 'contract', 'request', 'staff', 'breach'].includes(kind)) continue;
      if (this.rulebook.has(kind as IdKind, text)) listed.set(reference, text);
    }
    return listed;
  }
}

/** Says of which kind each dossier is, which a store reads from its identities. */
class KeepingScribe extends MemoryScribe {
  constructor(
    source: string,
    id: string,
    lists: (kind: string, id: string) => boolean,
    private readonly kinds: Map<SubjectRef, IdentifierKind>,
    private readonly salt: string,
  ) {
    super(salt + source, id, lists);
  }

  override eventIdOf(source: string, id: string): EventId {
    return super.eventIdOf(this.salt + source, id);
  }

  override reference(owner: Owner, kind: string, text: string): Reference {
    const made = super.reference(owner, kind, this.salt + text);
    this.references.set(made, { owner, kind, text });
    return made;
  }

  override subject(kind: IdentifierKind, value: string): SubjectRef {
    const subject = super.subject(kind, this.salt + value);
    this.kinds.set(subject, kind);
    return subject;
  }
}
