/** The vault's reading side on the embedded engine. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  IDENTIFIER_KINDS,
  type ControllerId,
  type Identifier,
  type Position,
  type Reference,
  type ReferenceKind,
  type SubjectRef,
} from '#ledger';
import { Vault, type SealedReference, type SealedText } from '../ports.js';
import { endOf, placeOf, positionOf, type Controllers } from './controllers.js';
import type { Controller } from '../sealing/controller.js';
import { asking } from './failure.js';
import type { KeyRing } from './key-ring.js';
import { OF_DOSSIER } from './schema.js';
import { idBytes, idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';
import { sealedReference, textsOf, type Box, type BoxPlace, type EventBox } from '../sealing/sealed-text.js';
import { identifierPlace, TEXT_LABEL } from '../sealing/seal.js';

const NO_SUBJECT = new Uint8Array(0);

interface Place {
  readonly controller: Controller;
  /** Null: the controller's own. */
  readonly dossier: Buffer | null;
}

/** The event's id, the id of the key, and the box. */
type BoxRow = [Uint8Array, Uint8Array, Uint8Array];
/** A box by its event's place and its label; what follows is null where it is not read yet. */
type SealedRow = [number, string, ...BoxRow] | [number, string, null, null, null];

/** A column of boxes of texts alone, which are opened at once. */
const ofTexts = (column: string): string => `IIF(s.label = '${TEXT_LABEL}', ${column}, NULL)`;

class StoredBox implements BoxPlace {
  readonly label: string;
  readonly #at: number;
  readonly #statement: StatementSync;
  #box: EventBox | undefined;

  constructor([at, label, event, key, box]: SealedRow, statement: StatementSync) {
    this.label = label;
    this.#at = at;
    this.#statement = statement;
    if (event !== null) this.#box = { event, key, box };
  }

  get position(): Position {
    return positionOf(this.#at);
  }

  /** Now, for whoever asks later. */
  read(): void {
    this.#box ??= this.box();
  }

  box(): EventBox | undefined {
    if (this.#box !== undefined) return this.#box;
    const row = asking(() => this.#statement.get(this.#at, this.label)) as unknown as BoxRow | undefined;
    return row && { event: row[0], key: row[1], box: row[2] };
  }
}

export class EmbeddedVault extends Vault {
  readonly #controllers: Controllers;
  readonly #ring: KeyRing;
  readonly #ledger: DatabaseSync;
  readonly #sql: Readonly<
    Record<'texts' | 'box' | 'references' | 'reference' | 'identifiers' | 'byName', StatementSync>
  >;

  constructor(controllers: Controllers, ledger: DatabaseSync, ring: KeyRing) {
    super();
    this.#controllers = controllers;
    this.#ring = ring;
    this.#ledger = ledger;
    this.#sql = {
      texts: ledger.prepare(
        `SELECT s.at, s.label, ${['e.id', 's.key', 's.box'].map(ofTexts).join(', ')} FROM events e JOIN sealed s ON s.at = e.at
           WHERE e.at ${OF_DOSSIER} ORDER BY e.at, s.label`,
      ),
      box: ledger.prepare(
        'SELECT e.id, s.key, s.box FROM sealed s JOIN events e USING (at) WHERE s.at = ? AND s.label = ?',
      ),
      references: ledger.prepare('SELECT ref FROM ref_texts WHERE controller = ? AND owner = ?'),
      reference: ledger.prepare('SELECT key, box FROM ref_texts WHERE controller = ? AND owner = ? AND ref = ?'),
      identifiers: ledger.prepare(
        'SELECT kind, key, box FROM dossiers WHERE subject = ? AND controller = ? AND hmac IS NOT NULL',
      ),
      byName: ledger.prepare('SELECT ref FROM refs WHERE controller = ? AND hmac = ?'),
    };
    for (const statement of Object.values(this.#sql)) statement.setReturnArrays(true);
  }

  override async texts(controllerId: ControllerId, subject: SubjectRef | null): Promise<readonly SealedText[]> {
    const place = this.#placeOf(controllerId, subject);
    if (place === undefined) return [];
    // The keys first: a box that is sealed anew meanwhile names one that they are read once more for.
    const opener = this.#ring.opener(place.controller.id, place.dossier);
    return textsOf(opener, this.#sealed(place));
  }

  override async references(
    controllerId: ControllerId,
    subject: SubjectRef | null,
    named?: ReadonlySet<Reference>,
  ): Promise<ReadonlyMap<Reference, SealedReference>> {
    const texts = new Map<Reference, SealedReference>();
    const place = this.#placeOf(controllerId, subject);
    if (place === undefined) return texts;
    const refs = this.#references(place, named);
    if (refs.length === 0) return texts;
    const opener = this.#ring.opener(place.controller.id, place.dossier);
    for (const ref of refs) {
      texts.set(
        idText(ref) as Reference,
        sealedReference(opener, ref, () => this.#reference(place, ref)),
      );
    }
    return texts;
  }

  override async identifiers(controllerId: ControllerId, subject: SubjectRef): Promise<readonly Identifier[]> {
    const place = this.#placeOf(controllerId, subject);
    if (place === undefined) return [];
    const opener = this.#ring.opener(place.controller.id, place.dossier);
    return this.#sql.identifiers.all(place.dossier, place.controller.no).flatMap((row) => {
      const [kind, key, box] = row as unknown as [number, Uint8Array, Uint8Array];
      const opened = opener.open(key, identifierPlace, TEXT_LABEL, box);
      if (opened.kind === 'erased') return [];
      return [{ kind: IDENTIFIER_KINDS[kind]!, value: opened.value.toString('utf8') }];
    });
  }

  override async referenceOf(
    controllerId: ControllerId,
    kind: ReferenceKind,
    text: string,
  ): Promise<Reference | undefined> {
    const controller = this.#controllers.known(controllerId);
    if (controller === undefined) return undefined;
    const row = this.#sql.byName.get(controller.no, referenceName(controller.pepper, kind, text));
    return row === undefined ? undefined : (idText((row as unknown as [Uint8Array])[0]) as Reference);
  }

  /**
   * Where boxes lie, with those of texts and, of each item, the one that came last, which is the one that is shown: they are
   * as they were at this moment. Most of the others are never looked at, so each is read when it is.
   */
  #sealed({ controller, dossier }: Place): readonly BoxPlace[] {
    this.#ledger.exec('BEGIN');
    try {
      const rows = this.#sql.texts.all(dossier ?? NO_SUBJECT, placeOf(controller, 0), endOf(controller));
      const places = (rows as unknown as readonly SealedRow[]).map((row) => new StoredBox(row, this.#sql.box));
      const seen = new Set<string>();
      for (let n = places.length - 1; n >= 0; n -= 1) {
        const place = places[n]!;
        if (!seen.has(place.label)) place.read();
        seen.add(place.label);
      }
      return places;
    } finally {
      this.#ledger.exec('COMMIT');
    }
  }

  /** Nor are most texts behind references. */
  #reference({ controller, dossier }: Place, ref: Uint8Array): Box | undefined {
    const row = asking(() => this.#sql.reference.get(controller.no, dossier ?? NO_SUBJECT, ref));
    if (row === undefined) return undefined;
    const [key, box] = row as unknown as [Uint8Array, Uint8Array];
    return { key, box };
  }

  #references(place: Place, named: ReadonlySet<Reference> | undefined): readonly Uint8Array[] {
    if (named === undefined) {
      const rows = this.#sql.references.all(place.controller.no, place.dossier ?? NO_SUBJECT);
      return rows.map((row) => (row as unknown as [Uint8Array])[0]);
    }
    const refs = Array.from(named, (one) => Buffer.from(one, 'base64url'));
    return refs.filter((ref) => this.#reference(place, ref) !== undefined);
  }

  #placeOf(id: ControllerId, subject: SubjectRef): { controller: Controller; dossier: Buffer } | undefined;
  #placeOf(id: ControllerId, subject: SubjectRef | null): Place | undefined;
  #placeOf(id: ControllerId, subject: SubjectRef | null): Place | undefined {
    const controller = this.#controllers.known(id);
    if (controller === undefined) return undefined;
    if (subject === null) return { controller, dossier: null };
    const dossier = idBytes(subject);
    return dossier === undefined ? undefined : { controller, dossier };
  }
}
