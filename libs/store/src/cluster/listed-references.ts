/** References whose text a loaded pack lists by now: made before it did, they are read as that id. */
import type { Controller, Rules } from '../sealing/controller.js';
import { listedNames } from '../sealing/listed-names.js';
import { idText } from '../sealing/mint.js';
import type { Postgres } from './postgres.js';

/** A server with older packs may still make one. */
const KEPT_MS = 30_000;

const REFS = {
  name: 'listed-references',
  text: 'SELECT hmac, ref FROM depter.refs WHERE controller = $1 AND hmac = ANY ($2::bytea[])',
};

interface Kept {
  readonly rules: Rules;
  readonly listed: Promise<ReadonlyMap<string, string>>;
  readonly untilMs: number;
}

export class ListedReferences {
  readonly #postgres: Postgres;
  readonly #known = new Map<number, Kept>();

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  of(controller: Controller, rules: Rules): Promise<ReadonlyMap<string, string>> {
    const known = this.#known.get(controller.no);
    if (known !== undefined && known.rules === rules && performance.now() < known.untilMs) return known.listed;
    const listed = this.#lookUp(controller, rules);
    this.#known.set(controller.no, { rules, listed, untilMs: performance.now() + KEPT_MS });
    listed.catch(() => this.#known.delete(controller.no));
    return listed;
  }

  async #lookUp(controller: Controller, rules: Rules): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>();
    for (const { hmac, id } of listedNames(controller, rules)) ids.set(hmac.toString('hex'), id);
    const hmacs = [...ids.keys()].map((hex) => Buffer.from(hex, 'hex'));
    const listed = new Map<string, string>();
    for (const { hmac, ref } of await this.#postgres.rows(REFS, [controller.no, hmacs])) {
      listed.set(idText(ref as Buffer), ids.get((hmac as Buffer).toString('hex'))!);
    }
    return listed;
  }
}
