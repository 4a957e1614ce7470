/**
 * `npm run demo`: a server of its own over a new folder, the borrower F. of the worked example and some thousands of
 * simulated people, then F.'s report, and the way to look further. Needs no network and no browser.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { feed, type FeedStreams } from '../feed/feed.js';
import { httpSink } from '../feed/http-sink.js';
import { addKeyIn, addKeyOver } from '../key.js';
import { ask, peerOf } from '../peer.js';
import { reportOn } from '../report.js';
import { packaged } from '../root.js';
import { simulate, type SimulationSettings } from '../simulate/simulation.js';
import { simulationChunks } from '../simulate/write.js';
import { RunningServer } from './running-server.js';

export const CONTROLLER = 'kz.autosiyliq';
export const BORROWER = { iin: '850505400018', client: 'A-100' };
/** The worked example goes on until 2026-10-16: at this moment all of it is past. */
export const NOW = '2026-10-31T12:00:00+05:00';
export const AS_OF = '2026-07-20';
/** The name of a log, which is none of an address. */
const ORIGIN = 'demo.depter.example';
export const BORROWER_FEED = packaged('apps/cli/demo/borrower-f.ndjson');

export interface DemoSettings {
  readonly persons: number;
  /** Goes on serving until it is told to stop. */
  readonly stay: boolean;
  readonly streams: FeedStreams;
  readonly signal: AbortSignal;
}

/** Runs the demo in a folder that is gone afterwards. Throws CommandFailure. */
export async function demo(settings: DemoSettings): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'depter-demo-'));
  let server: RunningServer | undefined;
  try {
    const data = join(folder, 'data');
    const admin = await addKeyIn(data, { controller: '*', role: 'admin', subject: undefined }, { origin: ORIGIN });
    server = await RunningServer.start(['--data', data, '--port', '0', '--now', NOW, '--origin', ORIGIN]);
    await tour(settings, server, admin);
    if (settings.stay && !settings.signal.aborted) {
      settings.streams.stdout.write('\nThe server goes on until you press Ctrl-C; its data are gone then.\n');
      const stopped = new Promise((resolve) => settings.signal.addEventListener('abort', resolve, { once: true }));
      await Promise.race([stopped, server.ended()]);
    }
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tour({ persons, streams }: DemoSettings, server: RunningServer, admin: string): Promise<void> {
  const { stdout } = streams;
  const key = async (role: string, subject?: string) =>
    addKeyOver(server.url, admin, { controller: CONTROLLER, role, subject });
  const [emitter, officer] = [await key('emitter'), await key('officer')];
  const sink = httpSink(server.url, emitter, CONTROLLER, 30);
  const common = { sink, show: 5, fromStart: true };
  stdout.write(`Depter serves at ${server.url}, its clock at ${NOW}.\n\nBorrower F., the worked example:\n`);
  await feed({ ...common, file: BORROWER_FEED }, streams);
  stdout.write(`\n${persons} simulated people:\n`);
  await feed({ ...common, file: '-', ...simulated(persons) }, { ...streams, stdin: linesOf(persons) });

  const report = await reportOn(BORROWER, {
    url: server.url,
    key: officer,
    controller: CONTROLLER,
    asOf: AS_OF,
    language: 'ru',
    packs: undefined,
    width: streams.stdout.columns,
    colour: streams.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  });
  stdout.write(`\n${report}`);
  const found = JSON.parse(
    await ask(peerOf(server.url, officer), 'POST', `/v1/${CONTROLLER}/subjects/find`, { person: BORROWER }),
  ) as { subject: string };
  stdout.write(`\n${further(server.url, found.subject, officer, await key('subject', found.subject))}`);
}

const settingsOf = (persons: number): SimulationSettings => ({
  persons,
  seed: 'demo',
  controller: CONTROLLER,
  from: '2026-01-05',
  to: '2026-07-31',
});

/** A simulation is quick enough to be made twice: once to know how long it is. */
function simulated(persons: number): { totalBytes: number } {
  let totalBytes = 0;
  for (const line of simulate(settingsOf(persons))) totalBytes += line.length;
  return { totalBytes };
}

function linesOf(persons: number): Readable {
  return Readable.from(simulationChunks(settingsOf(persons)), { objectMode: true }).map((chunk: string) =>
    Buffer.from(chunk),
  );
}

function further(url: string, subject: string, officer: string, own: string): string {
  const person = `${url}/v1/${CONTROLLER}/subjects/${subject}`;
  return `Look further:
  key of an officer        ${officer}
  key of F. (own data)     ${own}
  F.'s report as a page    curl -H 'Authorization: Bearer ${own}' -H 'Accept: text/html' '${person}/lineage?lang=ru&asOf=${AS_OF}' > report.html
  the same as JSON         curl -H 'Authorization: Bearer ${officer}' '${person}/lineage?asOf=${AS_OF}'
  every event, with proof  curl -H 'Authorization: Bearer ${officer}' '${person}/trail'
  who looked               curl -H 'Authorization: Bearer ${officer}' '${person}/access'
  signed checkpoint        ${url}/log/${CONTROLLER}/1/checkpoint
  all routes               ${url}/openapi.json
`;
}
