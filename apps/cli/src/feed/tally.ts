/** What came of the lines: counts, and the problems of the first refused ones, as code and place, never more. */

export interface Counts {
  recorded: number;
  repeated: number;
  refused: number;
}

/** A line's answer, as far as a feed looks at it. */
export interface LineAnswer {
  readonly line: number;
  readonly status: 'recorded' | 'repeated' | 'refused';
  readonly problem?: { readonly code?: unknown; readonly pointer?: unknown };
}

export class Tally {
  readonly counts: Counts;
  readonly #show: number;
  readonly #print: (line: string) => void;
  #shown = 0;

  constructor(counts: Counts, show: number, print: (line: string) => void) {
    this.counts = { ...counts };
    this.#show = show;
    this.#print = print;
  }

  /** `line` counts from the file's beginning. */
  add(line: number, answer: Pick<LineAnswer, 'status' | 'problem'>): void {
    this.counts[answer.status] += 1;
    if (answer.status !== 'refused') return;
    this.#shown += 1;
    if (this.#shown <= this.#show) {
      const code = plain(answer.problem?.code) || 'refused';
      const pointer = plain(answer.problem?.pointer);
      this.#print(`line ${line}: ${code}${pointer === '' ? '' : ` at ${pointer}`}`);
    } else if (this.#shown === this.#show + 1) {
      this.#print(`more lines are refused; --show N shows more than ${this.#show}`);
    }
  }
}

/** What a peer sends is cut, and control characters that could move a terminal's cursor are left out. */
export function plain(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200) : '';
}
