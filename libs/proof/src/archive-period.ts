import { entryHead } from './entry-head.js';
import { faulty, good, type Judged } from './fault.js';
import { entryPlace, LogVerifier, type TrustedHead } from './log-verifier.js';
import type { Manifest } from './manifest.js';
import { OpenArchive, type SeenMembers } from './open-archive.js';
import type { RandomAccess } from './tar.js';
import { widthAt } from './tile-cache.js';
import { tileWidth } from './tile-nodes.js';
import type { Primitives } from './verifier.js';

/** Some bundles of an archive's period, to be checked under a head that is believed. It may be sent to another thread. */
export interface PeriodPart {
  readonly head: TrustedHead;
  /** Nothing recorded then or later is the signers' to vouch for. */
  readonly until: string | null;
  /** Bundles, the last not included. */
  readonly from: number;
  readonly to: number;
}

/** What was found of a part: the first fault in it, and the members that were read for it. */
export interface PartVerdict {
  readonly judged: Judged<null>;
  readonly seen: SeenMembers;
}

/** Whoever checks the second half of a period, beside the first. */
export interface PartHelper {
  /** A part of fewer bundles is not worth the asking. */
  readonly bundlesMin: number;
  /** `onDone` is called with how many entries of it were checked. */
  check(part: PeriodPart, onDone: (entries: number) => void): Promise<PartVerdict>;
}

/**
 * Opens an archive for parts that somebody else's `verifyArchive` asks for, of the same archive: that nothing else is wrong
 * with it is not said.
 */
export async function openArchiveParts(primitives: Primitives, archive: RandomAccess): Promise<PartHelper['check']> {
  const opened = await OpenArchive.open(primitives, archive);
  return async (part, onDone) => {
    if (!opened.ok) return { judged: opened, seen: { used: [], changed: [] } };
    const files = opened.value;
    const log = new LogVerifier(primitives, files, part.head);
    const edge = await log.verifyEdge();
    const judged = edge.ok ? await verifyBundles(files.manifest, log, part, onDone) : edge;
    return { judged, seen: files.seen };
  };
}

/**
 * Every entry of the period, and the neighbours on both sides, which show that none of it was left out; the second half with
 * whoever helps.
 */
export async function verifyPeriod(
  files: OpenArchive,
  log: LogVerifier,
  { head, until }: Pick<PeriodPart, 'head' | 'until'>,
  helper: PartHelper | undefined,
  onProgress: ((done: number, all: number) => void) | undefined,
): Promise<Judged<number>> {
  const { first, end, size } = files.manifest;
  const all = end - first;
  const from = Math.floor(Math.max(0, first - 1) / tileWidth);
  const to = Math.ceil(Math.min(size, end + 1) / tileWidth);
  const half = Math.floor((to - from) / 2);
  const middle = helper === undefined || half < helper.bundlesMin ? to : to - half;
  const done = { here: 0, there: 0 };
  const tell = (): void => onProgress?.(Math.min(all, done.here + done.there), all);
  const beside =
    helper === undefined || middle === to
      ? undefined
      : helper.check({ head: { size: head.size, root: head.root }, until, from: middle, to }, (entries) => {
          done.there = entries;
        });
  // It is met below, unless something is wrong before.
  beside?.catch(() => undefined);
  const here = await verifyBundles(files.manifest, log, { until, from, to: middle }, (entries) => {
    done.here = entries;
    tell();
  });
  if (!here.ok) return here;
  const there = await beside;
  if (there !== undefined) {
    if (!there.judged.ok) return there.judged;
    files.absorb(there.seen);
  }
  onProgress?.(all, all);
  return good(all);
}

async function verifyBundles(
  manifest: Manifest,
  log: LogVerifier,
  { until, from, to }: Pick<PeriodPart, 'until' | 'from' | 'to'>,
  onDone: (entries: number) => void,
): Promise<Judged<null>> {
  const { first, end, size } = manifest;
  for (let bundle = from; bundle < to; bundle++) {
    const entries = await log.verifyBundle(bundle);
    if (!entries.ok) return entries;
    for (const [i, entry] of entries.value.entries()) {
      const index = bundle * tileWidth + i;
      // Those in between stand between them: the log is in the order in which it was recorded. Of a retired key's all are read.
      const isEdge = index === first - 1 || index === first || index === end - 1 || index === end;
      if (!isEdge && until === null) continue;
      const place = entryPlace(bundle, widthAt(size, 0, bundle), i);
      const head = entryHead(entry);
      if (head === undefined) return faulty('entry-malformed', place);
      if (until !== null && head.recorded >= until) return faulty('key-retired', place);
      if (isEdge && isWithin(manifest, head.recorded) !== (index >= first && index < end))
        return faulty('period-mismatch', place);
    }
    onDone((bundle + 1 - from) * tileWidth);
  }
  return good(null);
}

/** Whether something was recorded in the period that a manifest says. */
export function isWithin({ since, before }: Manifest, recorded: string): boolean {
  return (since === null || recorded >= since) && (before === null || recorded < before);
}
