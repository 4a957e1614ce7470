/** The vault's reading side on the embedded engine. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import {
  IDENTIFIER_KINDS,
  type ControllerId,
  type Identifier,
  type Reference,
  type ReferenceKind,
  type SubjectRef,
} from '#ledger';
import { Vault, type SealedReference, type SealedText } from '../ports.js';
import { endOf, placeOf, positionOf, type Controllers } from './controllers.js';
import type { Controller } from '../sealing/controller.js';
import { asking } from './failure.js';
import type { KeyRing } from './key-ring.js';
import { idBytes, idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';
import { sealedReference, textsOf, type EventBox } from '../sealing/sealed-text.js';
import { identifierPlace, TEXT_LABEL } from '../sealing/seal.js';

const NO_SUBJECT = new Uint8Array(0);

/** A column of boxes of texts alone, which are opened at once. */
const ofTexts = (column: string): string => `IIF(s.label = '${TEXT_LABEL}', ${column}, NULL) ${column.slice(2)}`;

export class EmbeddedVault extends Vault {
  readonly #controllers: Controllers;
  readonly #ring: KeyRing;
  readonly #sql: Readonly<
    Record<'texts' | 'box' | 'references' | 'named' | 'identifiers' | 'reference', StatementSync>
  >;

  constructor(controllers: Controllers, ledger: DatabaseSync, ring: KeyRing) {
    super();
    this.#controllers = controllers;
    this.#ring = ring;
    this.#sql = {
      texts: ledger.prepare(
        `SELECT s.at, s.label, ${['e.id', 's.key', 's.box'].map(ofTexts).join(', ')} FROM events e JOIN sealed s ON s.at = e.at
           WHERE e.subject = ? AND e.accessed = 0 AND e.at >= ? AND e.at < ? ORDER BY e.at, s.label`,
      ),
      box: ledger.prepare(
        'SELECT e.id, s.key, s.box FROM sealed s JOIN events e USING (at) WHERE s.at = ? AND s.label = ?',
      ),
      references: ledger.prepare('SELECT ref, key, box FROM ref_texts WHERE controller = ? AND owner = ?'),
      named: ledger.prepare('SELECT ref, key, box FROM ref_texts WHERE controller = ? AND owner = ? AND ref = ?'),
      identifiers: ledger.prepare(
        'SELECT kind, key, box FROM dossiers WHERE subject = ? AND controller = ? AND hmac IS NOT NULL',
      ),
      reference: ledger.prepare('SELECT ref FROM refs WHERE controller = ? AND hmac = ?'),
    };
  }

  override async texts(controllerId: ControllerId, subject: SubjectRef | null): Promise<readonly SealedText[]> {
    const place = this.#placeOf(controllerId, subject);
    if (place === undefined) return [];
    const { controller, dossier } = place;
    const opener = this.#ring.opener(controller.id, dossier);
    const rows = this.#sql.texts.all(dossier ?? NO_SUBJECT, placeOf(controller, 0), endOf(controller));
    return rows.flatMap((row) => {
      const [at, label] = [row['at'] as number, row['label'] as string];
      const box = row['box'] === null ? () => this.#box(at, label) : () => eventBox(row);
      return textsOf(opener, { position: positionOf(at), label, box });
    });
  }

  override async references(
    controllerId: ControllerId,
    subject: SubjectRef | null,
    named?: ReadonlySet<Reference>,
  ): Promise<ReadonlyMap<Reference, SealedReference>> {
    const texts = new Map<Reference, SealedReference>();
    const place = this.#placeOf(controllerId, subject);
    if (place === undefined) return texts;
    const opener = this.#ring.opener(place.controller.id, place.dossier);
    for (const row of this.#referenceRows(place, named)) {
      const ref = row['ref'] as Uint8Array;
      const sealed = sealedReference(opener, ref, row['key'] as Uint8Array, row['box'] as Uint8Array);
      texts.set(idText(ref) as Reference, sealed);
    }
    return texts;
  }

  override async identifiers(controllerId: ControllerId, subject: SubjectRef): Promise<readonly Identifier[]> {
    const place = this.#placeOf(controllerId, subject);
    if (place === undefined) return [];
    const opener = this.#ring.opener(place.controller.id, place.dossier);
    return this.#sql.identifiers.all(place.dossier, place.controller.no).flatMap((row) => {
      const opened = opener.open(row['key'] as Uint8Array, identifierPlace, TEXT_LABEL, row['box'] as Uint8Array);
      if (opened.kind === 'erased') return [];
      return [{ kind: IDENTIFIER_KINDS[row['kind'] as number]!, value: opened.value.toString('utf8') }];
    });
  }

  override async referenceOf(
    controllerId: ControllerId,
    kind: ReferenceKind,
    text: string,
  ): Promise<Reference | undefined> {
    const controller = this.#controllers.known(controllerId);
    if (controller === undefined) return undefined;
    const row = this.#sql.reference.get(controller.no, referenceName(controller.pepper, kind, text));
    return row === undefined ? undefined : (idText(row['ref'] as Uint8Array) as Reference);
  }

  /** Most boxes are never looked at, so each is read when it is. */
  #box(at: number, label: string): EventBox | undefined {
    const row = asking(() => this.#sql.box.get(at, label));
    return row && eventBox(row);
  }

  #referenceRows(
    { controller, dossier }: { controller: Controller; dossier: Buffer | null },
    named?: ReadonlySet<Reference>,
  ): Record<string, SQLOutputValue>[] {
    const owner = dossier ?? NO_SUBJECT;
    if (named === undefined) return this.#sql.references.all(controller.no, owner);
    return [...named].flatMap((one) => {
      const row = this.#sql.named.get(controller.no, owner, Buffer.from(one, 'base64url'));
      return row === undefined ? [] : [row];
    });
  }

  #placeOf(id: ControllerId, subject: SubjectRef): { controller: Controller; dossier: Buffer } | undefined;
  #placeOf(
    id: ControllerId,
    subject: SubjectRef | null,
  ): { controller: Controller; dossier: Buffer | null } | undefined;
  #placeOf(
    id: ControllerId,
    subject: SubjectRef | null,
  ): { controller: Controller; dossier: Buffer | null } | undefined {
    const controller = this.#controllers.known(id);
    if (controller === undefined) return undefined;
    if (subject === null) return { controller, dossier: null };
    const dossier = idBytes(subject);
    return dossier === undefined ? undefined : { controller, dossier };
  }
}

function eventBox(row: Record<string, SQLOutputValue>): EventBox {
  return { event: row['id'] as Uint8Array, key: row['key'] as Uint8Array, box: row['box'] as Uint8Array };
}
