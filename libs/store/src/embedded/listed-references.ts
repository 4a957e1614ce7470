/** References whose text a loaded pack lists by now: made before it did, they are read as that id. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Controller, Rules } from '../sealing/controller.js';
import { idText } from '../sealing/mint.js';
import { listedNames } from '../sealing/listed-names.js';

export class ListedReferences {
  readonly #reference: StatementSync;
  readonly #known = new WeakMap<Rules, Map<number, ReadonlyMap<string, string>>>();

  constructor(ledger: DatabaseSync) {
    this.#reference = ledger.prepare('SELECT ref FROM refs WHERE controller = ? AND hmac = ?');
  }

  /** Looked up once for each controller and set of packs, which others may have too: what they list is never made a reference any more. */
  of(controller: Controller, rules: Rules): ReadonlyMap<string, string> {
    const ofAll = this.#known.get(rules) ?? new Map<number, ReadonlyMap<string, string>>();
    this.#known.set(rules, ofAll);
    const listed = ofAll.get(controller.no) ?? this.#lookUp(controller, rules);
    ofAll.set(controller.no, listed);
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
