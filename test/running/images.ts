/** The images of the servers, as docker-compose.yml names them, which names each once. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Server = 'kafka' | 'eventstore';

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as { 'x-images': Readonly<Record<Server, string>> };

export const imageOf = (server: Server): string => compose['x-images'][server];
