/** Has one controller's log cosigned as it grows, for as long as the process runs. */
import { Logger } from '@nestjs/common';
import { describeFailure } from '#host';
import type { ControllerId } from '#ledger';
import {
  cosignatureVerifier, formatSignatures, openNote, parseCheckpoint, parseNote, parseVerifierKey, verifyCheckpoint,
  type Note, type ReadCheckpoint,
} from '#proof'; // prettier-ignore
import { consistencyOf, sha256, verifyEd25519, type TransparencyLog } from '#store';
import { BackOff, pause } from '../pause.js';
import type { PartHealth } from '../role-health.js';
import { askWitness } from './ask-witness.js';
import { latestGeneration } from './latest-generation.js';
import type { Witness, WitnessSettings } from './witness-settings.js';

/** How often it is looked whether the log has grown. */
const LOOK_MS = 500;
/** Questions to one witness about one checkpoint: one, and again from where the witness says that it stands. */
const ASKS_MAX = 3;

type State =
  | 'starting'
  | 'cosigned'
  | 'waiting'
  /** Too few cosignatures: witnesses are gone, or refuse. */
  | 'quorum-missing'
  /** A witness has cosigned more than the log has: an older copy of the log was taken up. */
  | 'behind-witness'
  /** A witness holds another tree than this: one of the two logs of this name is false. */
  | 'witness-refuses'
  | 'store-failing'
  | 'stopped';

/** What came of asking one witness about one checkpoint. */
type Asked =
  | { readonly kind: 'cosigned'; readonly lines: string }
  | { readonly kind: 'ahead' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'gone' };

interface Head {
  readonly generation: number;
  readonly text: string;
  readonly note: Note;
  readonly head: ReadCheckpoint;
}

export class LogWitnessing {
  private readonly stopping = new AbortController();
  private readonly log: Logger;
  private running: Promise<void> | undefined;
  private state: State = 'starting';
  /** Where each witness stood when it was last asked. */
  private readonly stands = new Map<Witness, number>();

  constructor(
    private readonly controller: ControllerId,
    private readonly settings: WitnessSettings,
    private readonly tlog: TransparencyLog,
  ) {
    this.log = new Logger(`witness ${controller}`);
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  async health(): Promise<PartHealth> {
    const head = await this.latest().catch(() => undefined);
    const cosigned = head && (await this.tlog.cosigned(this.controller, head.generation).catch(() => undefined));
    return {
      ready: this.state === 'cosigned' || this.state === 'waiting' || this.state === 'starting',
      state: this.state,
      lag: head === undefined ? null : Math.max(0, head.head.size - (cosigned?.size ?? 0)),
      // The log itself goes on: whoever asks for cosignatures sees by its time that it is an old one.
      misconfigured: false,
      cosigned:
        cosigned === undefined ? null : { size: cosigned.size, at: new Date(cosigned.cosignedMs ?? 0).toISOString() },
    };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const backOff = new BackOff();
    while (!signal.aborted) {
      try {
        const head = await this.latest();
        if (head === undefined || !(await this.isNew(head))) {
          if (head !== undefined) this.become('cosigned');
          await pause(LOOK_MS, signal);
          continue;
        }
        const state = await this.haveCosigned(head);
        this.become(state);
        if (state === 'cosigned') {
          backOff.reset();
          await pause(this.settings.intervalMs, signal);
        } else await backOff.wait(signal);
      } catch (error) {
        if (this.state !== 'store-failing') this.log.warn(`failed: ${JSON.stringify(describeFailure(error))}`);
        this.state = 'store-failing';
        await backOff.wait(signal);
      }
    }
  }

  private become(state: State): void {
    if (state !== this.state && state !== 'cosigned') this.log.warn(state);
    this.state = state;
  }

  private async latest(): Promise<Head | undefined> {
    const generation = await latestGeneration(this.tlog, this.controller);
    if (generation === undefined) return undefined;
    const text = await this.tlog.checkpoint(this.controller, generation);
    if (text === undefined) return undefined;
    const note = parseNote(text);
    const head = note.ok ? parseCheckpoint(note.value.text) : note;
    return note.ok && head.ok ? { generation, text, note: note.value, head: head.value } : undefined;
  }

  /** Nothing is cosigned of an empty log: there is nothing in it to hold anyone to. */
  private async isNew({ generation, head }: Head): Promise<boolean> {
    const cosigned = await this.tlog.cosigned(this.controller, generation);
    return head.size > (cosigned?.size ?? 0);
  }

  /** Asks every witness at once, and keeps the checkpoint where enough of them cosigned. */
  private async haveCosigned(head: Head): Promise<State> {
    const { witnesses, policy } = this.settings;
    const asked = await Promise.all(witnesses.map((witness) => this.ask(witness, head)));
    const lines = asked.flatMap((one) => (one.kind === 'cosigned' ? [one.lines] : []));
    const text = head.text + lines.join('');
    const key = parseVerifierKey(sha256, (await this.tlog.verifierKey(this.controller, head.generation)) ?? '');
    if (!key.ok) return 'store-failing';
    const verified = verifyCheckpoint(verifyEd25519, { ...policy, logs: [key.value] }, text);
    if (!verified.ok) {
      if (asked.some(({ kind }) => kind === 'ahead')) return 'behind-witness';
      return asked.some(({ kind }) => kind === 'refused') ? 'witness-refuses' : 'quorum-missing';
    }
    const times = verified.value.cosignatures.map(({ timeSeconds }) => timeSeconds);
    const cosignedMs = Math.max(...times) * 1000;
    await this.tlog.keepCosigned(this.controller, head.generation, { size: head.head.size, note: text, cosignedMs });
    return 'cosigned';
  }

  /** Asks one witness, from where it stands; a wrong guess costs one more question. */
  private async ask(witness: Witness, { generation, text, note, head }: Head): Promise<Asked> {
    let oldSize = this.stands.get(witness) ?? 0;
    for (let asks = 0; asks < ASKS_MAX; asks++) {
      // What another process has had cosigned meanwhile is a larger tree; the next round begins from it.
      if (oldSize > head.size) {
        this.stands.delete(witness);
        return (await this.grewBeyond(oldSize)) ? { kind: 'gone' } : { kind: 'ahead' };
      }
      const proof = await consistencyOf(this.tlog, this.controller, generation, oldSize, head.size);
      const answer = await askWitness(witness.url, { oldSize, proof, checkpoint: text }, this.stopping.signal);
      switch (answer.kind) {
        case 'cosigned': {
          const verifier = cosignatureVerifier(verifyEd25519, witness.key);
          const good = openNote({ text: note.text, signatures: answer.signatures }, [verifier]);
          if (!good.ok) return { kind: 'gone' };
          this.stands.set(witness, head.size);
          return { kind: 'cosigned', lines: formatSignatures(good.value) };
        }
        case 'stands-at':
          oldSize = answer.size;
          this.stands.set(witness, oldSize);
          break;
        case 'refused':
          return { kind: 'refused' };
        case 'gone':
          return { kind: 'gone' };
      }
    }
    return { kind: 'gone' };
  }

  private async grewBeyond(size: number): Promise<boolean> {
    const now = await this.latest();
    return now !== undefined && now.head.size >= size;
  }
}
