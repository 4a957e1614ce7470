/** Markup made of texts: whatever is not markup itself is escaped. */

/** Text that is HTML already. Whatever is not of it gets escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Puts text into markup: whatever is not markup itself is escaped, in elements and in quoted attributes alike. */
export function markup(parts: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  return new Markup(
    parts.reduce((all, part, n) => {
      const value = values[n - 1] ?? '';
      return all + (value instanceof Markup ? value.text : escape(value)) + part;
    }),
  );
}

export function join(all: readonly Markup[]): Markup {
  return new Markup(all.map(({ text }) => text).join(''));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters have no place in a page (HTML, 13.2.3.5), and those of direction must not turn what stands beside. */
function escape(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n]|[\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
