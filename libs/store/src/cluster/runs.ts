/**
 * Runs of destructions on the cluster engine. Whoever shreds holds the controller's lock alone, so that nobody is sealing
 * under the key meanwhile, on whatever server. Two servers may meet over one run: each step is done once.
 */
import type { ControllerId, EventId, Position, SubjectRef } from '#ledger';
import type { Owed } from '../destructions.js';
import { KEYS_NAMED_MAX, newRun, Runs, shredded, withoutGrown, type Run, type RunErasure } from '../destruction/run.js';
import { StoreFailure, type Clock } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import { idText } from '../sealing/mint.js';
import { referenceName } from '../sealing/naming.js';
import { boundTo, DIGEST_LABEL, sealBox, sealedFor, TEXT_LABEL } from '../sealing/seal.js';
import { ACCEPT_LOCK } from './accept.js';
import type { ClusterControllers } from './controllers.js';
import { isGrown } from './grown.js';
import type { KeyStore, LabelShredding } from './key-store.js';
import { TOLD_KEPT } from './name-cache.js';
import type { Postgres, Queries } from './postgres.js';
import { forgetIdentity, markDestroyed, sweep } from './sweep.js';

/** First key of the advisory locks of those who follow what is owed; the second is the controller's number. */
const FOLLOW_LOCK = 0x666f6c;

const SQL = {
  alone: { name: 'run-alone', text: 'SELECT pg_advisory_xact_lock($1, $2)' },
  /** Whoever remembers names of these dossiers forgets them. */
  tell: {
    name: 'run-tell',
    text: 'INSERT INTO depter.shreds_told (controller, dossier) SELECT $1, unnest($2::bytea[])',
  },
  /** The newest stay. Whoever has heard of none of them remembers nothing any more, see `refresh`. */
  tellLess: {
    name: 'run-tell-less',
    text: `DELETE FROM depter.shreds_told WHERE controller = $1
      AND n <= (SELECT n FROM depter.shreds_told WHERE controller = $1 ORDER BY n DESC OFFSET ${TOLD_KEPT} LIMIT 1)`,
  },
  keep: { name: 'run-keep', text: 'INSERT INTO depter.destructions VALUES ($1, $2, $3) ON CONFLICT DO NOTHING' },
  one: { name: 'run-one', text: 'SELECT run FROM depter.destructions WHERE controller = $1 AND id = $2' },
  set: { name: 'run-set', text: 'UPDATE depter.destructions SET run = $3 WHERE controller = $1 AND id = $2' },
  forget: { name: 'run-forget', text: 'DELETE FROM depter.destructions WHERE controller = $1 AND id = $2' },
  /** Of placed events alone: what is read of the person has them. */
  owed: {
    name: 'run-owed',
    text: `SELECT p.position, o.event, o.subject FROM depter.owed_destructions o JOIN depter.placed p USING (seq)
      WHERE o.controller = $1 AND p.position >= $2 ORDER BY p.position LIMIT $3`,
  },
  reference: { name: 'run-reference', text: 'SELECT ref FROM depter.refs WHERE controller = $1 AND hmac = $2' },
  labels: {
    name: 'run-labels',
    text: `SELECT DISTINCT s.label FROM depter.events e JOIN depter.sealed s USING (seq)
      WHERE e.controller = $1 AND e.subject = $2 AND NOT e.accessed AND s.key = $3`,
  },
  boxes: {
    name: 'run-boxes',
    text: `SELECT s.seq, e.id, s.label, s.key, s.box FROM depter.events e JOIN depter.sealed s USING (seq)
      WHERE e.controller = $1 AND e.subject = $2 AND NOT e.accessed AND s.label = $3 AND e.id = ANY ($4::bytea[])
        AND s.key <> $5`,
  },
  move: { name: 'run-move', text: 'UPDATE depter.sealed SET key = $3, box = $4 WHERE seq = $1 AND label = $2' },
};

export class ClusterRuns extends Runs {
  readonly #postgres: Postgres;
  readonly #controllers: ClusterControllers;
  readonly #keys: KeyStore;
  readonly #clock: Clock;

  constructor(postgres: Postgres, controllers: ClusterControllers, keys: KeyStore, clock: Clock) {
    super();
    this.#postgres = postgres;
    this.#controllers = controllers;
    this.#keys = keys;
    this.#clock = clock;
  }

  override async keep(id: ControllerId, run: Run): Promise<boolean> {
    const { no } = await this.#controller(id);
    const keys = await this.#keys.idsOf(
      id,
      run.ended.map(bytesOf),
      run.erased.map(({ dossier }) => bytesOf(dossier)),
    );
    const named: Run = { ...run, keys: keys.slice(0, KEYS_NAMED_MAX).map(idText) };
    return (await this.#postgres.run(SQL.keep, [no, bytesOf(run.id), JSON.stringify(named)])) > 0;
  }

  override async kept(id: ControllerId, run: EventId): Promise<Run | undefined> {
    return kept(this.#postgres, (await this.#controller(id)).no, run);
  }

  override async all(): Promise<readonly { readonly controller: ControllerId; readonly run: Run }[]> {
    await this.#takeOver();
    const rows = await this.#postgres.rows(
      'SELECT c.name, d.run FROM depter.destructions d JOIN depter.controllers c ON c.no = d.controller',
    );
    return rows.map(({ name, run }) => ({ controller: name as ControllerId, run: JSON.parse(run as string) as Run }));
  }

  /** What an older version of the program had begun becomes a run: it kept the names of what was to go alone. */
  async #takeOver(): Promise<void> {
    const rows = await this.#postgres.rows(
      'SELECT c.name, s.controller, s.subject, s.item FROM depter.shreds s JOIN depter.controllers c ON c.no = s.controller',
    );
    for (const { name, controller, subject, item } of rows) {
      const dossier = idText(subject as Buffer) as SubjectRef;
      const labels = [{ label: item as string, surviving: [], at: null }];
      const what = item === '' ? { ended: [dossier], erased: [] } : { ended: [], erased: [{ dossier, labels }] };
      await this.keep(name as ControllerId, newRun({ ...what, act: null, expecting: null, zone: 'UTC', facts: [] }));
      await this.#postgres.run('DELETE FROM depter.shreds WHERE controller = $1 AND subject = $2 AND item = $3', [
        controller as number, subject as Buffer, item as string,
      ]); // prettier-ignore
    }
  }

  override async shred(id: ControllerId, { id: name }: Run): Promise<Run> {
    const controller = await this.#controller(id);
    for (;;) {
      // What stays is sealed under a key that stays, and who is left out is told, durably, before any key goes.
      await this.#step(controller, name, async (queries, run) => {
        if (run.state !== 'ordered') return run;
        const judged = await this.#judged(queries, controller, run);
        for (const erasure of judged.erased) await this.#saveSurvivors(queries, controller, erasure);
        return judged;
      });
      let grownSince = false;
      const done = await this.#step(controller, name, async (queries, run) => {
        if (run.state !== 'ordered') return run;
        grownSince = (await this.#judged(queries, controller, run)) !== run;
        return grownSince ? run : this.#shred(queries, controller, run);
      });
      if (!grownSince) return done;
    }
  }

  /**
   * Leaves out those who have grown; the caller commits that before a key goes. Where the keys went already, and that alone
   * was not told any more, all stay in.
   */
  async #judged(queries: Queries, controller: Controller, run: Run): Promise<Run> {
    if (run.parts === undefined) return run;
    const keys = await this.#keys.idsOf(
      controller.id,
      run.ended.map(bytesOf),
      run.erased.map(({ dossier }) => bytesOf(dossier)),
    );
    const fresh = new Set(run.erased.map(({ wholeKey }) => wholeKey));
    if (keys.every((key) => fresh.has(idText(key)))) return run;
    const grown = new Set<SubjectRef>();
    for (const { person, expecting } of run.parts) {
      if (await isGrown(queries, controller.no, new Map(expecting))) grown.add(person);
    }
    return withoutGrown(run, grown);
  }

  async #shred(queries: Queries, controller: Controller, run: Run): Promise<Run> {
    const labels = await Promise.all(run.erased.map((erasure) => this.#shredding(queries, controller, erasure)));
    await this.#keys.shred(controller.id, run.ended.map(bytesOf), labels);
    let identifiers = 0;
    for (const dossier of run.ended) identifiers += await forgetIdentity(queries, controller, bytesOf(dossier));
    await markDestroyed(queries, controller, run);
    return shredded(run, { shreddedMs: this.#now(), counts: { ...run.counts, identifiers } });
  }

  override async sweep(id: ControllerId, { id: name }: Run): Promise<Run> {
    const controller = await this.#controller(id);
    return this.#step(controller, name, async (queries, run) => {
      if (run.state !== 'shredded') return run;
      const counts = await sweep(queries, controller, run);
      return { ...run, state: 'swept', sweptMs: this.#now(), counts };
    });
  }

  override async forget(id: ControllerId, run: Run): Promise<void> {
    const { no } = await this.#controller(id);
    await this.#postgres.run(SQL.forget, [no, bytesOf(run.id)]);
    await this.#postgres.run(SQL.tellLess, [no]);
  }

  override async owed(id: ControllerId, from: Position, limit: number): Promise<readonly Owed[]> {
    const controller = await this.#controllers.known(id);
    if (controller === undefined) return [];
    return (await this.#postgres.rows(SQL.owed, [controller.no, from, limit])).map(({ position, event, subject }) => ({
      position: position as Position,
      event: idText(event as Buffer) as EventId,
      subject: idText(subject as Buffer) as SubjectRef,
    }));
  }

  /** By a connection of its own: with it the turn ends, whatever becomes of the process. */
  override async alone<T>(id: ControllerId, work: () => Promise<T>): Promise<T | undefined> {
    const controller = await this.#controllers.known(id);
    if (controller === undefined) return work();
    const session = await this.#postgres.session();
    try {
      const [row] = await session.rows('SELECT pg_try_advisory_lock($1, $2) AS got', [FOLLOW_LOCK, controller.no]);
      return row?.['got'] === true ? await work() : undefined;
    } finally {
      await session.close();
    }
  }

  override async labelsOf(id: ControllerId, item: string): Promise<readonly string[]> {
    const controller = await this.#controllers.known(id);
    if (controller === undefined) return [item];
    const name = referenceName(controller.pepper, 'item', item);
    const [row] = await this.#postgres.rows(SQL.reference, [controller.no, name]);
    return row === undefined ? [item] : [item, idText(row['ref'] as Buffer)];
  }

  /** One step of a run, on the run as it is when nobody else is at it. */
  #step(controller: Controller, id: EventId, step: (queries: Queries, run: Run) => Promise<Run>): Promise<Run> {
    return this.#postgres.transaction(async (queries) => {
      await queries.rows(SQL.alone, [ACCEPT_LOCK, controller.no]);
      const run = await kept(queries, controller.no, id);
      // Another server has brought it to its end.
      if (run === undefined) throw new StoreFailure('unavailable', 'a destruction that is not under way', true);
      const touched = [...run.ended, ...run.erased.map(({ dossier }) => dossier)];
      await queries.run(SQL.tell, [controller.no, touched.map(bytesOf)]);
      const done = await step(queries, run);
      if (done !== run) await queries.run(SQL.set, [controller.no, bytesOf(id), JSON.stringify(done)]);
      return done;
    });
  }

  async #shredding(
    queries: Queries,
    { no }: Controller,
    { dossier, labels, survivorsKey, wholeKey }: RunErasure,
  ): Promise<LabelShredding> {
    return {
      dossier: bytesOf(dossier),
      labels: labels.map(({ label }) => label),
      survivorsKey: bytesOf(survivorsKey),
      wholeKey: bytesOf(wholeKey),
      labelsUnder: async (key) => {
        const rows = await queries.rows(SQL.labels, [no, bytesOf(dossier), key]);
        return new Set([TEXT_LABEL, DIGEST_LABEL, ...rows.map(({ label }) => label as string)]);
      },
    };
  }

  async #saveSurvivors(
    queries: Queries,
    { no, id: controller }: Controller,
    { dossier, labels, survivorsKey }: RunErasure,
  ): Promise<void> {
    const [owner, key] = [bytesOf(dossier), bytesOf(survivorsKey)];
    for (const { label, surviving } of labels) {
      if (surviving.length === 0) continue;
      const rows = await queries.rows(SQL.boxes, [no, owner, label, surviving.map(bytesOf), key]);
      if (rows.length === 0) continue;
      await this.#keys.addSurvivors(controller, owner, key, label);
      const { opener } = await this.#keys.dossier(controller, owner);
      for (const row of rows) {
        const event = row['id'] as Uint8Array;
        const opened = opener.open(row['key'] as Uint8Array, event, label, row['box'] as Uint8Array);
        if (opened.kind === 'erased') continue;
        const box = sealBox(opener.key(key, label)!, boundTo(sealedFor(controller, owner), event, label), opened.value);
        await queries.run(SQL.move, [row['seq'] as number, label, key, box]);
      }
    }
  }

  #now(): number {
    return Math.floor(this.#clock.now());
  }

  async #controller(id: ControllerId): Promise<Controller> {
    const controller = await this.#controllers.known(id);
    if (controller === undefined) throw new StoreFailure('unavailable', 'the controller has no log', false);
    return controller;
  }
}

async function kept(queries: Queries, no: number, id: EventId): Promise<Run | undefined> {
  const [row] = await queries.rows(SQL.one, [no, bytesOf(id)]);
  return row && (JSON.parse(row['run'] as string) as Run);
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
