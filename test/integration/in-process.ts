/**
 * The real server on the real embedded engine, in the process of the test: real sockets, a real folder. The parts are at
 * hand, so that a test can make keys, shred one, or look into the store behind the answers.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#host';
import { KEY_ROLES, type ControllerId, type KeyRole, type SubjectRef } from '#ledger';
import { openParts } from '../../apps/server/src/parts.js';
import { serve, type Serving } from '../../apps/server/src/server.js';
import type { Parts } from '../../apps/server/src/server-module.js';

export const CONTROLLER = 'kz.autosiyliq' as ControllerId;
export const ACTIONS = `/v1/${CONTROLLER}/actions`;
export const SINGLE = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export const NDJSON = 'application/x-ndjson';
/** The clock stands here, in the middle of a working day in Almaty. */
export const NOW = '2026-03-10T12:00:00+05:00';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json<T = Readonly<Record<string, unknown>>>(): T;
}

export class InProcess {
  /** What was logged. */
  log = '';
  readonly keys = {} as Record<Exclude<KeyRole, 'subject'>, string>;
  /** Of an admin of all controllers. */
  operator = '';

  private constructor(
    private readonly dir: string,
    private open: Parts,
    private serving: Serving,
  ) {}

  get parts(): Parts {
    return this.open;
  }

  /** `flags` are the server's own. */
  static start(...flags: string[]): Promise<InProcess> {
    return InProcess.started((parts) => parts, ...flags);
  }

  /** With other parts than the real ones, made of them. */
  static async started(made: (parts: Parts) => Parts, ...flags: string[]): Promise<InProcess> {
    const dir = await mkdtemp(join(tmpdir(), 'depter-integration-'));
    const config = readConfig(['--data', dir, '--port', '0', '--now', NOW, '--origin', 'test.example', ...flags], {});
    const parts = made(await openParts(config));
    const lines: string[] = [];
    const log = { write: (line: string) => void lines.push(line) };
    const server = new InProcess(dir, parts, await serve(parts, log));
    Object.defineProperty(server, 'log', { get: () => lines.join('') });
    for (const role of KEY_ROLES) if (role !== 'subject') server.keys[role] = await server.key(role);
    server.operator = (await parts.accessKeys.add({ controller: '*', role: 'admin' })).secret;
    return server;
  }

  /** Stops, and serves the same folder with other flags. */
  async again(...flags: string[]): Promise<void> {
    await this.close();
    this.open = await openIn(this.dir, flags);
    this.serving = await serve(this.open, { write: () => undefined });
  }

  /** Something of the server's own, by its class. */
  provider<T>(token: new (...args: never[]) => T): T {
    return this.serving.app.get<T>(token);
  }

  get url(): string {
    return this.serving.url;
  }

  async key(role: KeyRole, subject?: SubjectRef): Promise<string> {
    const key = { controller: CONTROLLER, role, ...(subject === undefined ? {} : { subject }) };
    return (await this.parts.accessKeys.add(key)).secret;
  }

  async ask(
    method: string,
    path: string,
    key?: string,
    body?: string | Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: <T>() => JSON.parse(text) as T };
  }

  get(path: string, key?: string, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.ask('GET', path, key, undefined, headers);
  }

  /** Sends actions as an emitter; an object is written as JSON. */
  send(body: unknown, type = SINGLE, query = ''): Promise<Answer> {
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return this.ask('POST', ACTIONS + query, this.keys.emitter, text, { 'content-type': type });
  }

  async find(person: unknown): Promise<SubjectRef> {
    const answer = await this.ask(
      'POST',
      `/v1/${CONTROLLER}/subjects/find`,
      this.keys.officer,
      JSON.stringify({ person }),
      { 'content-type': 'application/json' },
    );
    return answer.json<{ subject: SubjectRef }>().subject;
  }

  /** Stops as a signal would. */
  close(): Promise<void> {
    return this.serving.app.close();
  }

  async dispose(): Promise<void> {
    await this.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

function openIn(dir: string, flags: readonly string[]): Promise<Parts> {
  return openParts(readConfig(['--data', dir, '--port', '0', '--now', NOW, '--origin', 'test.example', ...flags], {}));
}

let number = 0;

/** An IIN that nobody has, with its check digit; each call gives another. */
export function anIin(): string {
  for (;;) {
    number += 1;
    const body = `8505054${String(number).padStart(4, '0')}`;
    const sum = (weights: readonly number[]): number =>
      weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0) % 11;
    const first = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const digit = first === 10 ? sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) : first;
    if (digit < 10) return `${body}${digit}`;
  }
}

/** A collection that is right, with changes to the event and to its data; undefined takes a field away. */
export function collected(
  changes: Readonly<Record<string, unknown>> = {},
  data: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  number += 1;
  return {
    specversion: '1.0',
    id: `it-${number}`,
    source: 'urn:example:los',
    type: 'depter.action.collected.v1',
    time: '2026-03-10T10:00:00+05:00',
    ...changes,
    data: {
      person: { iin: anIin() },
      items: ['name'],
      values: { name: 'Fictitious Person' },
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
      ...data,
    },
  };
}

export function linesOf(text: string): Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
