/**
 * One group, one transaction: events, sealed texts, digests, dossiers, references, links, ties, tiles and signed heads.
 * The keys of new dossiers are committed before it, since a key that nobody uses is harmless and a missing one is not.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { bringsKey, readAttachment, type AttachmentRow } from './attachment.js';
import type { ControllerLog } from './controller-log.js';
import { EventIndex } from './event-index.js';
import { Grown } from './grown.js';
import type { LateValues } from './late-values.js';
import { isReportedDestruction, joining } from '../destruction/reported.js';
import { Joins } from './joins.js';
import { TEXT_LABEL } from '../sealing/seal.js';
import { POSITIONS, WITH_ID, type Databases } from './schema.js';
import { sha256 } from '../sealing/hashing.js';
import type { NewKeys } from './new-keys.js';
import { sealed } from './unsealed.js';
import type { RunMoment } from './writer-port.js';
import type { Answer, FramedAction, FramedEvent, Group, ReadEvent } from './group-frame.js';

/** The parts of an action follow its first event; no action has more. */
const PARTS_MAX = 4096;

const NO_SUBJECT = new Uint8Array(0);

export interface CommitHooks {
  /** Called when the keys are on the disk and the group is not. */
  readonly betweenKeysAndGroup?: () => void;
  /** Called at each moment of a destruction. */
  readonly reached?: (moment: RunMoment) => void;
}

export class GroupCommit {
  readonly #ledger: DatabaseSync;
  readonly #logs: ReadonlyMap<number, ControllerLog>;
  readonly #newKeys: NewKeys;
  readonly #hooks: CommitHooks;
  readonly #sql: Statements;
  readonly #grown: Grown;
  readonly #index: EventIndex;
  readonly #joins: Joins;
  readonly #late: LateValues;

  constructor(
    dbs: Databases,
    logs: ReadonlyMap<number, ControllerLog>,
    newKeys: NewKeys,
    hooks: CommitHooks,
    late: LateValues,
  ) {
    this.#late = late;
    this.#ledger = dbs.ledger;
    this.#logs = logs;
    this.#newKeys = newKeys;
    this.#hooks = hooks;
    this.#sql = prepare(dbs.ledger);
    this.#grown = new Grown(dbs.ledger);
    this.#index = new EventIndex(dbs.ledger);
    this.#joins = new Joins(dbs.ledger, late);
  }

  /** All of the group or nothing: where it throws, both the file and the trees are as they were. `now` in ms. */
  commit(group: Group): Answer[] {
    const logs = this.#logsOf(group);
    this.#commitKeys(group);
    this.#hooks.betweenKeysAndGroup?.();
    for (const log of logs) log.begin();
    const placed = this.#commitGroup(group, logs);
    // What is on the disk by now is recorded, whatever becomes of its receipts.
    return placed.map((answer, i) => this.#withReceipt(answer, group.actions[i]!));
  }

  #commitGroup(group: Group, logs: readonly ControllerLog[]): Answer[] {
    this.#ledger.exec('BEGIN IMMEDIATE');
    try {
      const writing = new GroupWriting(this.#sql, this.#grown, this.#joins, this.#late, this.#logs, group);
      const placed = group.actions.map((action) => writing.action(action));
      for (const [log, now] of writing.grown) log.sign(now);
      this.#index.grown(writing.events);
      this.#ledger.exec('COMMIT');
      return placed;
    } catch (failure) {
      if (this.#ledger.isTransaction) this.#ledger.exec('ROLLBACK');
      for (const log of logs) log.undo();
      throw failure;
    }
  }

  #logsOf(group: Group): ControllerLog[] {
    const numbers = new Set(group.actions.map(({ controller }) => controller));
    return [...numbers].map((number) => this.#log(number));
  }

  #log(number: number): ControllerLog {
    const log = this.#logs.get(number);
    if (log === undefined) throw new RangeError('an action of a controller without a log');
    return log;
  }

  /** The keys that the group's unknown actions bring. */
  #commitKeys(group: Group): void {
    const places = new Set<number>();
    for (const { attachments, events } of group.actions) {
      const bringing = attachments.filter((place) => bringsKey(group.attachments[place]!));
      if (bringing.length === 0 || this.#sql.known.get(events[0]!.id) !== undefined) continue;
      for (const place of bringing) places.add(place);
    }
    if (places.size === 0) return;
    this.#newKeys.store(() => {
      for (const place of places) this.#insertKey(readAttachment(group.attachments[place]!));
    });
  }

  #insertKey(row: AttachmentRow): void {
    if (row.kind !== 'dossier' || row.key.whole === undefined) return;
    this.#newKeys.add(this.#log(row.controller).row.name, row.subject, row.key.id, row.key.whole);
  }

  /** A receipt that cannot be made now is asked for again by its event. */
  #withReceipt(answer: Answer, action: FramedAction): Answer {
    if (answer.kind !== 'recorded' || !action.receipt) return answer;
    try {
      return { ...answer, receipt: this.#log(action.controller).receipt(answer.position) };
    } catch {
      return answer;
    }
  }
}

interface Joining {
  readonly at: number;
  readonly id: Uint8Array;
  readonly subject: Uint8Array;
  readonly how: 'sent' | 'automatic';
}

/** What one transaction has done so far. */
class GroupWriting {
  /** The logs that have grown, with the time of their last leaf. */
  readonly grown = new Map<ControllerLog, number>();
  /** How many events are new. */
  events = 0;
  readonly #sql: Statements;
  readonly #grown: Grown;
  readonly #late: LateValues;
  readonly #logs: ReadonlyMap<number, ControllerLog>;
  readonly #attachments: readonly Uint8Array[];
  readonly #inserted: boolean[];
  readonly #joins: Joins;
  /** Events of the action at hand that may join dossiers, each with one of them. */
  readonly #joining: Joining[] = [];
  #lastSender: { readonly id: Buffer; readonly no: number | null } | undefined;

  constructor(
    sql: Statements,
    grown: Grown,
    joins: Joins,
    late: LateValues,
    logs: ReadonlyMap<number, ControllerLog>,
    group: Group,
  ) {
    this.#sql = sql;
    this.#grown = grown;
    this.#joins = joins;
    this.#late = late;
    this.#logs = logs;
    this.#attachments = group.attachments;
    this.#inserted = group.attachments.map(() => false);
  }

  action(action: FramedAction): Answer {
    const log = this.#logs.get(action.controller)!;
    const first = log.nextAt;
    const [head, ...parts] = action.events;
    if (this.#isOvertaken(action, head!.id)) return { kind: 'changed' };
    if (!this.#event(log, head!, first)) return this.#known(action, head!.id);
    const corrected = this.#sql.correctionOf.get(head!.id) !== undefined;
    let isWhole = this.#insertBoxes(head!, first, corrected);
    // Who sent it is kept, whatever becomes of the content.
    const digest = corrected ? null : action.digest;
    if (digest !== null || action.sender !== null) {
      this.#sql.addDigest.run(first, digest?.key ?? null, digest?.digest ?? null, this.#sender(action));
    }
    for (const part of parts) {
      const at = log.nextAt;
      if (!this.#event(log, part, at)) throw new RangeError('a part of an unknown action is known');
      this.#sql.addSplit.run(at, first);
      isWhole = this.#insertBoxes(part, at, corrected) && isWhole;
    }
    if (corrected) for (let at = first; at < log.nextAt; at++) this.#joins.correct(action.controller, at);
    // The digest would tell a guess at the value from the truth.
    if (!isWhole) this.#sql.eraseDigest.run(first);
    const linked = action.attachments.filter((place) => this.#attach(place)).length > 0;
    this.#oweJoined(log, linked);
    return { kind: 'recorded', position: first % POSITIONS, receipt: undefined };
  }

  /** Whether what the action was decided on has grown. What is known already is judged as any repeat. */
  #isOvertaken({ controller, expecting }: FramedAction, id: Uint8Array): boolean {
    return expecting !== null && this.#sql.known.get(id) === undefined && this.#grown.anyOf(controller, expecting);
  }

  /** The number of the key that sent the action. A key of another folder, which this one does not know, has none. */
  #sender({ sender }: FramedAction): number | null {
    if (sender === null) return null;
    if (this.#lastSender === undefined || !this.#lastSender.id.equals(sender)) {
      const no = (this.#sql.keyNumber.get(sender)?.['no'] as number | undefined) ?? null;
      this.#lastSender = { id: Buffer.from(sender), no };
    }
    return this.#lastSender.no;
  }

  /** Inserts an event and its leaf; false where the id is taken. */
  #event(log: ControllerLog, event: ReadEvent, at: number): boolean {
    const { id, subject, accessed, recorded, entry, leaf, corrects } = event;
    const done = this.#sql.addEvent.run(at, id, subject ?? NO_SUBJECT, accessed ? 1 : 0, recorded, entry);
    if (done.changes === 0) return false;
    this.events++;
    log.append(sha256(leaf));
    this.grown.set(log, recorded);
    if (corrects !== null) this.#correct(corrects, at, id);
    if (subject !== null && isReportedDestruction(entry)) {
      this.#sql.addOwed.run(Math.floor(at / POSITIONS), at, id, subject);
    }
    const how = subject === null ? undefined : joining(entry);
    if (how !== undefined) this.#joining.push({ at, id, subject: subject!, how });
    return true;
  }

  /**
   * What comes to lie with a person of whom an item was destroyed goes, too; of links that are there already, and were never
   * corrected, nothing comes.
   */
  #oweJoined({ row }: ControllerLog, linked: boolean): void {
    for (const { at, id, subject, how } of this.#joining) {
      if (how === 'automatic' && !linked && !this.#joins.wasCorrected(row.controller, subject)) continue;
      if (this.#joins.reachDestroyed(row.controller, subject)) this.#sql.addOwed.run(row.controller, at, id, subject);
    }
    this.#joining.length = 0;
  }

  /**
   * The values of an event that was corrected before it came are never stored, nor those of an item that was destroyed
   * after them; its notes are. False where a value of such an item was left out.
   */
  #insertBoxes({ boxes, subject, entry }: FramedEvent, at: number, corrected: boolean): boolean {
    let isWhole = true;
    for (const { label, key, box } of boxes) {
      if (label !== TEXT_LABEL) {
        if (corrected) continue;
        if (subject !== null && this.#late.drops(subject, label, entry)) {
          isWhole = false;
          continue;
        }
      }
      this.#sql.addBox.run(at, label, key, sealed(box));
    }
    return isWhole;
  }

  /** With the values goes the digest of the action that brought them: whoever guesses a value could try it by that. */
  #correct(target: Uint8Array, at: number, id: Uint8Array): void {
    this.#sql.addCorrection.run(target, at);
    const known = this.#sql.known.get(target);
    if (known === undefined) return;
    const [first, subject] = [known['at'] as number, known['subject'] as Uint8Array];
    // Whatever links it made or cut are no longer made or cut.
    if (subject.length > 0) this.#joining.push({ at, id, subject, how: 'sent' });
    this.#sql.eraseDigest.run(first);
    const parts = this.#sql.parts.all(first, first + PARTS_MAX, first).map((part) => part['at'] as number);
    for (const part of [first, ...parts]) {
      this.#sql.eraseValues.run(part);
      this.#joins.correct(Math.floor(part / POSITIONS), part);
    }
  }

  /** Whether that made a link. */
  #attach(place: number): boolean {
    if (this.#inserted[place] === true) return false;
    this.#inserted[place] = true;
    const row = readAttachment(this.#attachments[place]!);
    switch (row.kind) {
      case 'dossier':
        this.#sql.addDossier.run(row.subject, row.controller, row.identifier, row.hmac, row.key.id, sealed(row.box));
        break;
      case 'reference':
        if (this.#sql.addText.run(row.controller, row.owner, row.ref, row.hmac, row.key, sealed(row.box)).changes > 0) {
          this.#sql.addReference.run(row.controller, row.hmac, row.ref);
        }
        break;
      case 'link':
        this.#sql.addLink.run(row.other, row.subject);
        return this.#sql.addLink.run(row.subject, row.other).changes > 0;
      case 'tie':
        this.#sql.addTie.run(row.client, row.contact, row.about);
        break;
    }
    return false;
  }

  #known(action: FramedAction, id: Uint8Array): Answer {
    const { at, subject } = this.#sql.known.get(id) as { at: number; subject: Uint8Array };
    if (Math.floor(at / POSITIONS) !== action.controller) throw new RangeError('an event id of another controller');
    const digest = this.#sql.digest.get(at) as { key: Uint8Array; digest: Uint8Array } | undefined;
    return {
      kind: 'known',
      position: at % POSITIONS,
      subject: subject.length === 0 ? null : subject,
      digest: digest ?? null,
      coming: action.digest,
    };
  }
}

type Statement =
  | 'known' | 'digest' | 'parts' | 'correctionOf' | 'addEvent' | 'addSplit' | 'addBox' | 'addDigest'
  | 'keyNumber' | 'addCorrection' | 'eraseDigest' | 'eraseValues' | 'addDossier' | 'addText' | 'addReference' | 'addLink'
  | 'addTie' | 'addOwed'; // prettier-ignore
type Statements = Readonly<Record<Statement, StatementSync>>;

function prepare(db: DatabaseSync): Statements {
  return {
    known: db.prepare(`SELECT at, subject FROM events WHERE ${WITH_ID}`),
    digest: db.prepare('SELECT key, digest FROM digests WHERE at = ? AND digest IS NOT NULL'),
    parts: db.prepare('SELECT at FROM splits WHERE at > ? AND at <= ? AND first = ?'),
    correctionOf: db.prepare('SELECT 1 FROM corrections WHERE target = ?'),
    addEvent: db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)'),
    addSplit: db.prepare('INSERT INTO splits VALUES (?, ?)'),
    addBox: db.prepare('INSERT INTO sealed VALUES (?, ?, ?, ?)'),
    addDigest: db.prepare('INSERT INTO digests VALUES (?, ?, ?, ?)'),
    keyNumber: db.prepare('SELECT no FROM access_keys WHERE id = ?'),
    addCorrection: db.prepare('INSERT INTO corrections VALUES (?, ?)'),
    eraseDigest: db.prepare('UPDATE digests SET key = NULL, digest = NULL WHERE at = ?'),
    eraseValues: db.prepare(`DELETE FROM sealed WHERE at = ? AND label <> '${TEXT_LABEL}'`),
    addDossier: db.prepare('INSERT INTO dossiers VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    addText: db.prepare('INSERT INTO ref_texts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'),
    addReference: db.prepare(
      'INSERT INTO refs VALUES (?, ?, ?, 1) ON CONFLICT (controller, hmac) DO UPDATE SET uses = uses + 1',
    ),
    addLink: db.prepare('INSERT INTO links VALUES (?, ?) ON CONFLICT DO NOTHING'),
    addOwed: db.prepare('INSERT INTO owed_destructions VALUES (?, ?, ?, ?)'),
    addTie: db.prepare('INSERT INTO ties VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
  };
}
