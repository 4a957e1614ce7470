/** The vault's reading side on the cluster engine. */
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
import type { Controller } from '../sealing/controller.js';
import { idBytes, idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';
import { sealedReference, textsOf } from '../sealing/sealed-text.js';
import { identifierPlace, TEXT_LABEL } from '../sealing/seal.js';
import type { Opener } from '../sealing/whole-key.js';
import type { ClusterControllers } from './controllers.js';
import type { KeyStore } from './key-store.js';
import type { Postgres, Row, SqlValue } from './postgres.js';

const NO_SUBJECT = new Uint8Array(0);

const SQL = {
  texts: {
    name: 'vault-texts',
    text: `SELECT p.position, e.id, s.label, s.key, s.box FROM depter.events e JOIN depter.sealed s USING (seq)
      JOIN depter.placed p USING (seq) WHERE e.controller = $1 AND e.subject = $2 AND NOT e.accessed
      ORDER BY p.position, s.label COLLATE "C"`,
  },
  references: {
    name: 'vault-references',
    text: 'SELECT ref, key, box FROM depter.ref_texts WHERE controller = $1 AND owner = $2',
  },
  named: {
    name: 'vault-named',
    text: 'SELECT ref, key, box FROM depter.ref_texts WHERE controller = $1 AND owner = $2 AND ref = ANY ($3::bytea[])',
  },
  identifiers: {
    name: 'vault-identifiers',
    text: 'SELECT kind, key, box FROM depter.dossiers WHERE controller = $1 AND subject = $2 AND hmac IS NOT NULL',
  },
  reference: { name: 'vault-reference', text: 'SELECT ref FROM depter.refs WHERE controller = $1 AND hmac = $2' },
};

interface Place {
  readonly controller: Controller;
  /** Null: the controller's own. */
  readonly dossier: Buffer | null;
}

export class ClusterVault extends Vault {
  readonly #postgres: Postgres;
  readonly #controllers: ClusterControllers;
  readonly #keys: KeyStore;

  constructor(postgres: Postgres, controllers: ClusterControllers, keys: KeyStore) {
    super();
    this.#postgres = postgres;
    this.#controllers = controllers;
    this.#keys = keys;
  }

  override async texts(id: ControllerId, subject: SubjectRef | null): Promise<readonly SealedText[]> {
    const place = await this.#placeOf(id, subject);
    if (place === undefined) return [];
    const [rows, opener] = await this.#sealed(SQL.texts, place);
    return textsOf(
      opener,
      rows.map((row) => {
        const box = { event: row['id'] as Uint8Array, key: row['key'] as Uint8Array, box: row['box'] as Uint8Array };
        return { position: row['position'] as Position, label: row['label'] as string, box: () => box };
      }),
    );
  }

  override async references(
    id: ControllerId,
    subject: SubjectRef | null,
    named?: ReadonlySet<Reference>,
  ): Promise<ReadonlyMap<Reference, SealedReference>> {
    const place = await this.#placeOf(id, subject);
    if (place === undefined) return new Map();
    const [rows, opener] = await (named === undefined
      ? this.#sealed(SQL.references, place)
      : this.#sealed(SQL.named, place, [[...named].map((one) => Buffer.from(one, 'base64url'))]));
    return new Map(
      rows.map((row) => {
        const ref = row['ref'] as Uint8Array;
        const box = { key: row['key'] as Uint8Array, box: row['box'] as Uint8Array };
        return [idText(ref) as Reference, sealedReference(opener, ref, () => box)];
      }),
    );
  }

  override async identifiers(id: ControllerId, subject: SubjectRef): Promise<readonly Identifier[]> {
    const place = await this.#placeOf(id, subject);
    if (place === undefined) return [];
    const [rows, opener] = await this.#sealed(SQL.identifiers, place);
    return rows.flatMap((row) => {
      const opened = opener.open(row['key'] as Uint8Array, identifierPlace, TEXT_LABEL, row['box'] as Uint8Array);
      if (opened.kind === 'erased') return [];
      return [{ kind: IDENTIFIER_KINDS[row['kind'] as number]!, value: opened.value.toString('utf8') }];
    });
  }

  override async referenceOf(id: ControllerId, kind: ReferenceKind, text: string): Promise<Reference | undefined> {
    const controller = await this.#controllers.known(id);
    if (controller === undefined) return undefined;
    const [row] = await this.#postgres.rows(SQL.reference, [
      controller.no,
      referenceName(controller.pepper, kind, text),
    ]);
    return row && (idText(row['ref'] as Uint8Array) as Reference);
  }

  /** Sealed rows and what opens them. The keys are read last: what was shredded in between is erased, not in the way. */
  async #sealed(
    statement: (typeof SQL)['texts'],
    { controller, dossier }: Place,
    more: readonly SqlValue[] = [],
  ): Promise<[readonly Row[], Opener]> {
    const rows = await this.#postgres.rows(statement, [controller.no, dossier ?? NO_SUBJECT, ...more]);
    return [rows, (await this.#keys.dossier(controller.id, dossier)).opener];
  }

  async #placeOf(id: ControllerId, subject: SubjectRef | null): Promise<Place | undefined> {
    const controller = await this.#controllers.known(id);
    if (controller === undefined) return undefined;
    if (subject === null) return { controller, dossier: null };
    const dossier = idBytes(subject);
    return dossier && { controller, dossier };
  }
}
