import type { FastifyRequest } from 'fastify';

/** Whether `Accept` prefers HTML: a browser names it, a program that takes anything gets JSON. */
export function prefersHtml(request: FastifyRequest): boolean {
  const ranges = (request.headers.accept ?? '').split(',', 50).map(parseRange);
  const quality = (...types: string[]): number => {
    for (const type of types) {
      const range = ranges.find((one) => one.type === type);
      if (range) return range.quality;
    }
    return 0;
  };
  const html = quality('text/html', 'text/*');
  return html > 0 && html > quality('application/json', 'application/*', '*/*');
}

function parseRange(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const written = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = written === undefined ? 1 : Number(written);
  return { type, quality: Number.isNaN(quality) ? 0 : Math.min(1, Math.max(0, quality)) };
}
