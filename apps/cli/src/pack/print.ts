/** What `depter pack diff` prints: a table for people, or a line of JSON for each change. */
import type { FeedStreams } from '../feed/feed.js';
import { Steps } from '../steps.js';
import { diffPacks, type ChangedPerson, type DiffSettings } from './diff.js';

export interface PrintSettings {
  readonly json: boolean;
  /** Changes that the table shows at most; all are counted. */
  readonly show: number;
}

const KINDS = ['deadline', 'term', 'finding'] as const;
const NOTHING = '–';

/** Prints each change as it is found, then how many there are. Throws CommandFailure. */
export async function printDiff(settings: DiffSettings, print: PrintSettings, streams: FeedStreams): Promise<void> {
  const write = (line: string): void => void streams.stdout.write(`${line}\n`);
  const counts = new Map<string, number>();
  let [changed, shown] = [0, 0];
  const onChanged = ({ controller, subject, differences }: ChangedPerson): void => {
    changed += 1;
    for (const one of differences) {
      counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
      if (print.json) write(JSON.stringify({ controller, subject, ...one }));
      else if (shown < print.show) {
        if (shown === 0) write(row('whose', 'what', 'of', 'before', 'after'));
        shown += 1;
        write(row(subject, one.kind, one.about, one.before ?? NOTHING, one.after ?? NOTHING));
      }
    }
  };
  const steps = new Map<string, Steps>();
  const people = await diffPacks(settings, onChanged, ({ controller, read, of }) => {
    const known = steps.get(controller) ?? new Steps(streams.stderr, `entries of ${controller}`);
    steps.set(controller, known);
    known.show(read, of);
  }).finally(() => steps.forEach((one) => one.stop()));
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
  if (print.json) return write(JSON.stringify({ people, changed, ...Object.fromEntries(KINDS.map((kind) => [`${kind}s`, counts.get(kind) ?? 0])) })); // prettier-ignore
  if (all > shown) write(`… and ${all - shown} more (--show)`);
  write(`${changed} of ${people} people: ${KINDS.map((kind) => `${counts.get(kind) ?? 0} ${kind}s`).join(', ')}`);
}

/** References are 22 characters; what a change is of may be long, and then the rest moves on. */
function row(subject: string, kind: string, about: string, before: string, after: string): string {
  return `${subject.padEnd(23)}${kind.padEnd(9)}${about.padEnd(40)} ${before.padEnd(40)} ${after}`.trimEnd();
}
