/** References whose text a loaded pack lists by now: made before it did, they are read as that id. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Controller, IdKind, Rules } from '../sealing/controller.js';
import { idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';

/** Every kind of pack id; the type makes the table complete. */
const ID_KINDS: Readonly<Record<IdKind, true>> = {
  item: true, purpose: true, organisation: true, basis: true, ground: true, edition: true, channel: true, method: true,
  act: true, means: true, term: true, undertaking: true, cause: true, language: true, cookies: true, scope: true,
}; // prettier-ignore

export class ListedReferences {
  readonly #reference: StatementSync;
  readonly #known = new WeakMap<Rules, ReadonlyMap<string, string>>();

  constructor(ledger: DatabaseSync) {
    this.#reference = ledger.prepare('SELECT ref FROM refs WHERE controller = ? AND hmac = ?');
  }

  /** Looked up once for each set of packs: what they list is never made a reference any more. */
  of(controller: Controller, rules: Rules): ReadonlyMap<string, string> {
    let listed = this.#known.get(rules);
    if (listed === undefined) {
      listed = this.#lookUp(controller, rules);
      this.#known.set(rules, listed);
    }
    return listed;
  }

  #lookUp(controller: Controller, rules: Rules): ReadonlyMap<string, string> {
    const listed = new Map<string, string>();
    for (const kind of Object.keys(ID_KINDS) as IdKind[]) {
      for (const id of rules.all(kind)) {
        const row = this.#reference.get(controller.no, referenceName(controller.pepper, kind, id));
        if (row !== undefined) listed.set(idText(row['ref'] as Uint8Array), id);
      }
    }
    return listed;
  }
}
