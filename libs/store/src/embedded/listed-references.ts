/** References whose text a loaded pack lists by now: made before it did, they are read as that id. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Controller, Rules } from '../sealing/controller.js';
import { idText } from '../sealing/mint.js';
import { listedNames } from '../sealing/listed-names.js';

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
    for (const { hmac, id } of listedNames(controller, rules)) {
      const row = this.#reference.get(controller.no, hmac);
      if (row !== undefined) listed.set(idText(row['ref'] as Uint8Array), id);
    }
    return listed;
  }
}
