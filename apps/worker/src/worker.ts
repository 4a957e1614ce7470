import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController, type FastifyInstance } from 'fastify';
import { listenAt, loggerOptions, NestLog, RouteTable, type LogSink } from '#host';
import type { WorkerParts } from './parts.js';
import { WorkerModule } from './worker-module.js';

/** A worker that works. */
export interface Working {
  readonly app: NestFastifyApplication;
  /** Where its health is asked. */
  readonly url: string;
}

/**
 * Starts the roles over parts that are open already; they work, or wait for their brokers, when the promise resolves. Throws
 * ConfigError.
 */
export async function work(parts: WorkerParts, log: LogSink): Promise<Working> {
  const { config } = parts;
  const adapter = new FastifyAdapter({
    logger: loggerOptions(config['log-level'], log),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  const instance: FastifyInstance = adapter.getInstance();
  const app = await NestFactory.create<NestFastifyApplication>(WorkerModule.of(parts), adapter, {
    bodyParser: false,
    logger: new NestLog(instance.log),
    abortOnError: false,
  });
  app.get(RouteTable).watch(instance);
  return { app, url: await listenAt(app, config) };
}
