/**
 * A Docker engine, where one answers: a server that the environment does not name, and that no command of this machine
 * starts, comes from its official image then. The library that talks to it is loaded by the first who needs it.
 */
import { request } from 'node:http';
import type { StartedTestContainer } from 'testcontainers';
import { freePort } from './postgres.js';
import { imageOf, type Server } from './images.js';

const PING_MS = 3000;
const START_MS = 120_000;

/** Whether the engine that `DOCKER_HOST` names, or that of this machine, answers. */
export function dockerAnswers(): Promise<boolean> {
  const host = new URL(process.env['DOCKER_HOST'] || 'unix:///var/run/docker.sock');
  const where = host.protocol === 'unix:' ? { socketPath: host.pathname } : { host: host.hostname, port: host.port };
  return new Promise((resolve) => {
    const asked = request({ ...where, path: '/_ping', timeout: PING_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', () => resolve(false));
    asked.end();
  });
}

/** A container of a server's image, on a port that stays its own when it is killed and started again. */
export class ServerContainer {
  private constructor(
    private readonly container: StartedTestContainer,
    readonly host: string,
    readonly port: number,
  ) {}

  /** `environment` is given where the server will be found. */
  static async start(
    server: Server,
    inside: number,
    environment: (host: string, port: number) => Record<string, string>,
  ): Promise<ServerContainer> {
    const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
    const { host } = (await getContainerRuntimeClient()).info.containerRuntime;
    const port = await freePort();
    const container = await new GenericContainer(imageOf(server))
      .withExposedPorts({ container: inside, host: port })
      .withEnvironment(environment(host, port))
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(START_MS)
      .start();
    return new ServerContainer(container, host, port);
  }

  /** kill -9 of the server; what it has stored stays. */
  async kill(): Promise<void> {
    await (await this.#handle()).kill({ signal: 'SIGKILL' });
  }

  async startAgain(): Promise<void> {
    await (await this.#handle()).start();
  }

  /** Ends it and takes away all that it stored. */
  async remove(): Promise<void> {
    await this.container.stop({ timeout: 0 });
  }

  async #handle() {
    const { getContainerRuntimeClient } = await import('testcontainers');
    return (await getContainerRuntimeClient()).container.getById(this.container.getId());
  }
}
