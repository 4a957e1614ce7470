/** Each part of the way of an action over Kafka by itself, in this process. */
import { SystemClock, type Controllers } from '#host';
import { readAction, readJson, type Action, type ControllerId } from '#ledger';
import { EventStoreLog, FileRootKey, openCluster, type ClusterStore, type EventLog } from '#store';
import { peerFailed } from '../../failure.js';
import { CpuMeter } from './cpu.js';
import { Progress } from './progress.js';

/** Actions of one call, and calls at once: those of intake over Kafka. */
const GROUP = 500;
const AT_ONCE = 4;

export interface Place {
  readonly postgres: string;
  readonly rootKeyFolder: string;
  readonly controllers: Controllers;
  readonly controller: ControllerId;
}

export interface Timed {
  readonly seconds: number;
  /** Microseconds of CPU time of this process, and of the servers that were watched. */
  readonly own: number;
  readonly servers: ReadonlyMap<string, number | undefined>;
}

export async function timed(
  pids: ReadonlyMap<string, readonly number[]>,
  work: () => Promise<unknown>,
): Promise<Timed> {
  const meter = new CpuMeter(pids);
  const before = process.cpuUsage();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, own: user + system, servers: meter.microseconds() };
}

/** Reads the texts as intake does. Throws CommandFailure 3 on one that it would refuse. */
export function judge({ controllers, controller }: Place, texts: readonly Uint8Array[]): Action[] {
  const zone = controllers.rulebook(controller)?.zone ?? 'UTC';
  const reading = { controller, now: Date.now(), zone };
  return texts.map((text) => {
    const json = readJson(text);
    const read = json.refusal ? json : readAction(json.ok, reading);
    if (read.ok === undefined) throw peerFailed('A simulated action was refused.');
    return read.ok;
  });
}

function open(place: Place, sequences: boolean, eventstore?: EventLog): Promise<ClusterStore> {
  const { postgres, rootKeyFolder, controllers } = place;
  return openCluster({
    postgres,
    rootKey: FileRootKey.open(rootKeyFolder),
    rulebookFor: (id) => controllers.rulebook(id),
    clock: new SystemClock(),
    sequences,
    limits: { pendingEvents: Number.MAX_SAFE_INTEGER },
    ...(eventstore === undefined ? {} : { eventstore }),
  });
}

/** Accepts the actions where nobody places them. */
export async function accept(
  place: Place,
  actions: readonly Action[],
  measure: (work: () => Promise<unknown>) => Promise<Timed>,
): Promise<Timed> {
  const store = await open(place, false);
  try {
    await store.ledger.record(place.controller, []);
    let next = 0;
    const sender = async (): Promise<void> => {
      while (next < actions.length) {
        const from = next;
        next += GROUP;
        await store.ledger.record(place.controller, actions.slice(from, next), { pending: 'at once', wait: true });
      }
    };
    return await measure(() => Promise.all(Array.from({ length: AT_ONCE }, sender)));
  } finally {
    await store.close();
  }
}

/** Places what was accepted, `events` of them. */
export async function sequence(
  place: Place,
  eventstore: string,
  events: number,
  measure: (work: () => Promise<unknown>) => Promise<Timed>,
): Promise<Timed> {
  const progress = new Progress(place.postgres);
  let store: ClusterStore | undefined;
  try {
    return await measure(async () => {
      store = await open(place, true, new EventStoreLog({ address: eventstore }));
      await progress.watch(async () => (await progress.covered()) === events);
    });
  } finally {
    await store?.close();
    await progress.close();
  }
}
