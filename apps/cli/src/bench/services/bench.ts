/**
 * `npm run bench:services`: the way over Kafka → PostgreSQL → EventStoreDB on one machine, until every action is covered by
 * a signed checkpoint; what it costs each process, each part by itself, and what another worker or controller adds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPacks, loadControllers } from '#host';
import type { ControllerId } from '#ledger';
import { FileRootKey } from '#store';
import { peerFailed } from '../../failure.js';
import { microseconds, perSecond, Table } from '../table.js';
import { CpuMeter } from './cpu.js';
import { accept, judge, sequence, timed, type Place, type Timed } from './parts.js';
import { Progress } from './progress.js';
import { Servers, type Addresses } from './servers.js';
import { actionsOf, Topic } from './topic.js';
import { BenchWorker } from './worker.js';

export interface ServicesBench {
  readonly actions: number;
  readonly persons: number;
  readonly addresses: Addresses;
  /** Flags of the Node of the first worker, for a profile of it. */
  readonly nodeFlags: readonly string[];
  /** `worker`: one worker's run alone; `parts`: each part by itself. */
  readonly only: string | undefined;
  readonly write: (text: string) => unknown;
}

interface Bench extends ServicesBench {
  readonly servers: Servers;
  readonly table: Table;
  readonly keys: string;
}

interface Run {
  /** A second, of actions and of events. */
  readonly actions: number;
  readonly events: number;
  readonly seconds: number;
  /** Microseconds of CPU time an action, by process. */
  readonly cpu: Costs;
  /** What following the reported destructions took an action, in one worker and PostgreSQL, after the last one was covered. */
  readonly following: number | undefined;
}

type Costs = ReadonlyMap<string, number | undefined>;

const GOAL = 5000;
const WARM_ACTIONS = 10_000;
/** Who has a part in following what was destroyed. */
const FOLLOWING = ['worker', 'PostgreSQL'];

export async function benchServices(settings: ServicesBench): Promise<void> {
  const [cpu] = cpus();
  settings.write(
    `${settings.actions} actions of ${settings.persons} people; Node ${process.version}, ${cpus().length} x ${cpu?.model ?? 'unknown processor'}, all servers beside it\n`,
  );
  const keys = await mkdtemp(join(tmpdir(), 'depter-services-keys-'));
  FileRootKey.create(keys);
  const servers = await Servers.start(settings.addresses);
  try {
    const bench = { ...settings, servers, table: new Table(settings.write), keys };
    if (settings.only === 'parts') return await parts(bench);
    await warmUp(bench);
    const one = await workers(bench, 'One worker (intake over Kafka and sequencer)', { workers: 1, controllers: 1 });
    if (settings.only === 'worker') return;
    const two = await workers(bench, 'Two workers', { workers: 2, controllers: 1 });
    const both = await workers(bench, 'One worker for two controllers', { workers: 1, controllers: 2 });
    bench.table.heading('What is added');
    bench.table.row({ name: 'by a second worker', figure: added(one, two) });
    bench.table.row({ name: 'by a second controller', figure: added(one, both) });
    await parts(bench);
  } finally {
    await servers.stop();
    await rm(keys, { recursive: true, force: true });
  }
}

/** The servers' own compilers have their work behind them then. */
async function warmUp(bench: Bench): Promise<void> {
  const unwritten = { ...bench, actions: Math.min(WARM_ACTIONS, bench.actions), table: new Table(() => undefined) };
  await workers({ ...unwritten, nodeFlags: [] }, 'Warming up', { workers: 1, controllers: 1 });
}

const added = (one: Run, other: Run): string => `${(100 * (other.actions / one.actions - 1)).toFixed(0)} %`;

/** Workers on a topic for each controller that is full before they start. */
async function workers(
  bench: Bench,
  heading: string,
  count: { readonly workers: number; readonly controllers: number },
): Promise<Run> {
  const { servers, table } = bench;
  table.heading(heading);
  const made = await Promise.all(Array.from({ length: count.controllers }, () => servers.controller()));
  const share = Math.floor(bench.actions / count.controllers);
  const topics = made.map(({ id }) => new Topic(servers.kafka, id));
  try {
    const begun = performance.now();
    for (const topic of topics) {
      await topic.make();
      await topic.fill(actionsOf(topic.controller, share, bench.persons));
    }
    const rate = (share * count.controllers) / ((performance.now() - begun) / 1000);
    table.row({ name: 'put on the topic', figure: perSecond(rate), beside: 'simulation and producer' });
    const run = await untilCovered(bench, topics, share, count.workers, made[0]!.packs);
    table.row({ name: 'actions', figure: perSecond(run.actions), beside: `goal ${perSecond(GOAL)}` });
    table.row({ name: 'events', figure: perSecond(run.events), beside: `${run.seconds.toFixed(1)} s` });
    costs(table, run.cpu);
    if (run.following !== undefined) {
      table.row({ name: 'CPU time an action: destructions', figure: figureOf(run.following), beside: 'reported ones, followed afterwards' }); // prettier-ignore
    }
    return run;
  } finally {
    await Promise.all(topics.map((topic) => topic.delete()));
  }
}

async function untilCovered(
  bench: Bench,
  topics: readonly Topic[],
  share: number,
  workers: number,
  packs: string,
): Promise<Run> {
  const { servers, keys } = bench;
  const postgres = await servers.database();
  const flags = ['--postgres', postgres, '--eventstore', servers.eventstore, '--data', keys, '--packs', packs, '--kafka', servers.kafka, '--kafka-controllers', topics.map(({ controller }) => controller).join(','), '--roles', 'kafka-intake,sequencer']; // prettier-ignore
  const started: BenchWorker[] = [];
  let progress: Progress | undefined;
  try {
    for (let n = 0; n < workers; n += 1) started.push(await BenchWorker.start(flags, n === 0 ? bench.nodeFlags : []));
    progress = new Progress(postgres);
    const pids = new Map([['worker', started.map(({ pid }) => pid)], ...servers.pids]);
    const meter = new CpuMeter(pids);
    const watched = progress;
    const allCovered = async (): Promise<boolean> =>
      (await Promise.all(topics.map((topic) => topic.isTaken(share)))).every(Boolean) &&
      (await watched.accepted()).events === (await watched.covered());
    const { first, begun, end } = await progress.watch(allCovered);
    const { actions, events } = await progress.accepted();
    const expected = share * topics.length;
    if (actions !== expected || (await progress.covered()) !== events) {
      throw peerFailed(`Of ${expected} actions ${actions} are there; ${events} events, not all of them covered.`);
    }
    const seconds = (end - begun) / 1000;
    const perSecondOfEvents = (events - first) / seconds;
    const cpu = meter.microseconds();
    const afterwards = new CpuMeter(new Map([...pids].filter(([name]) => FOLLOWING.includes(name))));
    // Several who follow the same rest by turns: that takes minutes, and tells nothing new.
    const isMeasured = workers === 1 && topics.length === 1;
    if (isMeasured) await progress.settled();
    return { actions: (perSecondOfEvents * actions) / events, events: perSecondOfEvents, seconds, cpu: each(cpu, actions), following: isMeasured ? total(each(afterwards.microseconds(), actions)) : undefined }; // prettier-ignore
  } finally {
    await progress?.close();
    await Promise.all(started.map((worker) => worker.stop()));
  }
}

function costs(table: Table, cpu: Costs): void {
  for (const [name, one] of cpu) table.row({ name: `CPU time an action: ${name}`, figure: figureOf(one) });
  table.row({
    name: 'CPU time an action: all',
    figure: figureOf(total(cpu)),
    beside: 'from the start of the worker on',
  });
}

function each(cpu: Costs, actions: number): Costs {
  return new Map([...cpu].map(([name, all]) => [name, all && all / actions]));
}

function total(cpu: Costs): number | undefined {
  const all = [...cpu.values()];
  return all.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
}

const figureOf = (us: number | undefined): string => (us === undefined ? 'not told here' : microseconds(us));

async function parts(bench: Bench): Promise<void> {
  const { servers, table, keys } = bench;
  const { id: controller, packs } = await servers.controller();
  const place: Place = {
    postgres: await servers.database(),
    rootKeyFolder: keys,
    controllers: loadControllers([builtInPacks(), packs]),
    controller,
  };
  const texts = actionsOf(controller, bench.actions, bench.persons);
  const measure = (...names: readonly string[]) => {
    const pids = new Map([...servers.pids].filter(([name]) => names.includes(name)));
    return (work: () => Promise<unknown>): Promise<Timed> => timed(pids, work);
  };
  table.heading('Each part by itself (in this process): a second, and CPU time an action');
  const row = (name: string, { seconds, own, servers: others }: Timed): void => {
    const each = [['here', own] as const, ...others].map(
      ([who, all]) => `${who} ${figureOf(all && all / bench.actions)}`,
    );
    table.row({ name, figure: perSecond(bench.actions / seconds), beside: each.join(', ') });
  };
  await consume(bench, controller, texts, (result) => row('consume', result), measure('Kafka'));
  const actions: ReturnType<typeof judge> = [];
  row('judge', await measure()(async () => actions.push(...judge(place, texts))));
  row('accept', await accept(place, actions, measure('PostgreSQL')));
  const progress = new Progress(place.postgres);
  const { events } = await progress.accepted().finally(() => progress.close());
  row('sequence', await sequence(place, servers.eventstore, events, measure('PostgreSQL', 'EventStoreDB')));
}

async function consume(
  { servers }: Bench,
  controller: ControllerId,
  texts: readonly Uint8Array[],
  tell: (result: Timed) => void,
  measure: (work: () => Promise<unknown>) => Promise<Timed>,
): Promise<void> {
  const topic = new Topic(servers.kafka, controller);
  await topic.make();
  try {
    await topic.fill(texts);
    let seconds = 0;
    const all = await measure(async () => (seconds = await topic.readAlone(texts.length)));
    tell({ ...all, seconds });
  } finally {
    await topic.delete();
  }
}
