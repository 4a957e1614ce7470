/**
 * What a command is told (`wire.md`, Commands): the own fields of the action of that name, and the action that it becomes.
 * Person and time are not told: the person is that of the address, and a command is carried out now.
 */
import { z } from 'zod';
import { ACTIONS, type Action, type Person } from './action.js';
import { ACTION_OF, type Command } from './command.js';
import { contentOf } from './content.js';
import type { Read } from './json.js';
import type { ControllerId, Reference } from './names.js';
import { readAction } from './read.js';

export type CommandName = Command['name'];

/** Commands on one request, which the address names. */
export const ON_REQUEST = ['answer', 'refuse', 'extend'] as const satisfies readonly CommandName[];

/** What is said elsewhere, and what an item about someone else would need: that is a fact, which an emitter sends. */
const NOT_TOLD: ReadonlySet<string> = new Set(['person', 'on', 'values', 'describes']);

/** What Depter itself says of what it destroyed: with the person go the texts that somebody would add. */
const TOLD_OF_ENDING: ReadonlySet<string> = new Set(['items', 'method', 'request', 'medium']);

function body(name: CommandName): z.ZodType<Readonly<Record<string, unknown>>> {
  const isOnRequest = ON_REQUEST.some((one) => one === name);
  const isEnding = name === 'destroy' || name === 'depersonalise';
  const told = Object.entries<z.ZodType>(ACTIONS[ACTION_OF[name]].shape).filter(
    ([field]) =>
      !NOT_TOLD.has(field) && !(isOnRequest && field === 'request') && (!isEnding || TOLD_OF_ENDING.has(field)),
  );
  const shape = Object.fromEntries(told);
  // A request without a number gets one from Depter; a refusal without a ground is refused for that, by its clause.
  if (name === 'request') shape['request'] = z.optional(shape['request']!);
  if (name === 'refuse') shape['ground'] = z.nullish(shape['ground']!);
  return z.strictObject(shape);
}

/** The bodies of commands, by name. */
export const COMMANDS = Object.fromEntries(Object.keys(ACTION_OF).map((name) => [name, body(name as CommandName)])) as {
  readonly [N in CommandName]: z.ZodType<Readonly<Record<string, unknown>>>;
};

/** `source` of the actions that commands become: part of what their ids are made of, hence for ever. */
export const COMMAND_SOURCE = 'urn:depter:command';

/** What is known of a command besides its body. */
export interface Commanding {
  readonly controller: ControllerId;
  /** By whom the dossier is known that the act is appended to. */
  readonly person: Person;
  /** The `Idempotency-Key`, or another id that no command had. */
  readonly id: string;
  readonly commander: Reference;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly zone: string;
}

/**
 * The action that a command becomes, judged as every action is; the pointer of a refusal is from the body's own root.
 * When it is carried out does not count of it: the same command under the same key is the same, whenever it comes again.
 */
export function commandAction(
  name: CommandName,
  data: Readonly<Record<string, unknown>>,
  { controller, person, id, commander, now, zone }: Commanding,
): Read<Action> {
  const event = {
    specversion: '1.0',
    id,
    source: COMMAND_SOURCE,
    type: `depter.action.${ACTION_OF[name]}.v1`,
    time: new Date(now).toISOString(),
    data: { ...data, person },
  };
  const read = readAction(event, { controller, now, zone, isCommand: true });
  if (read.refusal !== undefined) {
    const { pointer, ...rest } = read.refusal;
    return { refusal: { ...rest, pointer: pointer.replace(/^\/data/, '') } };
  }
  const action = read.ok;
  return { ok: { ...action, commander, content: contentOf(action.name, controller, '', action.data) } };
}
