/**
 * The elements of a JSON array as they came, each still to be judged by itself: a batch is judged action by action, and a
 * wrong one must not spoil the others (`wire.md`: all judged).
 */

const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [COMMA, QUOTE, BACKSLASH] = [0x2c, 0x22, 0x5c];

export type Batch =
  | { readonly kind: 'elements'; readonly elements: readonly Buffer[] }
  /** No array, an empty place between commas, brackets that do not close, something after the end. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too-many' };

/** Elements share the memory of `text`; what is inside an element is not checked here. */
export function splitBatch(text: Buffer, maxElements: number): Batch {
  const start = skipSpace(text, text.subarray(0, 3).equals(BOM) ? 3 : 0);
  if (text[start] !== OPEN_ARRAY) return { kind: 'malformed' };
  const first = skipSpace(text, start + 1);
  if (text[first] === CLOSE_ARRAY) return closed(text, first, []);
  const elements: Buffer[] = [];
  for (let from = start + 1; ;) {
    const to = endOfElement(text, from);
    if (to === undefined) return { kind: 'malformed' };
    const element = trim(text.subarray(from, to));
    if (element.length === 0) return { kind: 'malformed' };
    if (elements.length === maxElements) return { kind: 'too-many' };
    elements.push(element);
    if (text[to] === CLOSE_ARRAY) return closed(text, to, elements);
    from = to + 1;
  }
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function closed(text: Buffer, at: number, elements: readonly Buffer[]): Batch {
  return skipSpace(text, at + 1) === text.length ? { kind: 'elements', elements } : { kind: 'malformed' };
}

/** The comma or bracket that ends the element which begins at `from`; undefined where none does. */
function endOfElement(text: Buffer, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) {
      at = endOfString(text, at + 1);
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth += 1;
    } else if (depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY)) {
      return at;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      depth -= 1;
      if (depth < 0) return undefined;
    }
  }
  return undefined;
}

/** The closing quote, or the end of the text. */
function endOfString(text: Buffer, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === BACKSLASH) at += 1;
    else if (text[at] === QUOTE) return at;
  }
  return text.length;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function skipSpace(text: Buffer, from: number): number {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at;
}

function trim(part: Buffer): Buffer {
  let end = part.length;
  while (end > 0 && isSpace(part[end - 1])) end -= 1;
  return part.subarray(Math.min(skipSpace(part, 0), end), end);
}
