/** The thread that writes ends as by a bug, under load: its server ends too, and the next one has all that was acknowledged. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Depter } from '../running/depter.js';

const CONTROLLER = 'kz.autosiyliq';
/** Loaded by the server before itself: at a signal the first thread that it made, the writer, is ended from outside. */
const ENDING_THE_WRITER = `process.once('worker',(one)=>process.on('SIGUSR2',()=>one.terminate()))`;
const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(ENDING_THE_WRITER)}`;
const FAILED = 3;

let depter: Depter;
let key: string;
beforeAll(async () => {
  depter = await Depter.inNewFolder();
  key = await depter.key(CONTROLLER, 'emitter');
});
afterAll(() => depter.dispose());

function action(n: number): string {
  const data = { on: '2026-02-02', person: { client: `W-${n}` }, edition: 'policy-2023', channel: 'office' };
  const head = { specversion: '1.0', id: `lost-writer-${n}`, source: 'urn:example:lost-writer' };
  return JSON.stringify({ ...head, type: 'depter.action.noticed.v1', data });
}

const post = (n: number) =>
  depter.ask('POST', `/v1/${CONTROLLER}/actions`, key, action(n), {
    'content-type': 'application/cloudevents+json',
  });

test('the process ends with 3, says why, and the next server knows what was acknowledged', async () => {
  await depter.serve({ env: { NODE_OPTIONS } });
  expect((await post(0)).status).toBe(201);
  const acknowledged = [0];
  let sent = 1;
  const ended = depter.kill('SIGUSR2');
  for (; sent < 1_000; sent++) {
    const status = await post(sent).then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status !== 201) break;
    acknowledged.push(sent);
  }
  expect(await ended).toBe(FAILED);
  expect(depter.output).toMatch(/"level":"fatal".*"code":"unavailable".*writer-thread/);

  await depter.serve();
  for (const n of acknowledged) expect((await post(n)).status).toBe(200);
  expect([200, 201]).toContain((await post(sent)).status);
});
