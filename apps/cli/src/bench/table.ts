/** What the benchmarks print: rows of a name, a figure, and what it stands beside. */

export interface Row {
  readonly name: string;
  readonly figure: string;
  readonly beside?: string;
}

export class Table {
  readonly #write: (text: string) => unknown;

  constructor(write: (text: string) => unknown) {
    this.#write = write;
  }

  heading(text: string): void {
    this.#write(`\n${text}\n`);
  }

  row({ name, figure, beside = '' }: Row): void {
    this.#write(`  ${name.padEnd(52)}${figure.padStart(16)}   ${beside}`.trimEnd() + '\n');
  }
}

export const perSecond = (rate: number): string => `${Math.round(rate).toLocaleString('en-US')} /s`;
export const milliseconds = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
export const microseconds = (us: number): string => `${us.toFixed(1)} µs`;
export const megabytes = (peak: number | undefined): string => (peak === undefined ? 'not known here' : `${peak} MB`);
export const ratio = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} %`;
