/**
 * The text of a policy's edition, brought into one form before it is hashed: the same text copied from a page, a PDF
 * or a mail must give the same hash.
 */

/**
 * Normalises a policy's text: Unicode NFC; Latin schwa (U+0259, U+018F) becomes the Cyrillic letter of Kazakh (U+04D9,
 * U+04D8), which published texts confuse (`domain.md` 1.6(2)); every run of white space within a line, no-break spaces
 * too, becomes one space; lines lose the spaces at their ends; empty lines go; each line ends with LF. The hash of an
 * edition is SHA-256 over the UTF-8 of the result.
 */
export function normaliseEditionText(text: string): string {
  const lines = text
    .normalize('NFC')
    .replaceAll('\u0259', '\u04d9')
    .replaceAll('\u018f', '\u04d8')
    .replaceAll('\ufeff', '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .filter((line) => line !== '');
  return lines.map((line) => `${line}\n`).join('');
}
