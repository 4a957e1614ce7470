/** Where an app serves, and what is said where it cannot. */
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError } from './config.js';

/** What a system answers to an address that this process cannot have. */
const REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken',
  EACCES: 'is not for this user to take',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is no name that is known here',
};

/**
 * Serves, and gives the address: `http://127.0.0.1:N`, with the port that was really taken. Where the system refuses it the
 * app is closed, its store last, so that nothing keeps the process; throws ConfigError then.
 */
export async function listenAt(
  app: NestFastifyApplication,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  const named = host.includes(':') ? `[${host}]` : host;
  try {
    await app.listen(port, host);
  } catch (failure) {
    // Why it cannot serve is what is told, whatever closing says.
    await app.close().catch(() => undefined);
    const refusal = REFUSALS[(failure as NodeJS.ErrnoException).code ?? ''];
    if (refusal === undefined) throw failure;
    throw new ConfigError(`${named}:${port} ${refusal}. Give another --port or --host.`);
  }
  const address = app.getHttpServer().address() as AddressInfo;
  return `http://${named}:${address.port}`;
}
