/** `depter report`: what is held on a person, from where, shared with whom, until when, in the terminal. */
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Answer, chooseLanguage, LANGUAGES, textReport } from '#report';
import { controllerOf } from './controller.js';
import { peerFailed, wrongUse } from './failure.js';
import { ask, peerOf, type Peer } from './peer.js';
import { readControllers } from './rulebooks.js';

export interface ReportSettings {
  readonly url: string;
  readonly key: string;
  readonly controller: string;
  /** A day or an instant; today where nothing is said. */
  readonly asOf: string | undefined;
  readonly language: string | undefined;
  readonly packs: string | undefined;
  /** Columns of the terminal. */
  readonly width: number | undefined;
  readonly colour: boolean;
}

/** The report on a person (JSON of their identifiers), as text. Throws CommandFailure. */
export async function reportOn(person: unknown, settings: ReportSettings): Promise<string> {
  const peer = peerOf(settings.url, settings.key);
  const controller = controllerOf(settings.controller);
  const rulebook = readControllers(settings.packs).rulebook(controller);
  if (rulebook === undefined) throw wrongUse('No pack names this controller. Give the folder of its packs as --packs.');
  const [first = 'ru'] = rulebook.languages;
  const language = chooseLanguage({ lang: settings.language }, LANGUAGES, first);
  if (language === undefined) throw wrongUse('--lang must be ky, kk, ru or en.');
  const answer = await lineageOf(peer, controller, person, settings.asOf);
  return textReport(answer, rulebook, language, { width: settings.width, colour: settings.colour });
}

async function lineageOf(peer: Peer, controller: string, person: unknown, asOf: string | undefined): Promise<Answer> {
  const found = parse(await ask(peer, 'POST', `/v1/${controller}/subjects/find`, { person })) as { subject?: unknown };
  if (typeof found.subject !== 'string' || !/^[A-Za-z0-9_-]{22}$/.test(found.subject)) throw unknownAnswer();
  const query = asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`;
  const answer = parse(await ask(peer, 'GET', `/v1/${controller}/subjects/${found.subject}/lineage${query}`));
  if (!('items' in answer)) throw unknownAnswer();
  return answer as unknown as Answer;
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below; the text may hold values.
  }
  throw unknownAnswer();
}

const unknownAnswer = () =>
  peerFailed('The server answers in words that this version does not know. Check that --url is the address of Depter.');

const PERSON_BYTES = 16 * 1024;

/** The identifiers of a person from `@FILE` or, for `-`, standard input. Throws CommandFailure 2. */
export async function readPerson(from: string, stdin: Readable): Promise<unknown> {
  let text: string;
  if (from === '-') {
    const parts: Buffer[] = [];
    for await (const part of stdin as AsyncIterable<Buffer>) parts.push(Buffer.from(part));
    text = Buffer.concat(parts).toString('utf8');
  } else if (from.startsWith('@')) {
    try {
      text = await readFile(from.slice(1), 'utf8');
    } catch {
      throw wrongUse('The file given to --person cannot be read.');
    }
  } else {
    // On the command line everybody on the machine could read it.
    throw wrongUse(
      '--person takes @FILE or - (standard input) with JSON such as {"iin": "…"}: identifiers do not belong on the command line.',
    );
  }
  try {
    const person: unknown = text.length > PERSON_BYTES ? undefined : JSON.parse(text);
    if (typeof person === 'object' && person !== null && !Array.isArray(person)) return person;
  } catch {
    // The parser's message would repeat what it read.
  }
  throw wrongUse('The person must be a JSON object of identifiers, such as {"iin": "…"} or {"client": "…"}.');
}
