/** Three nodes of EventStoreDB that replicate, one of which leads: the leader can be killed, and comes back as a follower. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreServer, START_MS, type Ports } from './eventstore-server.js';
import { freePort } from './postgres.js';

const NODES = 3;

interface Gossip {
  readonly members: readonly {
    readonly state: string;
    readonly isAlive: boolean;
    readonly httpEndPointPort: number;
  }[];
}

export class EventStoreCluster {
  private constructor(private readonly nodes: ReadonlyMap<number, EventStoreServer>) {}

  static async start(): Promise<EventStoreCluster> {
    const ports: Ports[] = [];
    for (let n = 0; n < NODES; n++) ports.push([await freePort(), await freePort()]);
    const starting = ports.map(async (own) => {
      const seeds = ports.filter((other) => other !== own).map(([port]) => `127.0.0.1:${port}`);
      const flags = ['--cluster-size', String(NODES), '--discover-via-dns', 'false', '--gossip-seed', seeds.join()];
      return [own[0], await EventStoreServer.start(own, flags)] as const;
    });
    const cluster = new EventStoreCluster(new Map(await Promise.all(starting)));
    await cluster.leader();
    return cluster;
  }

  get address(): string {
    return `esdb://${[...this.nodes.keys()].map((port) => `127.0.0.1:${port}`).join()}?tls=false`;
  }

  /** The port of the node that a majority follows, once there is one. */
  async leader(): Promise<number> {
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      const seen = await Promise.all([...this.nodes.keys()].map((port) => leaderSeenBy(port)));
      const most = seen.find((port) => port !== undefined && seen.filter((one) => one === port).length > NODES / 2);
      if (most !== undefined) return most;
      await sleep(200);
    }
    throw new Error('the nodes of EventStoreDB chose no leader');
  }

  /** kill -9; gives the node, to be started again. */
  async killLeader(): Promise<EventStoreServer> {
    const node = this.nodes.get(await this.leader())!;
    await node.kill();
    return node;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.stop()));
  }
}

async function leaderSeenBy(port: number): Promise<number | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/gossip`).catch(() => undefined);
  if (answer?.ok !== true) return undefined;
  const { members } = (await answer.json()) as Gossip;
  return members.find(({ state, isAlive }) => state === 'Leader' && isAlive)?.httpEndPointPort;
}
