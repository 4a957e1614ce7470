/** From a CloudEvent, parsed as JSON, to an action that is understood, or the refusal of it. Pure: the time comes in. */
import { z } from 'zod';
import { isDay } from '#packs';
import { ACTIONS, type Action } from './action.js';
import { contentOf } from './content.js';
import type { Read } from './json.js';
import { type ControllerId, controllerId } from './names.js';
import { ASK, quickYes } from './quick-yes.js';
import { type Fault, type Issue, faults, firstOf, refusal } from './problem.js';
import { ACTION_NAMES } from './stored.js';
import { instant, readInstant, today } from './time.js';
import { isName, name as identifying } from './vocabulary.js';
import { MAX_EVENTS, tooManyParts } from './write.js';

/** What is known about an action besides its body. */
export interface Reading {
  /** The controller that the path or the topic says; absent where the body must say it. */
  readonly controller?: ControllerId;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** IANA zone of the controller, in which `on` is a day. */
  readonly zone: string | ((controller: ControllerId) => string);
  /** Whether a controller that a body names is served; absent, all are. */
  readonly known?: (controller: ControllerId) => boolean;
  /** Whether it is Depter's own command; whatever else comes may not have one of Depter's sources. */
  readonly isCommand?: true;
}

/** Clocks differ: an action may be this far ahead of ours. */
const AHEAD_MS = 5 * 60 * 1000;

/** Sources of Depter itself (`wire.md`, Stored event): with one of them an emitter could take the id of a command to come. */
const OWN_SOURCES = 'urn:depter:';

const envelope = {
  specversion: z.literal('1.0'),
  id: identifying,
  source: identifying,
  type: z.string(),
};
const bare = z.object(envelope);
const EVENTS = new Map(
  ACTION_NAMES.map((name) => [
    `depter.action.${name}.v1`,
    {
      name,
      yes: quickYes(ACTIONS[name]),
      whole: z.object({ ...envelope, data: ACTIONS[name] as z.ZodType<Data> }),
    },
  ]),
);

type Data = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>>;

/**
 * Reads one action. What several faults are found in is refused for the first in the order of the body; nothing of the
 * body is in the refusal.
 */
export function readAction(value: unknown, reading: Reading): Read<Action> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { refusal: refusal('malformed') };
  const body = value as Body;
  const type = body['type'];
  const event = typeof type === 'string' ? EVENTS.get(type) : undefined;
  const controller = controllerOf(body, reading);
  if (event === undefined) return { refusal: untyped(body, controller, reading) };
  if (overlong(body['data'])) return { refusal: refusal('too-many-parts', ['data']) };
  const { id, source } = body;
  // The whole schema is asked only for what is wrong: what stands around the data is judged in a few comparisons.
  const sound = body['specversion'] === '1.0' && isName(id) && isName(source) && !isOthers(source, reading);
  const yes = sound ? event.yes(body['data']) : ASK;
  const asked = yes === ASK ? event.whole.safeParse(body) : undefined;
  const at = atOf(body, controller, reading);
  if (!sound || asked?.success === false || typeof controller === 'object' || typeof at === 'object') {
    const found = faultsIn(asked?.error?.issues ?? [], body);
    if (isOthers(source, reading)) found.push({ code: 'invalid-field', path: ['source'] });
    if (typeof controller === 'object') found.push(controller);
    if (typeof at === 'object') found.push(at);
    if (isFoundAhead(body, controller, reading)) found.push({ code: 'future-time', path: ['data', 'found'] });
    return { refusal: firstOf(found, body) };
  }
  const data = asked === undefined ? (yes as Data) : asked.data.data;
  if (isFoundAhead(body, controller, reading)) return { refusal: refusal('future-time', ['data', 'found']) };
  const by = event.name === 'ordered' ? null : ((data['by'] as string | undefined) ?? null);
  const action = {
    kind: 'action',
    name: event.name,
    source,
    id,
    controller,
    at,
    person: data['person'] ?? null,
    by,
    data,
    content: contentOf(event.name, controller, at, data),
    // The schema of the name was asked for, so name and data belong together; TypeScript cannot follow the map.
  } as Action;
  return tooManyParts(action) ? { refusal: refusal('too-many-parts', ['data']) } : { ok: action };
}

/**
 * Whether a list or an object in the data has more members than the stored form could ever hold. Judged before all else,
 * like the size: looking at each of ten thousand faults would hold up everyone else's actions.
 */
function overlong(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  for (const value of Object.values(data)) {
    if (typeof value !== 'object' || value === null) continue;
    if ((Array.isArray(value) ? value.length : Object.keys(value).length) > MAX_EVENTS) return true;
  }
  return false;
}

/** Of an unknown type only what stands around the data can be judged. */
function untyped(body: Body, controller: ControllerId | Fault, reading: Reading) {
  const parsed = bare.safeParse(body);
  const found = parsed.success ? [] : faultsIn(parsed.error.issues, body);
  if (isOthers(body['source'], reading)) found.push({ code: 'invalid-field', path: ['source'] });
  if (typeof body['type'] === 'string') found.push({ code: 'unknown-type', path: ['type'] });
  if (typeof controller === 'object') found.push(controller);
  const at = atOf(body, controller, reading);
  if (typeof at === 'object') found.push(at);
  return firstOf(found, body);
}

/** Whether a source is claimed by somebody whose it is not. */
function isOthers(source: unknown, { isCommand }: Reading): boolean {
  return isCommand !== true && typeof source === 'string' && source.startsWith(OWN_SOURCES);
}

/** An attribute that is null is an unset one (CloudEvents 1.0, JSON format, 2.2). */
function faultsIn(issues: readonly Issue[], body: Body): Fault[] {
  return faults(issues, body).map((fault) =>
    fault.path.length === 1 && body[fault.path[0] as string] === null ? { ...fault, code: 'missing-field' } : fault,
  );
}

function controllerOf(body: Body, { controller: told, known }: Reading): ControllerId | Fault {
  const path = ['controller'];
  const said = body['controller'] ?? undefined;
  if (said === undefined) return told ?? { code: 'missing-field', path };
  if (typeof said !== 'string') return { code: 'invalid-field', path };
  if (told !== undefined) return said === told ? told : { code: 'controller-mismatch', path };
  const controller = controllerId(said);
  if (controller === undefined) return { code: 'invalid-field', path };
  return known === undefined || known(controller) ? controller : { code: 'not-found', path };
}

/** Whether a breach was found on a day that has not come: what is due then would be due from a day that may never be. */
function isFoundAhead(body: Body, controller: ControllerId | Fault, { now, zone }: Reading): boolean {
  const data = body['data'];
  const found = typeof data === 'object' && data !== null ? (data as Data)['found'] : undefined;
  if (typeof found !== 'string' || !isDay(found) || typeof controller === 'object') return false;
  return found > today(now, typeof zone === 'string' ? zone : zone(controller));
}

/** The effective time: `data.on` if there is one, else `time`; whether `on` is a day, the schema says. */
function atOf(body: Body, controller: ControllerId | Fault, { now, zone }: Reading): string | Fault {
  const data = body['data'];
  const on = typeof data === 'object' && data !== null ? (data as Data)['on'] : undefined;
  if (on !== undefined) {
    if (typeof on !== 'string' || typeof controller === 'object') return '';
    const day = today(now, typeof zone === 'string' ? zone : zone(controller));
    return on > day ? { code: 'future-time', path: ['data', 'on'] } : on;
  }
  const time = body['time'] ?? undefined;
  if (time === undefined) return { code: 'missing-field', path: ['time'] };
  const ms = typeof time === 'string' ? readInstant(time) : undefined;
  if (ms === undefined) return { code: 'invalid-field', path: ['time'] };
  return ms > now + AHEAD_MS ? { code: 'future-time', path: ['time'] } : instant(ms);
}
