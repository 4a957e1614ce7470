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

/** So many are asked for when a second newcomer comes, and twice as many each time they come to an end. */
const FIRST = 32;
const MOST = 1024;
/** After a failure they are not asked for again for so long: whoever is new brings a key along, and meets it if it lasts. */
const REST_MS = 10_000;

/** Makes keys for a controller and resolves when they are on the disk: each subject ‖ id ‖ key. */
export type MakeKeys = (controller: number, count: number) => Promise<Uint8Array>;

interface Stock {
  readonly blocks: Buffer[];
  /** Where the first block goes on. */
  next: number;
  left: number;
  /** How many are asked for next. */
  count: number;
  /** When more may be asked for, by the clock of the process; never where they are on their way. */
  askAt: number;
}

export class KeySupply {
  readonly #make: MakeKeys;
  readonly #stocks = new Map<number, Stock>();

  constructor(make: MakeKeys) {
    this.#make = make;
  }

  /**
   * A key that nobody has; undefined where there is none at hand. Memory is shared with others: what is kept must be copied,
   * and the key wiped here, so that it is nowhere once it was shredded.
   */
  take(controller: number): SuppliedKey | undefined {
    const stock = this.#stocks.get(controller);
    if (stock === undefined) {
      this.#stocks.set(controller, { blocks: [], next: 0, left: 0, count: FIRST, askAt: 0 });
      return undefined;
    }
    // While the next come, there should be some left.
    if (stock.left <= stock.count / 4 && performance.now() >= stock.askAt) this.#ask(controller, stock);
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

  #ask(controller: number, stock: Stock): void {
    stock.askAt = Infinity;
    const { count } = stock;
    this.#make(controller, count).then(
      (made) => {
        stock.blocks.push(Buffer.from(made.buffer, made.byteOffset, made.length));
        stock.left += count;
        stock.count = Math.min(MOST, 2 * count);
        stock.askAt = 0;
      },
      () => (stock.askAt = performance.now() + REST_MS),
    );
  }
}
