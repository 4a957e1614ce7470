/** Ids that a free text names as words (`rules.md` 2, Register entry). */

const WORD = /(?<![\p{L}\p{N}._-])[a-z0-9][a-z0-9._-]*(?![\p{L}\p{N}])/gu;

/** Words of a text that could be ids, each once: as written, and without the full stop or dash that may end a sentence. */
export function idWords(text: string): string[] {
  const words = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    if (word.length <= 64) words.add(word);
    const bare = word.replace(/[._-]+$/, '');
    if (bare.length <= 64) words.add(bare);
  }
  return [...words];
}
