import type { FastifyReply } from 'fastify';
import type { Language } from '#ledger';

/** Of a page nothing may be loaded from elsewhere, framed, or run. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'";

export function sendPage(reply: FastifyReply, page: string, language: Language): void {
  void reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-language', language)
    .header('content-security-policy', PAGE_POLICY)
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .send(page);
}
