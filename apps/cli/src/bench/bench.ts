/**
 * `npm run bench`: what one machine does, measured on it in one run, each figure beside what it is to be compared with.
 * The feed is that of a lender: 20,000 people drawn by Zipf's law, a tenth of the actions with four sealed values,
 * references on four fifths, two identifiers on a fifth.
 */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { RunningServer } from '../demo/running-server.js';
import { peerFailed } from '../failure.js';
import { addKeyIn } from '../key.js';
import { peerOf } from '../peer.js';
import { simulate, type SimulationSettings } from '../simulate/simulation.js';
import { writeSimulation } from '../simulate/write.js';
import { benchDestruction } from './destruction.js';
import { benchDueBoard } from './due-board.js';
import { benchLineage, writeDossier, writeDossiers } from './lineage.js';
import { eventsIn, peakMegabytes, percentile, watchPeak } from './measure.js';
import { rawInserts } from './raw-sqlite.js';
import { singlePosts } from './single-posts.js';
import { megabytes, microseconds, milliseconds, perSecond, ratio, Table } from './table.js';
import { treeCostMicroseconds } from './tree-cost.js';
import { verificationRate } from './verification.js';

export interface BenchSettings {
  readonly actions: number;
  readonly persons: number;
  /** Requests of single actions for each number of clients. */
  readonly posts: number;
  /** Also a million actions: memory, and lineage in a log of that size. */
  readonly long: boolean;
  readonly write: (text: string) => unknown;
}

const CONTROLLER = 'kz.autosiyliq';
const CLI = fileURLToPath(new URL('../main.js', import.meta.url));
const MILLION = 1_000_000;
const SMALL_LOG = 10_000;
const CLIENTS = [1, 16, 256];
/** Actions that make dossiers of some ten and ten thousand events. */
const DESTROYED = [12, 12_000];
const DESTROYED_OF_EACH = 7;

interface Bench extends BenchSettings {
  readonly folder: string;
  readonly table: Table;
}

export async function bench(settings: BenchSettings): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'depter-bench-'));
  const table = new Table(settings.write);
  const [cpu] = cpus();
  settings.write(
    `${settings.actions} actions of ${settings.persons} people; Node ${process.version}, ${cpus().length} x ${cpu?.model ?? 'unknown processor'}\n`,
  );
  try {
    const one = { ...settings, folder, table };
    const file = await feedFile(one, settings.actions);
    const plain = await feedFolder(one, file, settings.actions, 'Intake');
    await ceiling(one, plain.data, plain.rate);
    await rm(plain.data, { recursive: true });
    await overHttp(one, file, settings.actions);
    await lineageIn(one, SMALL_LOG);
    await destructions(one);
    await benchDueBoard(join(folder, 'boards'), CONTROLLER, settings.long ? MILLION : settings.persons, table);
    if (settings.long) await million(one);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const mix = (actions: number, persons: number, seed = 'bench'): SimulationSettings => ({
  persons,
  seed,
  controller: CONTROLLER,
  from: '2026-01-01',
  to: '2026-06-30',
  actions,
});

async function feedFile({ folder, persons }: Bench, actions: number): Promise<string> {
  const file = join(folder, `feed-${actions}.ndjson`);
  const out = createWriteStream(file);
  await writeSimulation(mix(actions, persons), out);
  out.end();
  await finished(out);
  return file;
}

/**
 * `depter feed --data`, as a user runs it: its own process, the time from its first byte read to its last answer. What was
 * reported as destroyed is followed after that, as a server follows it when a flood is over. `rate`: events a second.
 */
async function feedFolder(
  { table, folder }: Bench,
  file: string,
  actions: number,
  heading: string,
): Promise<{ data: string; rate: number }> {
  const data = join(folder, `data-${actions}`);
  const { rate, peak } = await feedCommand([file, '--data', data, '--controller', CONTROLLER, '--from-start']);
  table.heading(`${heading}, straight into a folder (feed --data)`);
  const events = intakeRows(table, rate, eventsIn(data) / actions, 20_000);
  table.row({ name: 'peak memory', figure: megabytes(peak), beside: 'limit 400 MB' });
  return { data, rate: events };
}

/** Gives the events a second; an action is one or more, and links are events of their own. */
function intakeRows(table: Table, actionsPerSecond: number, eventsPerAction: number, goal: number): number {
  const events = actionsPerSecond * eventsPerAction;
  table.row({ name: 'actions', figure: perSecond(actionsPerSecond) });
  const beside = `goal ${perSecond(goal)}; ${eventsPerAction.toFixed(2)} an action`;
  table.row({ name: 'events', figure: perSecond(events), beside });
  return events;
}

async function ceiling({ table, folder, actions }: Bench, data: string, rate: number): Promise<void> {
  const scratch = join(folder, 'raw');
  await mkdir(scratch);
  const raw = rawInserts(data, scratch, 2 * actions);
  const rawRate = raw.events / raw.seconds;
  table.row({
    name: 'raw SQLite, same bytes, table and groups, plain indexes',
    figure: perSecond(rawRate),
    beside: `events; Depter reaches ${ratio(rate, rawRate)} of it`,
  });
  table.row({
    name: 'disk an event, all of the folder',
    figure: `${Math.round((await folderBytes(data)) / raw.events)} bytes`,
    beside: `${Math.round(raw.entryBytes / raw.events)} of them its entry`,
  });
  table.row({
    name: 'tree, an event',
    figure: microseconds(treeCostMicroseconds(raw.sample)),
    beside: 'goal under 10 µs; leaf hash, tree, tiles, a signed head for each group',
  });
  const { entries, perSecond: checked, perSecondAlone } = await verificationRate(data, CONTROLLER, scratch);
  table.row({
    name: `verify, of an archive of ${entries} entries`,
    figure: perSecond(checked),
    beside: `entries; on one thread ${perSecond(perSecondAlone)}; goal ${perSecond(300_000)} on two cores`,
  });
  await rm(scratch, { recursive: true });
}

async function overHttp(one: Bench, file: string, actions: number): Promise<void> {
  const { table, folder, posts } = one;
  const data = join(folder, 'data-http');
  const key = await addKeyIn(data, { controller: CONTROLLER, role: 'emitter', subject: undefined });
  const server = await RunningServer.start(['--data', data, '--port', '0', '--log-level', 'warn']);
  try {
    const { rate } = await feedCommand([
      file,
      '--url',
      server.url,
      '--key',
      key,
      '--controller',
      CONTROLLER,
      '--from-start',
    ]);
    table.heading('Over HTTP (feed --url, client and server on this machine)');
    intakeRows(table, rate, eventsIn(data) / actions, 12_000);
    table.row({
      name: `peak memory of the server while ${actions} came`,
      figure: megabytes(peakMegabytes(server.pid)),
      beside: 'limit 400 MB',
    });
    if (posts === 0) return;
    const lines = simulate(mix(CLIENTS.length * (posts + 256), one.persons, 'single'));
    table.heading('A single action over HTTP, each with its receipt');
    for (const clients of CLIENTS) {
      const result = await singlePosts(
        { peer: peerOf(server.url, key), controller: CONTROLLER, clients, requests: posts },
        lines,
      );
      const { milliseconds: all } = result;
      table.row({
        name: `${clients} client${clients === 1 ? '' : 's'}: p50, p99`,
        figure: `${milliseconds(percentile(all, 50))}, ${milliseconds(percentile(all, 99))}`,
        beside: perSecond(result.perSecond),
      });
    }
    table.row({ name: 'peak memory of the server', figure: megabytes(peakMegabytes(server.pid)) });
  } finally {
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** In a log of about so many events, or in one that is fed already, with a person of two hundred and one of twenty. */
async function lineageIn(one: Bench, actions: number, fed?: string): Promise<void> {
  const data = fed ?? join(one.folder, 'lineage');
  const into = ['--data', data, '--controller', CONTROLLER, '--from-start'];
  if (fed === undefined) await feedCommand([await feedFile(one, actions), ...into]);
  const dossiers = join(one.folder, 'dossiers.ndjson');
  await writeDossiers(dossiers, CONTROLLER);
  await feedCommand([dossiers, ...into]);
  await benchLineage(data, CONTROLLER, one.table);
}

async function destructions({ folder, table }: Bench): Promise<void> {
  table.heading('Destruction of a dossier');
  for (const actions of DESTROYED) {
    const data = join(folder, `destroyed-${actions}`);
    const seeds = Array.from({ length: DESTROYED_OF_EACH }, (_, i) => `destroyed ${actions} ${i}`);
    for (const [i, seed] of seeds.entries()) {
      const file = `${data}-${i}.ndjson`;
      await writeDossier(file, CONTROLLER, seed, actions);
      await feedCommand([file, '--data', data, '--controller', CONTROLLER, '--from-start']);
    }
    await benchDestruction(data, CONTROLLER, seeds, table);
    await rm(data, { recursive: true });
  }
}

/** What a million actions cost in memory, and whether a person's answer still takes as long. */
async function million(one: Bench): Promise<void> {
  const file = await feedFile(one, MILLION);
  const { data } = await feedFolder(one, file, MILLION, 'A million actions');
  await lineageIn(one, MILLION, data);
  await rm(data, { recursive: true });
  await overHttp({ ...one, posts: 0 }, file, MILLION);
}

async function feedCommand(args: readonly string[]): Promise<{ rate: number; peak: number | undefined }> {
  const options: ExecFileOptions = { maxBuffer: 1024 * 1024 };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(process.execPath, [CLI, 'feed', ...args], options, (error, stdout, stderr) => {
    if (error === null) resolve(String(stdout));
    else reject(peerFailed(`The feed of the benchmark failed:\n${String(stderr).slice(-2000)}`));
  });
  const peak = await watchPeak(child.pid ?? 0, promise);
  const rate = Number(/, (\d+)\/s: /.exec(await promise)?.[1]);
  return { rate, peak };
}

async function folderBytes(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
