/** `depter simulate`: writes a simulation to a stream that may be slow, or go away. */
import { once } from 'node:events';
import { wrongUse } from '../failure.js';
import { controllerOf } from '../controller.js';
import { required, wholeNumber } from '../settings.js';
import { MOST_PERSONS, simulate, type SimulationSettings } from './simulation.js';

/** Settings from the command line; throws CommandFailure 2. */
export function simulation(options: Record<string, unknown>): SimulationSettings {
  const settings = {
    persons: wholeNumber(options, 'persons', 1, MOST_PERSONS),
    seed: required(options, 'seed'),
    controller: controllerOf(required(options, 'controller')),
    from: required(options, 'from'),
    to: required(options, 'to'),
  };
  if (options['actions'] === undefined) return settings;
  return { ...settings, actions: wholeNumber(options, 'actions', 1, 1_000_000_000) };
}

const CHUNK_CHARACTERS = 64 * 1024;

/** Writes no faster than the stream takes it. A reader that closes early (`| head`) ends it, and that is no failure. */
export async function writeSimulation(settings: SimulationSettings, out: NodeJS.WritableStream): Promise<void> {
  const gone = new AbortController();
  let failure: Error | undefined;
  const onError = (error: Error & { code?: string }) => {
    if (error.code !== 'EPIPE') failure = error;
    gone.abort();
  };
  out.once('error', onError);
  try {
    for (const chunk of simulationChunks(settings)) {
      if (gone.signal.aborted) break;
      if (!out.write(chunk)) await once(out, 'drain', { signal: gone.signal });
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
  if (failure !== undefined) throw failure;
}

/** The lines in pieces of a good size to write. Throws CommandFailure 2 where the settings make no sense. */
export function simulationChunks(settings: SimulationSettings): Generator<string> {
  return chunks(linesOf(settings));
}

function linesOf(settings: SimulationSettings): Generator<string, void> {
  try {
    return simulate(settings);
  } catch (error) {
    if (error instanceof RangeError) throw wrongUse(`The simulation cannot be made: ${error.message}.`);
    throw error;
  }
}

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
