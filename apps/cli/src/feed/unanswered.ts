/** What was read and not yet answered: kept, so that after a cut it can be sent again, from a pipe as from a file. */
import { type Chunk, lengthOfLines } from './lines.js';

export class Unanswered {
  #chunks: Chunk[] = [];
  /** Lines of the first chunk that are answered. */
  #answeredOfFirst = 0;
  #answered: number;
  #offset: number;
  #bytes = 0;

  /** `line` and `offset`: how many lines of the file, and bytes, were answered in an earlier run. */
  constructor(line: number, offset: number) {
    this.#answered = line;
    this.#offset = offset;
  }

  /** Lines answered, counted from the file's beginning. */
  get answered(): number {
    return this.#answered;
  }

  /** Bytes that wait for an answer: the bound of what a feed holds in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Where in the file the first unanswered line begins. */
  get offset(): number {
    const [first] = this.#chunks;
    if (first === undefined || this.#answeredOfFirst === 0) return this.#offset;
    return first.start + lengthOfLines(first.bytes, this.#answeredOfFirst);
  }

  push(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.bytes.length;
  }

  /** All lines up to this one (counted from the file's beginning) are answered. */
  settle(line: number): void {
    this.#answeredOfFirst += Math.max(0, line - this.#answered);
    this.#answered = Math.max(line, this.#answered);
    let settled = 0;
    for (const chunk of this.#chunks) {
      if (this.#answeredOfFirst < chunk.lines) break;
      this.#answeredOfFirst -= chunk.lines;
      this.#bytes -= chunk.bytes.length;
      this.#offset = chunk.end;
      settled += 1;
    }
    if (settled > 0) this.#chunks.splice(0, settled);
  }

  /** All that was read is answered: blank lines at the end have no answer of their own. */
  settleAll(): void {
    this.settle(this.#answered - this.#answeredOfFirst + this.#chunks.reduce((sum, chunk) => sum + chunk.lines, 0));
  }

  /** The first unanswered line, with its newline. */
  firstLine(): Buffer {
    const bytes = this.#rest(0);
    return bytes.subarray(0, lengthOfLines(bytes, 1));
  }

  /** What to send again after a cut, in order: as it is now, for answers that come while it is sent change the list. */
  rest(): Buffer[] {
    return this.#chunks.map((_, index) => this.#rest(index));
  }

  #rest(index: number): Buffer {
    const chunk = this.#chunks[index];
    if (chunk === undefined) throw new RangeError('nothing waits for an answer');
    return index === 0 ? chunk.bytes.subarray(lengthOfLines(chunk.bytes, this.#answeredOfFirst)) : chunk.bytes;
  }
}
