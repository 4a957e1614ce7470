/** The steps of a destruction in the files, as the writer does them between groups; each may be done again. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { KEYS_NAMED_MAX, shredded, withoutGrown, type Run, type RunErasure } from '../destruction/run.js';
import { StoreFailure } from '../ports.js';
import { randomOwn } from '../sealing/mint.js';
import type { RootKey } from '../sealing/root-key.js';
import { Grown } from './grown.js';
import type { LateValues } from './late-values.js';
import { WITH_ID, type Databases } from './schema.js';
import type { RunMoment } from './writer-port.js';
import { Shredder, transaction, type LabelErasure, type Place } from './shred.js';
import { Sweeper, type Swept } from './sweep.js';

export class RunWriter {
  readonly #ledger: DatabaseSync;
  readonly #shredder: Shredder;
  readonly #sweeper: Sweeper;
  readonly #late: LateValues;
  readonly #grown: Grown;
  readonly #reached: (moment: RunMoment) => void;
  readonly #sql: Readonly<Record<'keep' | 'one' | 'set' | 'forget', StatementSync>>;

  constructor(dbs: Databases, root: RootKey, late: LateValues, reached: (moment: RunMoment) => void = () => undefined) {
    this.#reached = reached;
    this.#ledger = dbs.ledger;
    this.#shredder = new Shredder(dbs, root);
    this.#sweeper = new Sweeper(dbs.ledger);
    this.#late = late;
    this.#grown = new Grown(dbs.ledger);
    this.#sql = {
      keep: dbs.ledger.prepare('INSERT INTO destructions VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      one: dbs.ledger.prepare('SELECT run FROM destructions WHERE controller = ? AND id = ?'),
      set: dbs.ledger.prepare('UPDATE destructions SET run = ? WHERE controller = ? AND id = ?'),
      forget: dbs.ledger.prepare('DELETE FROM destructions WHERE controller = ? AND id = ?'),
    };
  }

  /** False where one of its id is kept. The keys that go are named now: later there are none. */
  keep(place: Place, run: Run): boolean {
    this.#reached('ordered');
    const keys = this.#shredder.keysOf(place, ended(run), erased(run)).slice(0, KEYS_NAMED_MAX);
    const named: Run = { ...run, keys: keys.map((id) => Buffer.from(id).toString('base64url')) };
    const done = this.#sql.keep.run(place.controller, Buffer.from(run.id, 'base64url'), JSON.stringify(named));
    this.#reached('kept');
    return done.changes > 0;
  }

  /** Keys and identities. `now` in ms. */
  shred(place: Place, id: Uint8Array, now: number): Run {
    let run = this.#run(place, id);
    if (run.state !== 'ordered') return run;
    this.#reached('intended');
    run = this.#judged(place, id, run);
    this.#shredder.shred(place, ended(run), erased(run));
    this.#reached('keys-gone');
    let identifiers = 0;
    transaction(this.#ledger, () => {
      for (const dossier of ended(run)) identifiers += this.#sweeper.forgetIdentity(place.controller, dossier);
      // From here on values come under the fresh key, and those of before are not to be among them.
      this.#mark(run);
      run = shredded(run, { shreddedMs: now, counts: { ...run.counts, identifiers } });
      this.#set(place, id, run);
    });
    this.#reached('shredded');
    return run;
  }

  /**
   * Leaves out those who have grown, durably before a key goes: where the keys went already and that alone was not told any
   * more, all stay in. No group is written meanwhile.
   */
  #judged(place: Place, id: Uint8Array, run: Run): Run {
    if (run.parts === undefined || this.#shredder.isShredded(place, ended(run), erased(run))) return run;
    const grown = run.parts.filter(({ expecting }) =>
      this.#grown.anyOf(
        place.controller,
        expecting.map(([subject, events]) => ({ subject: bytesOf(subject), events })),
      ),
    );
    const judged = withoutGrown(run, new Set(grown.map(({ person }) => person)));
    if (judged !== run) this.#set(place, id, judged);
    return judged;
  }

  /** Whatever else there is of what went; the files let go of it when they are truncated. */
  sweep(place: Place, id: Uint8Array, now: number): Run {
    let run = this.#run(place, id);
    if (run.state === 'shredded') {
      transaction(this.#ledger, () => {
        run = { ...run, state: 'swept', sweptMs: now, counts: this.#sweepAll(place.controller, run) };
        this.#set(place, id, run);
      });
    }
    this.#reached('swept');
    return run;
  }

  /** False where a reader holds it up: to be asked again. */
  truncated(): boolean {
    if (!this.#sweeper.truncated()) return false;
    this.#reached('truncated');
    return true;
  }

  forget({ controller }: Place, id: Uint8Array): void {
    this.#reached('recorded');
    this.#sql.forget.run(controller, id);
    // The page on which the run stood; it names nobody, and so may wait for a reader.
    this.#sweeper.truncated();
    this.#reached('forgotten');
  }

  /** Ends at the start what an older version of the program had begun: it kept the names of what was to go alone. */
  endOld(nameOf: (controller: number) => string): void {
    const rows = this.#ledger.prepare('SELECT controller, subject, item FROM shreds').all();
    for (const row of rows) {
      const controller = row['controller'] as number;
      const place = { controller, name: nameOf(controller) };
      const [subject, item] = [row['subject'] as Uint8Array, row['item'] as string];
      const swept: Swept = { identifiers: 0, texts: 0, values: 0 };
      const one: LabelErasure = {
        dossier: subject,
        labels: new Map([[item, new Set()]]),
        survivorsKey: Buffer.alloc(16),
        wholeKey: randomOwn(16),
      };
      this.#shredder.shred(place, item === '' ? [subject] : [], item === '' ? [] : [one]);
      transaction(this.#ledger, () => {
        if (item === '') {
          this.#sweeper.forgetIdentity(controller, subject);
          this.#sweeper.dossier(controller, subject, swept);
        } else this.#sweeper.labels(controller, one, swept);
        this.#ledger
          .prepare('DELETE FROM shreds WHERE controller = ? AND subject = ? AND item = ?')
          .run(controller, subject, item);
      });
    }
    if (rows.length > 0) this.#sweeper.truncate();
  }

  #sweepAll(controller: number, run: Run): Run['counts'] {
    const swept: Swept = { identifiers: 0, texts: 0, values: 0 };
    for (const dossier of ended(run)) this.#sweeper.dossier(controller, dossier, swept);
    for (const erasure of erased(run)) {
      this.#sweeper.labels(controller, erasure, swept);
    }
    const settled = this.#ledger.prepare(`DELETE FROM owed_destructions WHERE controller = ? AND ${WITH_ID}`);
    for (const fact of run.facts) settled.run(controller, bytesOf(fact));
    const { identifiers } = run.counts;
    return { dossiers: run.ended.length, identifiers, texts: swept.texts, values: swept.values };
  }

  #mark(run: Run): void {
    for (const { dossier, labels } of run.erased) {
      for (const { label, at } of labels) {
        if (at !== null) this.#late.add(bytesOf(dossier), label, { at, zone: run.zone });
      }
    }
  }

  #run({ controller }: Place, id: Uint8Array): Run {
    const row = this.#sql.one.get(controller, id);
    if (row === undefined) throw new StoreFailure('unavailable', 'a destruction that is not under way', false);
    return JSON.parse(row['run'] as string) as Run;
  }

  #set({ controller }: Place, id: Uint8Array, run: Run): void {
    this.#sql.set.run(JSON.stringify(run), controller, id);
  }
}

function ended(run: Run): Uint8Array[] {
  return run.ended.map(bytesOf);
}

function erased(run: Run): LabelErasure[] {
  return run.erased.map(({ dossier, labels, survivorsKey, wholeKey }: RunErasure) => ({
    dossier: bytesOf(dossier),
    labels: new Map(labels.map(({ label, surviving }) => [label, new Set<string>(surviving)])),
    survivorsKey: bytesOf(survivorsKey),
    wholeKey: bytesOf(wholeKey),
  }));
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
