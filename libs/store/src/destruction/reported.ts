/** Which events say that somebody else has destroyed: Depter's own copy is owed then. */

/** What every entry begins with, up to the first letter of its type (`wire.md`, Stored event). */
const TYPE_AT = '{"v":1,"type":"'.length;
const LETTER_D = 'd'.charCodeAt(0);
const REPORTED = /^(?:destroyed|depersonalised)"/;
const LONGEST = 'depersonalised"'.length;

/** Told by its bytes, since every event is asked; what Depter carried out itself has evidence. */
export function isReportedDestruction(entry: Uint8Array): boolean {
  if (entry[TYPE_AT] !== LETTER_D) return false;
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.length);
  return REPORTED.test(bytes.toString('latin1', TYPE_AT, TYPE_AT + LONGEST)) && !bytes.includes('"evidence":{');
}
