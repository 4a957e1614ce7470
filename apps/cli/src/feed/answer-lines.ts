/** Reads a server's answer lines as they come, in parts cut anywhere. */
import type { LineAnswer } from './tally.js';

/** An answer line is a few hundred bytes; a peer that sends more without a newline is no Depter. */
const LONGEST_LINE = 64 * 1024;

export class AnswerLines {
  readonly #each: (answer: LineAnswer) => void;
  #rest = '';

  constructor(each: (answer: LineAnswer) => void) {
    this.#each = each;
  }

  /** Throws where what came is not an answer. */
  add(bytes: Buffer): void {
    // Answers are ASCII: no character can be cut in two.
    const text = this.#rest + bytes.toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (end > start) this.#each(parse(text.slice(start, end)));
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > LONGEST_LINE) throw new Error('an answer line without an end');
  }
}

function parse(text: string): LineAnswer {
  const answer = JSON.parse(text) as Partial<LineAnswer> | null;
  const status = answer?.status;
  if (!Number.isSafeInteger(answer?.line) || (status !== 'recorded' && status !== 'repeated' && status !== 'refused')) {
    throw new Error('not an answer to a line');
  }
  return answer as LineAnswer;
}
