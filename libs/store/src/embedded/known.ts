/**
 * What intake knows of the folder: whose dossier an identifier leads to, which reference stands for a text, which links
 * and ties are there. Asked of a bounded cache, then of the file, and made where neither has it; what is made waits in
 * the cache, pinned, until the writer has it on the disk.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { IDENTIFIER_KINDS, type IdentifierKind, type Reference, type ReferenceKind, type SubjectRef } from '#ledger';
import { attach, type Attachment } from './attachment.js';
import { BoundedCache } from './bounded-cache.js';
import type { KeyRing } from './key-ring.js';
import type { KeySupply } from './key-supply.js';
import { fillNames, NameFilter, pairName } from './name-filter.js';
import { idText, mintDossier, mintReference } from '../sealing/mint.js';
import { identityName, referenceName } from '../sealing/naming.js';
import { boundTo, identifierPlace, referencePlace, sealedFor, TEXT_LABEL } from '../sealing/seal.js';
import { StoreFailure } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import type * as sealing from '../sealing/known.js';
import { WholeKey } from '../sealing/whole-key.js';
import { unsealed } from './unsealed.js';

/** Names kept in memory of each kind; a dossier with its keys takes some 600 bytes, the others a third of that. */
const DOSSIERS_KEPT = 32_000;
const NAMES_KEPT = 24_000;

type KnownName<T> = sealing.KnownName<T, Attachment>;

/** What brings a name to the file; null where it is there. */
type Bringer = Attachment | null;

const isPinned = (made: Bringer | undefined): boolean => made?.pinned === true;

/** Made for an action that was set aside: nothing of it will come to the file, which may have learnt better since. */
const isStale = (made: Bringer): boolean => made !== null && !made.committed && !made.pinned;

/** A dossier as it is kept: its bytes are in its name. */
class KnownDossier implements sealing.KnownDossier<Attachment> {
  readonly subject: SubjectRef;
  readonly made: Attachment | undefined;
  key: WholeKey | undefined;

  constructor(subject: SubjectRef, made?: Attachment, key?: WholeKey) {
    this.subject = subject;
    this.made = made;
    this.key = key;
  }

  /** Made anew each time: kept with every dossier they would take more memory than making them costs time. */
  get bytes(): Buffer {
    return Buffer.from(this.subject, 'base64url');
  }
}

/** Owners of one reference kept in memory: an emitter's number has one, an id that no pack lists may have any number. */
const OWNERS_KEPT = 64;

/** A reference and what brings its texts, one for each owner: of the last that was asked for, and of the others. */
class KnownReference {
  readonly text: Reference;
  /** Whether the file is known to have it, and not only what brings it there. */
  #stored: boolean;
  #owner: SubjectRef | undefined;
  #made: Bringer = null;
  #others: Map<SubjectRef, Bringer> | undefined;

  constructor(text: Reference, stored: boolean) {
    this.text = text;
    this.#stored = stored;
  }

  /** Whether it is new and has no text yet. */
  get bare(): boolean {
    return !this.#stored && this.#owner === undefined;
  }

  /** Whether an action on its way brings the reference, or one more text of it. */
  get pinned(): boolean {
    return this.#texts.some(isPinned);
  }

  /** Whether nothing that would bring it to the file will come there. */
  get stale(): boolean {
    return !this.#stored && isStale(this.#made) && this.#texts.every(isStale);
  }

  of(owner: SubjectRef): Bringer | undefined {
    return this.#owner === owner ? this.#made : this.#others?.get(owner);
  }

  set(owner: SubjectRef, made: Bringer): void {
    if (this.#owner !== undefined && this.#owner !== owner) {
      this.#others ??= new Map();
      if (this.#others.size >= OWNERS_KEPT) this.#forgetOthers(this.#others);
      this.#others.set(this.#owner, this.#made);
      this.#others.delete(owner);
    }
    this.#owner = owner;
    this.#made = made;
  }

  get #texts(): Bringer[] {
    return this.#others === undefined ? [this.#made] : [this.#made, ...this.#others.values()];
  }

  #forgetOthers(others: Map<SubjectRef, Bringer>): void {
    for (const [subject, made] of others) {
      if (isPinned(made)) continue;
      this.#stored ||= !isStale(made);
      others.delete(subject);
    }
  }
}

export class Known implements sealing.Known<Attachment> {
  readonly #ring: KeyRing;
  readonly #supply: KeySupply;
  readonly #sql: Record<'identity' | 'reference' | 'text' | 'link' | 'tie', StatementSync>;
  readonly #dossiers = new BoundedCache<KnownDossier>(DOSSIERS_KEPT, ({ made }) => isPinned(made));
  readonly #own = new Map<number, KnownDossier>();
  readonly #names = new NameFilter();
  readonly #references = new BoundedCache<KnownReference>(NAMES_KEPT, (reference) => reference.pinned);
  readonly #links = new BoundedCache<Bringer>(NAMES_KEPT, isPinned);
  readonly #ties = new BoundedCache<KnownName<Reference>>(NAMES_KEPT, ({ made }) => isPinned(made));

  constructor(ledger: DatabaseSync, ring: KeyRing, supply: KeySupply) {
    this.#ring = ring;
    this.#supply = supply;
    this.#sql = {
      identity: ledger.prepare('SELECT subject FROM dossiers WHERE controller = ? AND hmac = ?'),
      reference: ledger.prepare('SELECT ref FROM refs WHERE controller = ? AND hmac = ?'),
      text: ledger.prepare('SELECT 1 FROM ref_texts WHERE controller = ? AND owner = ? AND ref = ?'),
      link: ledger.prepare('SELECT 1 FROM links WHERE subject = ? AND other = ?'),
      tie: ledger.prepare('SELECT about FROM ties WHERE client = ? AND contact = ?'),
    };
    fillNames(this.#names, ledger);
  }

  /** After a commit that failed, or a key that was shredded: only the file knows. */
  forget(): void {
    this.#own.clear();
    for (const cache of [this.#dossiers, this.#references, this.#links, this.#ties]) cache.clear();
  }

  /** The dossier of an identifier, made if it is new. */
  dossierOf(controller: Controller, kind: IdentifierKind, value: string): KnownDossier {
    const space = `${kind}${controller.no}`;
    let dossier = this.#dossiers.get(value, space);
    if (dossier === undefined) {
      const hmac = identityName(controller.pepper, kind, value);
      const row = this.#names.mayHold(hmac) ? this.#sql.identity.get(controller.no, hmac) : undefined;
      dossier =
        row === undefined
          ? this.#makeDossier(controller, kind, value, hmac)
          : new KnownDossier(idText(row['subject'] as Uint8Array) as SubjectRef);
      this.#dossiers.set(value, dossier, space);
    }
    return dossier;
  }

  /** Where the controller's own texts are sealed. */
  own(controller: Controller): KnownDossier {
    let dossier = this.#own.get(controller.no);
    if (dossier === undefined) {
      dossier = new KnownDossier('' as SubjectRef);
      this.#own.set(controller.no, dossier);
    }
    return dossier;
  }

  /** The key that a dossier seals under. Throws StoreFailure `corrupt` where a living dossier has none. */
  keyOf(controller: Controller, dossier: KnownDossier): WholeKey {
    dossier.key ??= this.#ring.current(controller.id, dossier.subject === '' ? null : dossier.bytes);
    if (dossier.key === undefined) throw new StoreFailure('corrupt', 'a dossier has no key: keys.db', false);
    return dossier.key;
  }

  /** The reference for a text, with what must travel so that it can be found and read. */
  reference(controller: Controller, owner: KnownDossier, kind: ReferenceKind, text: string): KnownName<Reference> {
    const space = `${kind}${controller.no}`;
    let known = this.#references.get(text, space);
    let hmac: Buffer | undefined;
    if (known === undefined || known.stale) {
      hmac = referenceName(controller.pepper, kind, text);
      known = this.#findReference(controller, hmac);
      this.#references.set(text, known, space);
    }
    let made = known.of(owner.subject);
    if (made === undefined || isStale(made)) {
      hmac ??= referenceName(controller.pepper, kind, text);
      made = this.#findText(controller, owner, known, hmac, text);
      known.set(owner.subject, made);
    }
    return { name: known.text, made: made ?? undefined };
  }

  /** Whether two dossiers are linked, both ways. */
  link(_controller: Controller, subject: Uint8Array, other: Uint8Array): KnownName<true> {
    const name = Buffer.concat([subject, other]).toString('latin1');
    let made = this.#links.get(name);
    if (made === undefined) {
      const pair = pairName(subject, other);
      const there = this.#names.mayHold(pair) && this.#sql.link.get(subject, other) !== undefined;
      if (!there) this.#names.add(pair);
      made = there ? null : attach({ kind: 'link', subject, other });
      this.#links.set(name, made);
    }
    return { name: true, made: made ?? undefined };
  }

  tie(_controller: Controller, client: SubjectRef, contact: SubjectRef): KnownName<Reference> {
    const name = `${client}${contact}`;
    let tie = this.#ties.get(name);
    if (tie === undefined) {
      const ends = { client: Buffer.from(client, 'base64url'), contact: Buffer.from(contact, 'base64url') };
      const pair = pairName(ends.client, ends.contact);
      const row = this.#names.mayHold(pair) ? this.#sql.tie.get(ends.client, ends.contact) : undefined;
      if (row !== undefined) tie = { name: idText(row['about'] as Uint8Array) as Reference, made: undefined };
      else {
        this.#names.add(pair);
        const about = mintReference();
        tie = { name: about.text as Reference, made: attach({ kind: 'tie', ...ends, about: about.bytes }) };
      }
      this.#ties.set(name, tie);
    }
    return tie;
  }

  #findReference(controller: Controller, hmac: Buffer): KnownReference {
    const row = this.#names.mayHold(hmac) ? this.#sql.reference.get(controller.no, hmac) : undefined;
    if (row !== undefined) return new KnownReference(idText(row['ref'] as Uint8Array) as Reference, true);
    this.#names.add(hmac);
    return new KnownReference(mintReference().text as Reference, false);
  }

  /** One more text of a reference; the first of a new one, which the file cannot have, is not looked for there. */
  #findText(controller: Controller, owner: KnownDossier, known: KnownReference, hmac: Buffer, text: string): Bringer {
    const bytes = { owner: owner.bytes, ref: Buffer.from(known.text, 'base64url') };
    const pair = pairName(bytes.owner, bytes.ref);
    const asked = !known.bare && this.#names.mayHold(pair);
    if (asked && this.#sql.text.get(controller.no, bytes.owner, bytes.ref) !== undefined) return null;
    this.#names.add(pair);
    const key = this.keyOf(controller, owner);
    const bound = boundTo(sealedFor(controller.id, bytes.owner), referencePlace(bytes.ref), TEXT_LABEL);
    const box = unsealed(key.label(TEXT_LABEL), bound, Buffer.from(text));
    return attach({ kind: 'reference', controller: controller.no, ...bytes, hmac, key: key.id, box });
  }

  #makeDossier(controller: Controller, kind: IdentifierKind, value: string, hmac: Buffer): KnownDossier {
    this.#names.add(hmac);
    const supplied = this.#supply.take(controller.no);
    const { subject, id, whole } = supplied ?? mintDossier();
    const key = new WholeKey(id, whole);
    const bound = boundTo(sealedFor(controller.id, subject), identifierPlace, TEXT_LABEL);
    const made = attach({
      kind: 'dossier',
      controller: controller.no,
      subject,
      identifier: IDENTIFIER_KINDS.indexOf(kind),
      hmac,
      box: unsealed(key.label(TEXT_LABEL), bound, Buffer.from(value)),
      key: { id, whole: supplied === undefined ? whole : undefined },
    });
    // Shredded, it must be nowhere: what needs it has a copy, and this one lies among keys of others.
    whole.fill(0);
    return new KnownDossier(idText(subject) as SubjectRef, made, key);
  }
}
