/** Whether a server that others can reach says that its logs have no name of their own. */
import { afterEach, expect, it } from '@jest/globals';
import { InProcess } from './in-process.js';

let server: InProcess;
afterEach(() => server.dispose());

it.each([
  ['0.0.0.0', 'localhost', true],
  ['0.0.0.0', 'depter.example', false],
  ['127.0.0.1', 'localhost', false],
])('on %s with the origin %s', async (host, origin, warns) => {
  server = await InProcess.start('--host', host, '--origin', origin);
  expect(server.log.includes('the logs are named localhost')).toBe(warns);
});
