/**
 * Reads one controller's log from its first entry to its last, again and again and slowly, and holds each entry against the
 * signed head, in the database and where it is kept beside that. The start of a store has checked the last entries; this
 * finds what was changed further back.
 */
import { Logger } from '@nestjs/common';
import { describeFailure } from '#host';
import type { ControllerId } from '#ledger';
import { logPolicy, LogVerifier, parseVerifierKey, verifyCheckpoint, type Fault, type ReadCheckpoint } from '#proof';
import { sha256, verifyEd25519, type FollowerPositions, type TransparencyLog } from '#store';
import { BackOff, pause } from '../pause.js';
import type { PartHealth } from '../role-health.js';
import { latestGeneration } from '../witness/latest-generation.js';

export interface AuditPace {
  readonly entriesPerSecond: number;
  /** From the end of the log to its beginning. */
  readonly restMs: number;
}

/** Name under which its position is kept. */
const FOLLOWER = 'audit';
const BUNDLE = 256;
/** Bundles between two notes of the position: a note is a write to the disk. */
const NOTED_BUNDLES = 64;
/** Another process moved the position: it is left alone for so long. */
const ELSEWHERE_MS = 60_000;

type State = 'starting' | 'checking' | 'resting' | 'elsewhere' | 'damaged' | 'store-failing' | 'stopped';

interface Pass {
  readonly generation: number;
  readonly head: ReadCheckpoint;
  readonly verifier: LogVerifier;
}

export class LogAudit {
  private readonly stopping = new AbortController();
  private readonly log: Logger;
  private running: Promise<void> | undefined;
  private state: State = 'starting';
  private position = 0;
  private size = 0;
  private damage: Fault | undefined;

  constructor(
    private readonly controller: ControllerId,
    private readonly pace: AuditPace,
    private readonly tlog: TransparencyLog,
    private readonly positions: FollowerPositions,
  ) {
    this.log = new Logger(`audit ${controller}`);
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  health(): PartHealth {
    const { damage } = this;
    return {
      ready: damage === undefined && this.state !== 'store-failing',
      state: this.state,
      lag: Math.max(0, this.size - this.position),
      // Nothing of this log can be believed any more until somebody has looked at it.
      misconfigured: damage !== undefined,
      position: this.position,
      ...(damage === undefined ? {} : { damage: `${damage.code} at ${damage.place}` }),
    };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const backOff = new BackOff();
    while (!signal.aborted && this.damage === undefined) {
      try {
        await this.pass();
        backOff.reset();
      } catch (error) {
        if (this.state !== 'store-failing') this.log.warn(`failed: ${JSON.stringify(describeFailure(error))}`);
        this.state = 'store-failing';
        await backOff.wait(signal);
      }
    }
  }

  /** From where it stood to the end of the log as it was when the pass began; then a rest. */
  private async pass(): Promise<void> {
    const { signal } = this.stopping;
    const pass = await this.begin();
    if (pass === undefined || this.damage !== undefined) return pause(this.pace.restMs, signal);
    let noted = await this.positions.position(this.controller, FOLLOWER);
    this.size = pass.head.size;
    // A position behind the end is that of another generation, or of a copy of the log that was longer.
    this.position = noted >= this.size ? 0 : noted;
    const bundleMs = (BUNDLE * 1000) / this.pace.entriesPerSecond;
    for (let bundle = Math.floor(this.position / BUNDLE); bundle * BUNDLE < this.size; bundle++) {
      if (signal.aborted) return;
      this.state = 'checking';
      const begun = performance.now();
      const judged = await pass.verifier.verifyBundle(bundle);
      if (!judged.ok) return this.tell(judged.fault);
      const fault = await this.faultOfEventLog(pass.generation, bundle, judged.value);
      if (fault !== undefined) return this.tell(fault);
      this.position = Math.min(this.size, (bundle + 1) * BUNDLE);
      const isLast = this.position === this.size;
      if (isLast || (bundle + 1) % NOTED_BUNDLES === 0) {
        if (!(await this.positions.advance(this.controller, FOLLOWER, noted, this.position))) return this.leaveIt();
        noted = this.position;
      }
      if (!isLast) await pause(Math.max(0, bundleMs - (performance.now() - begun)), signal);
    }
    this.state = 'resting';
    await pause(this.pace.restMs, signal);
    if (!signal.aborted) await this.positions.advance(this.controller, FOLLOWER, noted, 0);
  }

  /** Where the log lies on another server too, it is held against what has been checked here. */
  private async faultOfEventLog(
    generation: number,
    bundle: number,
    entries: readonly Uint8Array[],
  ): Promise<Fault | undefined> {
    const logged = await this.tlog.logged(this.controller, generation, bundle, entries.length);
    if (logged === undefined) return undefined;
    const at = entries.findIndex((entry, i) => logged[i] === undefined || Buffer.compare(entry, logged[i]) !== 0);
    if (at < 0) return undefined;
    const place = `entry ${bundle * BUNDLE + at} of the event log`;
    return { code: logged[at] === undefined ? 'missing' : 'entry-mismatch', place };
  }

  /** The head, its signature and the edge of the tree; undefined where there is no log, or nothing in it. */
  private async begin(): Promise<Pass | undefined> {
    const generation = await latestGeneration(this.tlog, this.controller);
    if (generation === undefined) return undefined;
    const key = parseVerifierKey(sha256, (await this.tlog.verifierKey(this.controller, generation)) ?? '');
    const note = (await this.tlog.checkpoint(this.controller, generation)) ?? '';
    const checked = key.ok ? verifyCheckpoint(verifyEd25519, logPolicy(key.value), note) : key;
    if (!checked.ok) {
      this.tell({ code: checked.code === 'key-id-mismatch' || checked.code === 'key-unsupported' ? 'key-malformed' : checked.code, place: 'the head' }); // prettier-ignore
      return undefined;
    }
    const { head } = checked.value;
    if (head.size === 0) return undefined;
    const source = {
      tile: (level: number, index: number, width: number) =>
        this.tlog.tile(this.controller, generation, level, index, width),
      bundle: (index: number, width: number) => this.tlog.bundle(this.controller, generation, index, width),
    };
    const verifier = new LogVerifier({ sha256, verify: verifyEd25519 }, source, head);
    const edge = await verifier.verifyEdge();
    if (!edge.ok) this.tell(edge.fault);
    return { generation, head, verifier };
  }

  private tell(fault: Fault): void {
    this.damage = fault;
    this.state = 'damaged';
    this.log.warn(`damaged: ${fault.code} at ${fault.place}`);
  }

  private async leaveIt(): Promise<void> {
    this.state = 'elsewhere';
    await pause(ELSEWHERE_MS, this.stopping.signal);
  }
}
