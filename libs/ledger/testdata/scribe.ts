/**
 * A scribe for tests that keeps in memory what a store would keep sealed: deterministic, and every text that it was
 * given can be looked up, so that a test can say what is where.
 */
import { createHash } from 'node:crypto';
import type { Commitment, EventId, Reference, SubjectRef } from '../src/names.js';
import type { Owner, Scribe } from '../src/scribe.js';

const digest = (...parts: (string | number | null)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
/** 22 characters, the first a capital: never taken for an id. */
const reference = (...parts: (string | number | null)[]) => `R${digest(...parts).slice(0, 21)}`;

export interface Sealed {
  readonly ordinal: number;
  readonly owner: Owner;
  readonly label: string;
  readonly field: string;
  readonly text: string;
}

export class MemoryScribe implements Scribe {
  readonly recorded = '2026-12-01T00:00:00.000Z';
  readonly sealed = new Map<Commitment, Sealed>();
  readonly references = new Map<Reference, { readonly owner: Owner; readonly kind: string; readonly text: string }>();
  readonly ties: { readonly client: SubjectRef; readonly contact: SubjectRef; readonly about: Reference }[] = [];

  constructor(
    private readonly source = 'urn:example:los',
    private readonly id = '1',
    private readonly lists: (kind: string, id: string) => boolean = () => true,
  ) {}

  eventId(ordinal: number): EventId {
    return digest('event', this.source, this.id, ordinal).slice(0, 22) as EventId;
  }
  eventIdOf(source: string, id: string): EventId {
    return digest('event', source, id, 0).slice(0, 22) as EventId;
  }
  subject(kind: string, value: string): SubjectRef {
    return reference('subject', kind, value) as SubjectRef;
  }
  listed(kind: string, id: string): boolean {
    return this.lists(kind, id);
  }
  reference(owner: Owner, kind: string, text: string): Reference {
    const made = reference('reference', kind, text) as Reference;
    this.references.set(made, { owner, kind, text });
    return made;
  }
  tie(client: SubjectRef, contact: SubjectRef): Reference {
    const about = reference('tie', client, contact) as Reference;
    this.ties.push({ client, contact, about });
    return about;
  }
  seal(ordinal: number, owner: Owner, label: string, field: string, text: string): Commitment {
    const commitment = digest('seal', this.id, ordinal, owner, label, field, text) as Commitment;
    this.sealed.set(commitment, { ordinal, owner, label, field, text });
    return commitment;
  }
}
