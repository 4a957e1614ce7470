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
import { fillNames, NameFilter, pairName } from './name-filter.js';
import { idText, kept, mintKeyId, mintReference, randomOwn } from '../sealing/mint.js';
import { identityName, referenceName } from '../sealing/naming.js';
import { boundTo, identifierPlace, referencePlace, sealedFor, TEXT_LABEL } from '../sealing/seal.js';
import { StoreFailure } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import type * as sealing from '../sealing/known.js';
import { WholeKey } from '../sealing/whole-key.js';
import { unsealed } from './unsealed.js';

/** Names kept in memory of each kind; a dossier with its keys takes some 2 KiB, the others a tenth of that. */
const DOSSIERS_KEPT = 16_000;
const NAMES_KEPT = 12_000;

type KnownDossier = sealing.KnownDossier<Attachment>;
type KnownName<T> = sealing.KnownName<T, Attachment>;

/** Owners of one reference kept in memory: an emitter's number has one, an id that no pack lists may have any number. */
const OWNERS_KEPT = 64;

/** A reference and what is known of its texts, one for each owner: of the last that was asked for, and of the others. */
class KnownReference {
  readonly text: Reference;
  readonly bytes: Buffer;
  readonly hmac: Buffer;
  /** The texts that bring a new reference to the file, each for its own owner; null once it is there. */
  carriers: Attachment[] | null;
  #owner: KnownDossier | undefined;
  #name: KnownName<Reference> | undefined;
  #others: Map<SubjectRef, KnownName<Reference>> | undefined;

  constructor(text: Reference, bytes: Buffer, hmac: Buffer, carriers: Attachment[] | null) {
    this.text = text;
    this.bytes = bytes;
    this.hmac = hmac;
    this.carriers = carriers;
  }

  /** Whether an action on its way brings the reference, or one more text of it. */
  get pinned(): boolean {
    if (this.carriers?.some((text) => text.pinned) === true) return true;
    if (this.#name !== undefined && pinned(this.#name)) return true;
    for (const name of this.#others?.values() ?? []) if (pinned(name)) return true;
    return false;
  }

  of(owner: KnownDossier): KnownName<Reference> | undefined {
    return this.#owner?.subject === owner.subject ? this.#name : this.#others?.get(owner.subject);
  }

  set(owner: KnownDossier, name: KnownName<Reference>): void {
    if (this.#owner !== undefined && this.#owner.subject !== owner.subject) {
      this.#others ??= new Map();
      if (this.#others.size >= OWNERS_KEPT) this.#forgetOthers(this.#others);
      this.#others.set(this.#owner.subject, this.#name!);
      this.#others.delete(owner.subject);
    }
    this.#owner = owner;
    this.#name = name;
  }

  #forgetOthers(others: Map<SubjectRef, KnownName<Reference>>): void {
    for (const [subject, name] of others) if (!pinned(name)) others.delete(subject);
  }
}

const pinned = ({ made }: { made: Attachment | undefined }): boolean => made !== undefined && made.pinned;

/** Made for an action that was set aside: nothing of it will come to the file, which may have learnt better since. */
function isStale(made: Attachment | undefined): boolean {
  return made !== undefined && !made.committed && !made.pinned;
}

export class Known implements sealing.Known<Attachment> {
  readonly #ring: KeyRing;
  readonly #sql: Record<'identity' | 'reference' | 'text' | 'link' | 'tie', StatementSync>;
  readonly #dossiers = new BoundedCache<KnownDossier>(DOSSIERS_KEPT, pinned);
  readonly #own = new Map<number, KnownDossier>();
  readonly #names = new NameFilter();
  readonly #references = new BoundedCache<KnownReference>(NAMES_KEPT, (reference) => reference.pinned);
  readonly #links = new BoundedCache<KnownName<true>>(NAMES_KEPT, pinned);
  readonly #ties = new BoundedCache<KnownName<Reference>>(NAMES_KEPT, pinned);

  constructor(ledger: DatabaseSync, ring: KeyRing) {
    this.#ring = ring;
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
    const name = `${value}\0${kind}\0${controller.no}`;
    let dossier = this.#dossiers.get(name);
    if (dossier === undefined) {
      const hmac = identityName(controller.pepper, kind, value);
      const row = this.#names.mayHold(hmac) ? this.#sql.identity.get(controller.no, hmac) : undefined;
      dossier =
        row === undefined
          ? this.#makeDossier(controller, kind, value, hmac)
          : storedDossier(row['subject'] as Uint8Array);
      this.#dossiers.set(name, dossier);
    }
    return dossier;
  }

  /** Where the controller's own texts are sealed. */
  own(controller: Controller): KnownDossier {
    let dossier = this.#own.get(controller.no);
    if (dossier === undefined) {
      dossier = { subject: '' as SubjectRef, bytes: Buffer.alloc(0), made: undefined, key: undefined };
      this.#own.set(controller.no, dossier);
    }
    return dossier;
  }

  /** The key that a dossier seals under. Throws StoreFailure `corrupt` where a living dossier has none. */
  keyOf(controller: Controller, dossier: KnownDossier): WholeKey {
    const owner = dossier.bytes.length === 0 ? null : dossier.bytes;
    dossier.key ??= this.#ring.current(controller.id, owner);
    if (dossier.key === undefined) throw new StoreFailure('corrupt', 'a dossier has no key: keys.db', false);
    return dossier.key;
  }

  /** The reference for a text, with what must travel so that it can be found and read. */
  reference(controller: Controller, owner: KnownDossier, kind: ReferenceKind, text: string): KnownName<Reference> {
    const name = `${text}\0${kind}\0${controller.no}`;
    const known = this.#references.get(name);
    if (known === undefined || known.carriers?.every(isStale) === true) {
      const reference = this.#makeReference(controller, kind, text);
      this.#references.set(name, reference);
      return this.#nameFor(controller, owner, reference, text);
    }
    const there = known.of(owner);
    return there === undefined || isStale(there.made) ? this.#nameFor(controller, owner, known, text) : there;
  }

  /** Whether two dossiers are linked, both ways. */
  link(_controller: Controller, subject: Uint8Array, other: Uint8Array): KnownName<true> {
    const name = `${Buffer.from(subject).toString('latin1')}${Buffer.from(other).toString('latin1')}`;
    let link = this.#links.get(name);
    if (link === undefined) {
      const pair = pairName(subject, other);
      const there = this.#names.mayHold(pair) && this.#sql.link.get(subject, other) !== undefined;
      if (!there) this.#names.add(pair);
      link = { name: true, made: there ? undefined : attach({ kind: 'link', subject, other }) };
      this.#links.set(name, link);
    }
    return link;
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

  #makeReference(controller: Controller, kind: ReferenceKind, text: string): KnownReference {
    const hmac = kept(referenceName(controller.pepper, kind, text));
    const row = this.#names.mayHold(hmac)
      ? (this.#sql.reference.get(controller.no, hmac)?.['ref'] as Uint8Array | undefined)
      : undefined;
    if (row !== undefined) return new KnownReference(idText(row) as Reference, kept(row), hmac, null);
    this.#names.add(hmac);
    const { text: minted, bytes } = mintReference();
    return new KnownReference(minted as Reference, bytes, hmac, []);
  }

  /** One more text of a reference; the first of a new one, which the file cannot have, is not looked for there. */
  #nameFor(controller: Controller, owner: KnownDossier, reference: KnownReference, text: string): KnownName<Reference> {
    const first = reference.carriers !== null && reference.carriers.length === 0;
    const pair = pairName(owner.bytes, reference.bytes);
    const asked = !first && this.#names.mayHold(pair);
    const there = asked && this.#sql.text.get(controller.no, owner.bytes, reference.bytes) !== undefined;
    if (!there) this.#names.add(pair);
    const made = there ? undefined : this.#sealText(controller, owner, reference, text);
    if (made !== undefined) {
      if (reference.carriers?.some((carrier) => carrier.committed) === true) reference.carriers = null;
      reference.carriers?.push(made);
    }
    const name = { name: reference.text, made };
    reference.set(owner, name);
    return name;
  }

  #sealText(controller: Controller, dossier: KnownDossier, reference: KnownReference, text: string): Attachment {
    const key = this.keyOf(controller, dossier);
    const bound = boundTo(sealedFor(controller.id, dossier.bytes), referencePlace(reference.bytes), TEXT_LABEL);
    const box = unsealed(key.label(TEXT_LABEL), bound, Buffer.from(text));
    const { bytes: ref, hmac } = reference;
    return attach({ kind: 'reference', controller: controller.no, owner: dossier.bytes, ref, hmac, key: key.id, box });
  }

  #makeDossier(controller: Controller, kind: IdentifierKind, value: string, hmac: Buffer): KnownDossier {
    this.#names.add(hmac);
    const { bytes, text } = mintReference();
    const id = mintKeyId();
    const whole = randomOwn(32);
    const key = new WholeKey(id, whole);
    const bound = boundTo(sealedFor(controller.id, bytes), identifierPlace, TEXT_LABEL);
    const made = attach({
      kind: 'dossier',
      controller: controller.no,
      subject: bytes,
      identifier: IDENTIFIER_KINDS.indexOf(kind),
      hmac,
      box: unsealed(key.label(TEXT_LABEL), bound, Buffer.from(value)),
      key: { id, whole },
    });
    return { subject: text as SubjectRef, bytes, made, key };
  }
}

function storedDossier(row: Uint8Array): KnownDossier {
  return { subject: idText(row) as SubjectRef, bytes: kept(row), made: undefined, key: undefined };
}
