/**
 * Keys of dossiers that are still to come, stored before anybody needs them: where there is one, a new person waits for no
 * commit of the keys, which costs as much as that of a whole group. A key that nobody comes to use is harmless.
 */

/** A dossier to be, with the key that is stored for it. */
export interface SuppliedKey {
  readonly subject: Buffer;
  readonly id: Buffer;
  readonly whole: Buffer;
}

const SUBJECT_BYTES = 16;
const ID_BYTES = 16;
const KEY_BYTES = 32;
export const SUPPLIED_BYTES = SUBJECT_BYTES + ID_BYTES + KEY_BYTES;

/** So many are asked for first, and twice as many each time they come to an end: few are made in vain. */
const FIRST = 32;
const MOST = 2048;

/** Makes keys for a controller and resolves when they are on the disk: each subject ‖ id ‖ key. */
export type MakeKeys = (controller: number, count: number) => Promise<Uint8Array>;

interface Stock {
  readonly blocks: Buffer[];
  /** Where the first block goes on. */
  next: number;
  left: number;
  /** How many are asked for next. */
  count: number;
  asked: boolean;
}

export class KeySupply {
  readonly #make: MakeKeys;
  readonly #stocks = new Map<number, Stock>();

  constructor(make: MakeKeys) {
    this.#make = make;
  }

  /** A key that nobody has; undefined where there is none at hand. Memory is shared with others: what is kept must be copied. */
  take(controller: number): SuppliedKey | undefined {
    const stock = this.#stockOf(controller);
    // Half of what came last lasts as long as the next takes to come.
    if (!stock.asked && stock.left <= stock.count / 4) this.#ask(controller, stock);
    const [block] = stock.blocks;
    if (block === undefined) return undefined;
    const from = stock.next;
    stock.next += SUPPLIED_BYTES;
    stock.left--;
    if (stock.next === block.length) {
      stock.blocks.shift();
      stock.next = 0;
    }
    const idAt = from + SUBJECT_BYTES;
    return {
      subject: block.subarray(from, idAt),
      id: block.subarray(idAt, idAt + ID_BYTES),
      whole: block.subarray(idAt + ID_BYTES, from + SUPPLIED_BYTES),
    };
  }

  #stockOf(controller: number): Stock {
    let stock = this.#stocks.get(controller);
    if (stock === undefined) {
      stock = { blocks: [], next: 0, left: 0, count: FIRST, asked: false };
      this.#stocks.set(controller, stock);
    }
    return stock;
  }

  #ask(controller: number, stock: Stock): void {
    stock.asked = true;
    const { count } = stock;
    this.#make(controller, count).then(
      (made) => {
        stock.blocks.push(Buffer.from(made.buffer, made.byteOffset, made.length));
        stock.left += count;
        stock.count = Math.min(MOST, 2 * count);
        stock.asked = false;
      },
      // Whoever is new brings a key along, and meets the same failure if it lasts.
      () => (stock.asked = false),
    );
  }
}
