/** `depter feed`: streams actions from a file or a pipe, shows how it goes, and goes on after a cut. */
import type { Readable } from 'node:stream';
import { type ExitStatus, peerFailed } from '../failure.js';
import { Progress, type Screen, type Shown } from './progress.js';
import { NOWHERE, Resume, type Target } from './resume.js';
import { identityOf, openSource } from './source.js';
import { Tally } from './tally.js';
import { Unanswered } from './unanswered.js';
import type { FeedParts } from './over-http.js';

/** Where the lines go; throws CommandFailure where that fails for good. */
export interface Sink extends Target {
  feed(parts: FeedParts): Promise<void>;
}

export interface FeedSettings {
  /** A path, or `-`. */
  readonly file: string;
  readonly sink: Sink;
  /** How many refused lines are shown. */
  readonly show: number;
  /** Begin at the file's beginning, whatever an earlier run left. */
  readonly fromStart: boolean;
  /** How much a pipe will give, where that is known. */
  readonly totalBytes?: number;
}

export interface FeedStreams {
  readonly stdin: Readable;
  readonly stdout: Screen;
  readonly stderr: Screen;
}

const SAVE_EVERY_MS = 250;

/** Gives 1 where a line was refused; throws CommandFailure. */
export async function feed(settings: FeedSettings, streams: FeedStreams): Promise<ExitStatus> {
  const identity = await identityOf(settings.file);
  const resume = identity === undefined ? undefined : new Resume(settings.file, identity, settings.sink);
  const standing = resume === undefined || settings.fromStart ? NOWHERE : await resume.read();
  const unanswered = new Unanswered(standing.line, standing.offset);
  const begun = { bytes: standing.offset, lines: standing.line, counts: standing.counts };
  const progress = new Progress(streams.stderr, identity?.size ?? settings.totalBytes, begun);
  const tally = new Tally(standing.counts, settings.show, (line) => progress.say(line));
  if (standing.line > 0) progress.say(`going on after line ${standing.line}`);

  const shown = (): Shown => ({ bytes: unanswered.offset, lines: unanswered.answered, counts: { ...tally.counts } });
  // All three as they are at one moment: what is written may wait, and the counts go on meanwhile.
  const save = () =>
    resume?.write({ offset: unanswered.offset, line: unanswered.answered, counts: { ...tally.counts } });
  let saving = Promise.resolve();
  let savedAt = performance.now();
  const onAnswered = () => {
    const now = performance.now();
    if (now - savedAt > SAVE_EVERY_MS) {
      savedAt = now;
      saving = saving.then(save);
    }
    progress.show(shown());
  };

  let failure: unknown;
  try {
    const source = openSource(settings.file, streams.stdin, standing.offset);
    await settings.sink.feed({ source, unanswered, tally, onAnswered, say: (line) => progress.say(line) });
  } catch (error) {
    failure = error;
  }
  await saving;
  progress.stop(shown());
  if (failure !== undefined) {
    await save();
    throw asFailure(failure);
  }
  await resume?.remove();
  const { recorded, repeated, refused } = tally.counts;
  const lines = recorded + repeated + refused;
  streams.stdout.write(
    `${lines} actions, ${progress.rate(shown())}/s: ${recorded} recorded, ${repeated} repeated, ${refused} refused\n`,
  );
  return refused > 0 ? 1 : 0;
}

/** The file itself may fail while it is read; whatever else is a bug and stays one. */
function asFailure(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error) {
    return peerFailed(
      `The file can no longer be read (${String(error.code)}). Repeat the command: it goes on where it stood.`,
      error,
    );
  }
  return error;
}
