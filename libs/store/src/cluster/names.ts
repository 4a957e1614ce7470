/**
 * What a batch of actions needs of the store, found or made in the batch's transaction: dossiers with their keys,
 * references, ties. Whatever is made is inserted in the order of its names, so that two transactions that want the same
 * wait for each other and not both for both; whose row is there first has won, and the other takes it.
 */
import { IDENTIFIER_KINDS, type Reference, type ReferenceKind, type SubjectRef } from '#ledger';
import type { IdentifierKind } from '#ledger';
import { StoreFailure } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import type { Known, KnownDossier, KnownName, Made } from '../sealing/known.js';
import { idText, mintKeyId, mintReference, randomOwn } from '../sealing/mint.js';
import { identityName, referenceName } from '../sealing/naming.js';
import { boundTo, identifierPlace, referencePlace, sealBox, sealedFor, TEXT_LABEL } from '../sealing/seal.js';
import { WholeKey } from '../sealing/whole-key.js';
import { identityOf, textOf, tieOf, type Wants, type WantedReference, type WantedTie } from './drafting.js';
import type { KeyStore } from './key-store.js';
import type { KnownNames } from './batch-line.js';
import type { CachedReference, NewNames } from './name-cache.js';
import type { Queries, Statement } from './postgres.js';

const SQL = {
  dossiers: {
    name: 'names-dossiers',
    text: 'SELECT hmac, subject FROM depter.dossiers WHERE controller = $1 AND hmac = ANY ($2::bytea[])',
  },
  addDossiers: {
    name: 'names-add-dossiers',
    text: `INSERT INTO depter.dossiers (controller, subject, kind, hmac, key, box)
      SELECT $1, d.subject, d.kind, d.hmac, d.key, d.box
      FROM unnest($2::bytea[], $3::smallint[], $4::bytea[], $5::bytea[], $6::bytea[]) AS d (subject, kind, hmac, key, box)
      ON CONFLICT (controller, hmac) WHERE hmac IS NOT NULL DO NOTHING`,
  },
  refs: {
    name: 'names-refs',
    text: 'SELECT hmac, ref FROM depter.refs WHERE controller = $1 AND hmac = ANY ($2::bytea[])',
  },
  addRefs: {
    name: 'names-add-refs',
    text: `INSERT INTO depter.refs (controller, hmac, ref)
      SELECT $1, r.hmac, r.ref FROM unnest($2::bytea[], $3::bytea[]) AS r (hmac, ref)
      ON CONFLICT DO NOTHING`,
  },
  texts: {
    name: 'names-texts',
    text: `SELECT t.owner, t.ref FROM unnest($2::bytea[], $3::bytea[]) AS w (owner, ref)
      JOIN depter.ref_texts t ON t.controller = $1 AND t.owner = w.owner AND t.ref = w.ref`,
  },
  addTexts: {
    name: 'names-add-texts',
    text: `INSERT INTO depter.ref_texts (controller, owner, ref, hmac, key, box)
      SELECT $1, t.owner, t.ref, t.hmac, t.key, t.box
      FROM unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) AS t (owner, ref, hmac, key, box)
      ON CONFLICT DO NOTHING`,
  },
  ties: {
    name: 'names-ties',
    text: `SELECT t.client, t.contact, t.about FROM unnest($2::bytea[], $3::bytea[]) AS w (client, contact)
      JOIN depter.ties t ON t.controller = $1 AND t.client = w.client AND t.contact = w.contact`,
  },
  /** Of references that nobody else knows yet. */
  addFirstTexts: {
    name: 'names-add-first-texts',
    text: `INSERT INTO depter.ref_texts (controller, owner, ref, hmac, key, box)
      SELECT $1, t.owner, t.ref, t.hmac, t.key, t.box
      FROM unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) AS t (owner, ref, hmac, key, box)`,
  },
  addTies: {
    name: 'names-add-ties',
    text: `INSERT INTO depter.ties (controller, client, contact, about)
      SELECT $1, t.client, t.contact, t.about FROM unnest($2::bytea[], $3::bytea[], $4::bytea[]) AS t (client, contact, about)
      ON CONFLICT DO NOTHING`,
  },
};

type Dossier = KnownDossier<Made>;

/** A reference's text, to be sealed for an owner. */
interface OwnedText extends CachedReference {
  readonly dossier: Dossier;
  readonly text: string;
}

const NO_BYTES = Buffer.alloc(0);

/** What a batch knows: everything that its actions want, found beforehand, since a scribe does not wait. */
export class Names implements Known<Made> {
  /** The links that the batch's events make. */
  readonly links = new Map<string, { readonly subject: Uint8Array; readonly other: Uint8Array }>();
  readonly #controller: Controller;
  readonly #queries: Queries;
  readonly #keys: KeyStore;
  readonly #known: KnownNames;
  /** What was found or made, to be remembered when the batch is committed. */
  readonly #found: NewNames;
  readonly #dossiers = new Map<string, Dossier>();
  readonly #references = new Map<string, CachedReference>();
  readonly #ties = new Map<string, Reference>();
  readonly #own: Dossier;
  /** References, in hex, that this batch has made: no text of them is there. */
  readonly #made = new Set<string>();
  #keysAdded: Promise<void> = Promise.resolve();

  constructor(controller: Controller, queries: Queries, keys: KeyStore, known: KnownNames, found: NewNames) {
    this.#known = known;
    this.#found = found;
    this.#controller = controller;
    this.#queries = queries;
    this.#keys = keys;
    this.#own = { subject: '' as SubjectRef, bytes: NO_BYTES, made: undefined, key: undefined };
  }

  /** The dossier of an identity that is known, of this batch or of one before. */
  subjectOf(identity: string): SubjectRef | undefined {
    return this.#dossiers.get(identity)?.subject ?? this.#known.dossier(identity)?.subject;
  }

  async resolveDossiers({ identities }: Wants): Promise<void> {
    const { pepper, id } = this.#controller;
    const wanted: { readonly kind: IdentifierKind; readonly value: string; readonly hmac: Buffer }[] = [];
    for (const [identity, { kind, value }] of identities) {
      if (this.#dossiers.has(identity)) continue;
      const cached = this.#known.dossier(identity);
      if (cached === undefined) wanted.push({ kind, value, hmac: identityName(pepper, kind, value) });
      else this.#dossiers.set(identity, cached);
    }
    const found = await this.#findDossiers(wanted.map(({ hmac }) => hmac));
    const missing = wanted.filter(({ hmac }) => !found.has(hmac.toString('hex')));
    const made = await this.#makeDossiers(
      missing.sort((a, b) => a.hmac.compare(b.hmac)),
      found,
    );
    this.#own.key ??= this.#known.own;
    const asked = this.#own.key === undefined ? [...found.values(), NO_BYTES] : [...found.values()];
    const keys = await this.#keys.whole(id, asked);
    for (const { kind, value, hmac } of wanted) {
      const name = hmac.toString('hex');
      const subject = found.get(name);
      const dossier = subject === undefined ? made.get(name) : dossierOf(subject, keys.get(subject.toString('hex')));
      if (dossier === undefined) throw new StoreFailure('unavailable', 'a dossier went while it was looked up', true);
      this.#dossiers.set(identityOf(kind, value), dossier);
      if (dossier.key !== undefined) this.#found.dossiers.set(identityOf(kind, value), dossier);
    }
    this.#own.key ??= keys.get('');
    this.#found.own = this.#own.key;
  }

  async resolveReferences({ references }: Wants): Promise<void> {
    const wanted = [...references.values()];
    const hmacs = new Map<string, Buffer>();
    for (const { kind, text } of wanted) {
      const name = textOf(kind, text);
      const cached = this.#references.get(name) ?? this.#known.reference(name);
      if (cached === undefined) hmacs.set(name, referenceName(this.#controller.pepper, kind, text));
      else this.#references.set(name, cached);
    }
    const all = [...hmacs.values()];
    const found = await this.#findReferences(all);
    const missing = all.filter((hmac) => !found.has(hmac.toString('hex'))).sort((a, b) => a.compare(b));
    if (missing.length > 0) {
      const refs = missing.map(() => mintReference().bytes);
      const added = await this.#queries.run(SQL.addRefs, [this.#controller.no, missing, refs]);
      // What another made a moment ago has won.
      const there = added === missing.length ? undefined : await this.#findReferences(missing);
      missing.forEach((hmac, i) => {
        const name = hmac.toString('hex');
        const ref = there === undefined ? refs[i]! : there.get(name);
        if (ref === undefined) return;
        found.set(name, ref);
        if (ref.equals(refs[i]!)) this.#made.add(ref.toString('hex'));
      });
    }
    for (const [name, hmac] of hmacs) {
      const ref = found.get(hmac.toString('hex'));
      if (ref === undefined) throw new StoreFailure('unavailable', 'a reference went while it was looked up', true);
      this.#references.set(name, { hmac, ref });
      this.#found.references.set(name, { hmac, ref });
    }
    await this.#addTexts(wanted);
  }

  async resolveTies({ ties }: Wants): Promise<void> {
    for (const name of ties.keys()) {
      const cached = this.#known.tie(name);
      if (cached !== undefined) this.#ties.set(name, cached);
    }
    const wanted = [...ties.values()].filter(({ client, contact }) => !this.#ties.has(tieOf(client, contact)));
    if (wanted.length === 0) return;
    await this.#findTies(wanted);
    const missing = wanted.filter(({ client, contact }) => !this.#ties.has(tieOf(client, contact)));
    if (missing.length === 0) return;
    missing.sort((a, b) => (tieOf(a.client, a.contact) < tieOf(b.client, b.contact) ? -1 : 1));
    await this.#queries.run(SQL.addTies, [
      this.#controller.no,
      missing.map(({ client }) => bytesOf(client)),
      missing.map(({ contact }) => bytesOf(contact)),
      missing.map(() => mintReference().bytes),
    ]);
    await this.#findTies(missing);
  }

  dossierOf(_controller: Controller, kind: IdentifierKind, value: string): Dossier {
    return this.#dossier(identityOf(kind, value));
  }

  own(): Dossier {
    return this.#own;
  }

  keyOf(_controller: Controller, { key }: Dossier): WholeKey {
    if (key === undefined) throw new StoreFailure('corrupt', 'a dossier has no key', false);
    return key;
  }

  reference(_controller: Controller, _owner: Dossier, kind: ReferenceKind, text: string): KnownName<Reference, Made> {
    const known = this.#references.get(textOf(kind, text));
    if (known === undefined) throw new RangeError('a reference that was not asked for before');
    return { name: idText(known.ref) as Reference, made: undefined };
  }

  tie(_controller: Controller, client: SubjectRef, contact: SubjectRef): KnownName<Reference, Made> {
    const name = this.#ties.get(tieOf(client, contact));
    if (name === undefined) throw new RangeError('a tie that was not asked for before');
    return { name, made: undefined };
  }

  link(_controller: Controller, subject: Uint8Array, other: Uint8Array): KnownName<true, Made> {
    this.links.set(`${idText(subject)}${idText(other)}`, { subject, other });
    return { name: true, made: undefined };
  }

  #dossier(identity: string): Dossier {
    const dossier = this.#dossiers.get(identity);
    if (dossier === undefined) throw new RangeError('a dossier that was not asked for before');
    return dossier;
  }

  async #findDossiers(hmacs: readonly Buffer[]): Promise<Map<string, Buffer>> {
    if (hmacs.length === 0) return new Map();
    const rows = await this.#queries.rows(SQL.dossiers, [this.#controller.no, hmacs]);
    return new Map(rows.map((row) => [(row['hmac'] as Buffer).toString('hex'), row['subject'] as Buffer]));
  }

  /** Resolves when the keys of the dossiers that were made are durable. */
  get keysAdded(): Promise<void> {
    return this.#keysAdded;
  }

  /**
   * Inserts dossiers, in the order given, and begins to commit their keys; gives those that nobody else made meanwhile,
   * and adds the others to those found.
   */
  async #makeDossiers(
    missing: readonly { readonly kind: IdentifierKind; readonly value: string; readonly hmac: Buffer }[],
    found: Map<string, Buffer>,
  ): Promise<Map<string, Dossier>> {
    if (missing.length === 0) return new Map();
    const { no, id: controller } = this.#controller;
    const made = missing.map(({ kind, value, hmac }) => {
      const { bytes, text } = mintReference();
      const whole = randomOwn(32);
      const key = new WholeKey(mintKeyId(), whole);
      const bound = boundTo(sealedFor(controller, bytes), identifierPlace, TEXT_LABEL);
      const box = sealBox(key.label(TEXT_LABEL), bound, Buffer.from(value));
      return { kind, hmac, whole, box, dossier: { subject: text as SubjectRef, bytes, made: undefined, key } };
    });
    const added = await this.#queries.run(SQL.addDossiers, [
      no,
      made.map(({ dossier }) => dossier.bytes),
      made.map(({ kind }) => IDENTIFIER_KINDS.indexOf(kind)),
      made.map(({ hmac }) => hmac),
      made.map(({ dossier }) => dossier.key.id),
      made.map(({ box }) => box),
    ]);
    let ours = made;
    if (added !== made.length) {
      const there = await this.#findDossiers(missing.map(({ hmac }) => hmac));
      const isOurs = ({ hmac, dossier }: (typeof made)[number]) =>
        there.get(hmac.toString('hex'))?.equals(dossier.bytes);
      ours = made.filter(isOurs);
      for (const one of ours) there.delete(one.hmac.toString('hex'));
      for (const [hmac, subject] of there) found.set(hmac, subject);
    }
    this.#keysAdded = this.#keys.add(
      controller,
      ours.map(({ dossier, whole }) => ({ dossier: dossier.bytes, id: dossier.key.id, label: '', key: whole })),
    );
    // Met when the batch is about to be committed.
    this.#keysAdded.catch(() => undefined);
    return new Map(ours.map(({ hmac, dossier }) => [hmac.toString('hex'), dossier]));
  }

  async #findReferences(hmacs: readonly Buffer[]): Promise<Map<string, Buffer>> {
    if (hmacs.length === 0) return new Map();
    const rows = await this.#queries.rows(SQL.refs, [this.#controller.no, hmacs]);
    return new Map(rows.map((row) => [(row['hmac'] as Buffer).toString('hex'), row['ref'] as Buffer]));
  }

  /** Seals the texts of references for the owners that do not have them yet. */
  async #addTexts(wanted: readonly WantedReference[]): Promise<void> {
    const { no } = this.#controller;
    const owners = new Map<string, Dossier>([['', this.#own]]);
    for (const dossier of this.#dossiers.values()) owners.set(dossier.subject, dossier);
    const texts = wanted.map(({ owner, kind, text }) => {
      const dossier = owners.get(owner ?? '');
      if (dossier === undefined) throw new RangeError('a text of a dossier that no action names');
      return { dossier, text, ...this.#references.get(textOf(kind, text))! };
    });
    const places = texts
      .map((text) => ({ ...text, place: `${text.dossier.subject} ${text.ref.toString('hex')}` }))
      .filter(({ place }) => !this.#known.hasText(place));
    if (places.length === 0) return;
    for (const { place } of places) this.#found.texts.add(place);
    const [first, others] = [[] as typeof places, [] as typeof places];
    for (const one of places) (this.#made.has(one.ref.toString('hex')) ? first : others).push(one);
    await this.#insertTexts(SQL.addFirstTexts, first);
    if (others.length === 0) return;
    const rows = await this.#queries.rows(SQL.texts, [
      no,
      others.map(({ dossier }) => dossier.bytes),
      others.map(({ ref }) => ref),
    ]);
    const there = new Set(
      rows.map((row) => `${idText(row['owner'] as Buffer)} ${(row['ref'] as Buffer).toString('hex')}`),
    );
    const missing = others.filter(({ place }) => !there.has(place)).sort((a, b) => (a.place < b.place ? -1 : 1));
    await this.#insertTexts(SQL.addTexts, missing);
  }

  async #insertTexts(statement: Statement, texts: readonly OwnedText[]): Promise<void> {
    if (texts.length === 0) return;
    const { no, id: controller } = this.#controller;
    const boxes = texts.map(({ dossier, text, ref }) => {
      const bound = boundTo(sealedFor(controller, dossier.bytes), referencePlace(ref), TEXT_LABEL);
      return sealBox(this.keyOf(this.#controller, dossier).label(TEXT_LABEL), bound, Buffer.from(text));
    });
    await this.#queries.run(statement, [
      no,
      texts.map(({ dossier }) => dossier.bytes),
      texts.map(({ ref }) => ref),
      texts.map(({ hmac }) => hmac),
      texts.map(({ dossier }) => this.keyOf(this.#controller, dossier).id),
      boxes,
    ]);
  }

  async #findTies(wanted: readonly WantedTie[]): Promise<void> {
    const rows = await this.#queries.rows(SQL.ties, [
      this.#controller.no,
      wanted.map(({ client }) => bytesOf(client)),
      wanted.map(({ contact }) => bytesOf(contact)),
    ]);
    for (const row of rows) {
      const [client, contact] = [idText(row['client'] as Buffer), idText(row['contact'] as Buffer)];
      const name = tieOf(client as SubjectRef, contact as SubjectRef);
      const about = idText(row['about'] as Buffer) as Reference;
      this.#ties.set(name, about);
      this.#found.ties.set(name, about);
    }
  }
}

function dossierOf(bytes: Buffer, key: WholeKey | undefined): Dossier {
  return { subject: idText(bytes) as SubjectRef, bytes, made: undefined, key };
}

function bytesOf(subject: SubjectRef): Buffer {
  return Buffer.from(subject, 'base64url');
}
