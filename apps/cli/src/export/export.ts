/** `depter export`: one archive for a regulator, which proves by itself what it holds. */
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { once } from 'node:events';
import type { ControllerId } from '#ledger';
import { addDays, isDay, startOfDay, type Pack, type Rulebook } from '#packs';
import {
  addHead, ArchiveWriter, entryHead, exportLog, formatReceipt, inclusionProof, inclusionTiles, tilePath, type LogExport, type Fault, type Manifest,
} from '#proof'; // prettier-ignore
import { CommandFailure, peerFailed, wrongUse } from '../failure.js';
import { nodePrimitives } from '../verify/primitives.js';
import type { ExportedLog, KeptHead } from './exported-log.js';
import { entriesOf, isWithin, type Bounds } from './period.js';
import { readmes, type Told } from './readme.js';

export interface ExportSettings {
  readonly controller: ControllerId;
  /** Local days of the controller, both included; undefined: from the beginning, to the end. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly subject: string | undefined;
  /** With a subject: the request or dispute on which alone the evidence is, by Depter's reference. */
  readonly request: string | undefined;
  /** The file to write. */
  readonly file: string;
  readonly rulebook: Rulebook;
  /** The packs that the rulebook was made of. */
  readonly packs: readonly Pack[];
  readonly onProgress: (done: number, all: number) => void;
}

export interface Exported {
  readonly entries: number;
  readonly size: number;
  readonly cosigned: boolean;
  /** Entries of the one person that are in other generations of the log, under whose heads they are proved. */
  readonly elsewhere: number;
}

type Keys = Required<Pick<LogExport, 'keys' | 'introductions'>>;
type Described = Omit<Manifest, 'format' | 'members'>;

/** Writes the archive beside its place and moves it there when it is whole. Throws CommandFailure. */
export async function exportTo(log: ExportedLog, settings: ExportSettings): Promise<Exported> {
  const bounds = boundsOf(settings);
  const person = settings.subject === undefined ? undefined : await log.person(settings.subject, settings.request);
  const heads = await log.heads();
  const latest = heads.at(-1);
  if (latest === undefined) throw new CommandFailure(1, 'The log has no checkpoint.');
  const range = await entriesOf(log, latest.size, bounds);
  const head = headFor(heads, latest, range.end, bounds);
  const told = await log.keys();
  const keys = {
    keys: told.map(({ key }) => key),
    introductions: told.flatMap(({ introduction }) => introduction ?? []),
  };
  const origin = /^(.+)\n/.exec(head.note)?.[1] ?? '';
  const { controller, from = null, to = null } = settings;
  const end = Math.min(range.end, head.size);
  const described = {
    controller,
    generation: log.generation,
    origin,
    from,
    to,
    ...bounds,
    size: head.size,
    first: range.first,
    end,
  };
  const partial = `${settings.file}.part`;
  const out = createWriteStream(partial);
  const failed = once(out, 'error').then(([error]: unknown[]) => {
    throw peerFailed('The archive cannot be written. Check the place given to --out, and the room on its disk.', error);
  });
  failed.catch(() => undefined);
  const writer = new ArchiveWriter(nodePrimitives.sha256, (bytes) =>
    Promise.race([failed, new Promise<void>((done) => void out.write(bytes, () => done()))]),
  );
  try {
    for (const [name, text] of readmes({ ...described, about: aboutOf(settings) })) await writer.add(name, text);
    await addPacks(writer, log, settings);
    const found =
      person === undefined
        ? await addEntries(log, writer, described, head, older(heads, head, range), keys, settings)
        : await addPerson(log, writer, described, head, keys, person);
    await Promise.race([failed, new Promise<void>((done) => void out.end(done))]);
    await rename(partial, settings.file);
    const isElsewhere = (position: number) => position < log.base || position >= log.base + latest.size;
    const elsewhere = person?.entries.filter(({ position }) => isElsewhere(position)).length ?? 0;
    return { entries: found, size: head.size, cosigned: head.cosigned, elsewhere };
  } catch (error) {
    out.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

function aboutOf({ subject, request }: ExportSettings): Told['about'] {
  if (subject === undefined) return 'all';
  return request === undefined ? 'person' : 'complaint';
}

function boundsOf({ from, to, rulebook }: ExportSettings): Bounds {
  for (const day of [from, to])
    if (day !== undefined && !isDay(day)) throw wrongUse('--from and --to are days, as 2026-01-31.');
  if (from !== undefined && to !== undefined && from > to) throw wrongUse('--from must not lie after --to.');
  return {
    since: from === undefined ? null : startOfDay(from, rulebook.zone),
    before: to === undefined ? null : startOfDay(addDays(to, 1), rulebook.zone),
  };
}

/** The latest head that witnesses cosigned, where it covers the period and one entry more, which shows its end; else the latest. */
function headFor(heads: readonly KeptHead[], latest: KeptHead, end: number, { before }: Bounds): KeptHead {
  const cosigned = heads.findLast((head) => head.cosigned);
  const needed = before === null ? latest.size : Math.min(latest.size, end + 1);
  return cosigned !== undefined && cosigned.size >= needed ? cosigned : latest;
}

/** The last head of each day of the period, and before each of them the last that witnesses cosigned. */
function older(heads: readonly KeptHead[], head: KeptHead, { first, end }: { first: number; end: number }): KeptHead[] {
  const among = heads.filter((one) => one.size < head.size && one.size >= first && one.size <= end + 1);
  return among.filter((one, i) => !one.cosigned || !(among[i + 1]?.cosigned ?? false));
}

async function addPacks(writer: ArchiveWriter, log: ExportedLog, { packs, controller }: ExportSettings): Promise<void> {
  await writer.add('packs/in-force.json', `${await log.packsInForce()}\n`);
  const policies = packs
    .filter((pack) => pack.kind === 'controller')
    .filter((pack) => pack.controller.id === controller);
  const laws = new Set(policies.flatMap((pack) => pack.controller.laws));
  const calendars = new Set(policies.map((pack) => pack.controller.calendar));
  const rest = packs.filter(
    (pack) =>
      (pack.kind === 'law' && laws.has(pack.meta.id)) || (pack.kind === 'calendar' && calendars.has(pack.meta.id)),
  );
  for (const { source } of [...policies, ...rest])
    await writer.add(`packs/${basename(source)}`, await readFile(source));
}

async function addEntries(
  log: ExportedLog,
  writer: ArchiveWriter,
  described: Omit<Described, 'subjects'>,
  head: KeptHead,
  olderHeads: readonly KeptHead[],
  keys: Keys,
  { onProgress }: ExportSettings,
): Promise<number> {
  const { first, end } = described;
  const judged = await exportLog(nodePrimitives, log, writer, {
    head,
    older: olderHeads,
    ...keys,
    first,
    end,
    onProgress,
  });
  if (!judged.ok) throw damaged(judged.fault);
  await writer.finish({ ...described, subjects: null });
  return end - first;
}

/** That person's entries, each with a receipt under the one head; what is newer than the head is not among them. */
async function addPerson(
  log: ExportedLog,
  writer: ArchiveWriter,
  described: Omit<Described, 'subjects'>,
  head: KeptHead,
  keys: Keys,
  { entries, view }: Awaited<ReturnType<ExportedLog['person']>>,
): Promise<number> {
  const subjects = new Set<string>();
  const tiles = new Map<string, Uint8Array>();
  // Several servers' entries may stand a little out of order, so that a place inside is not yet an instant inside.
  const mine = entries
    .map(({ position, entry }) => ({ leaf: position - log.base, entry }))
    .filter(
      ({ leaf, entry }) =>
        leaf >= described.first && leaf < described.end && isWithin(described, entryHead(entry)?.recorded ?? ''),
    );
  await addHead(writer, head, keys.keys, keys.introductions);
  await writer.add('subject/evidence.json', `${view}\n`);
  for (const { leaf, entry } of mine) {
    for (const { level, index, width } of inclusionTiles(head.size, leaf)) {
      const name = tilePath(level, index, width);
      if (tiles.has(`${level}/${index}`)) continue;
      const bytes = await log.tile(level, index, width);
      if (bytes === undefined) throw damaged({ code: 'missing', place: name });
      tiles.set(`${level}/${index}`, bytes);
    }
    const path = inclusionProof(nodePrimitives.sha256, head.size, leaf, (level, index) =>
      tiles.get(`${level}/${index}`)!,
    );
    await writer.add(`subject/${leaf}.entry`, entry);
    await writer.add(`subject/${leaf}.receipt`, formatReceipt({ index: leaf, path, checkpoint: head.note }));
    const subject = entryHead(entry)?.subject;
    if (subject !== undefined && subject !== null) subjects.add(subject);
  }
  if (mine.length === 0) throw new CommandFailure(1, 'Nothing was recorded of this person in the period.');
  await writer.finish({ ...described, subjects: [...subjects] });
  return mine.length;
}

function damaged({ code, place }: Fault): CommandFailure {
  return peerFailed(`The log does not hold, and nothing was exported: ${code} at ${place}.`);
}
