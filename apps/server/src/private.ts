import type { FastifyReply } from 'fastify';

/** Sends JSON that no cache may keep. */
export function sendPrivate(reply: FastifyReply, answer: unknown, status = 200): void {
  void reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(answer));
}
