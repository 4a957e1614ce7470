/** `depter pack diff A B --on LOG`: whose deadlines, terms and findings would be others under B than they are under A. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PackFilesError, PackSources, SystemClock } from '#host';
import { controllerId, identityOf, isDay, today, type ControllerId, type SubjectRef } from '#ledger';
import { compile, type Pack, type Rulebook } from '#packs';
import { openEmbedded, StoreFailure, type Ledger, type Rules } from '#store';
import { wrongUse } from '../failure.js';
import { storeFailed } from '../folder.js';
import { differencesOf, type Difference } from './differences.js';
import { withLinesIn, type NameOf } from './lines.js';

export interface DiffSettings {
  /** A file or folder of packs beside the built-in ones, or `built-in`. */
  readonly before: string;
  readonly after: string;
  /** A data folder that no server holds, or a file of actions (NDJSON). */
  readonly log: string;
  /** One controller alone; else all that both have packs of. */
  readonly controller: string | undefined;
  /** Today, unless said. */
  readonly asOf: string | undefined;
}

/** One person whom something changes. */
export interface ChangedPerson {
  readonly controller: ControllerId;
  /** The dossier's reference; of a file of actions, which has none that last, the line that first names the person. */
  readonly subject: string;
  readonly differences: readonly Difference[];
}

export interface DiffProgress {
  readonly controller: ControllerId;
  readonly read: number;
  readonly of: number;
  readonly people: number;
}

/** How many people were looked at. Throws CommandFailure 2 and 3. */
export async function diffPacks(
  settings: DiffSettings,
  onChanged: (one: ChangedPerson) => void,
  onProgress: (progress: DiffProgress) => void,
): Promise<number> {
  if (settings.asOf !== undefined && !isDay(settings.asOf)) throw wrongUse('--as-of must be a day: 2026-03-31.');
  const books = rulebooksOf(settings);
  const clock = new SystemClock();
  const rulebookFor = (controller: ControllerId): Rules | undefined => books.get(controller)?.either;
  const compare = async (dir: string, nameOf: NameOf): Promise<number> => {
    const store = await openEmbedded({ dir, rulebookFor, clock, role: 'pack diff' });
    try {
      let people = 0;
      for (const [controller, pair] of books) {
        const day = settings.asOf ?? today(clock.now(), pair.before.zone);
        people += await compareLog(store.ledger, controller, { ...pair, day, nameOf }, onChanged, onProgress);
      }
      return people;
    } finally {
      await store.close();
    }
  };
  try {
    if (!isFolder(settings.log)) return await withLinesIn(settings.log, { rulebookFor, clock }, compare);
    if (!existsSync(join(settings.log, 'ledger.db'))) throw wrongUse(`${settings.log} is no data folder.`);
    return await compare(settings.log, ([subject = '']) => subject);
  } catch (error) {
    throw error instanceof StoreFailure ? storeFailed(error) : error;
  }
}

interface Pair {
  readonly before: Rulebook;
  readonly after: Rulebook;
  /** An id that either set lists is read as such, whenever it was recorded. */
  readonly either: Rules;
}

const PAGE = 1_000;

async function compareLog(
  ledger: Ledger,
  controller: ControllerId,
  how: Pair & { readonly day: string; readonly nameOf: NameOf },
  onChanged: (one: ChangedPerson) => void,
  onProgress: (progress: DiffProgress) => void,
): Promise<number> {
  const seen = new Set<string>();
  const of = await ledger.size(controller);
  let people = 0;
  for (let read = 0; read < of;) {
    const page = await ledger.entries(controller, read, PAGE);
    if (page.length === 0) break;
    for (const { event } of page) {
      if (event.subject === null || seen.has(event.subject)) continue;
      const record = await ledger.person(controller, event.subject as SubjectRef);
      if (record === undefined) continue;
      people += 1;
      const { subject: named, linked } = identityOf(record, how.before, { asOf: how.day, asKnown: undefined });
      for (const dossier of linked) seen.add(dossier);
      const differences = differencesOf(record, how.before, how.after, how.day);
      const subject = how.nameOf([named, ...linked]);
      if (differences.length > 0) onChanged({ controller, subject, differences });
    }
    read = page.at(-1)!.position + 1;
    onProgress({ controller, read, of, people });
  }
  return people;
}

/** The controllers that both sets of packs name. Throws CommandFailure 2. */
function rulebooksOf(settings: DiffSettings): ReadonlyMap<ControllerId, Pair> {
  const builtIn = PackSources.builtIn();
  const [before, after] = [packsOf(settings.before, builtIn), packsOf(settings.after, builtIn)];
  const found = new Map<ControllerId, Pair>();
  for (const pack of before) {
    const id = pack.kind === 'controller' ? controllerId(pack.controller.id) : undefined;
    if (id === undefined || found.has(id) || (settings.controller ?? id) !== id) continue;
    if (!after.some((one) => one.kind === 'controller' && one.controller.id === id)) continue;
    const [a, b] = [compile(before, id), compile(after, id)];
    found.set(id, { before: a, after: b, either: eitherOf(a, b) });
  }
  if (found.size === 0) throw wrongUse('No organisation has packs in both. Give the folders of its packs.');
  return found;
}

function eitherOf(a: Rulebook, b: Rulebook): Rules {
  return {
    has: (kind, id) => a.has(kind, id) || b.has(kind, id),
    all: (kind) => [...new Set([...a.all(kind), ...b.all(kind)])],
    zone: a.zone,
  };
}

function packsOf(place: string, builtIn: PackSources): readonly Pack[] {
  if (place !== 'built-in' && !existsSync(place)) throw wrongUse(`There is no ${place}.`);
  try {
    return (place === 'built-in' ? builtIn : PackSources.of([place]).beside(builtIn)).packs();
  } catch (error) {
    if (error instanceof PackFilesError)
      throw wrongUse(`The packs cannot be used. Mend these places:\n${error.message}`);
    throw error;
  }
}

function isFolder(path: string): boolean {
  if (!existsSync(path)) throw wrongUse(`There is no ${path}.`);
  return statSync(path).isDirectory();
}
