/** A scenario told to a running server, as an emitter, an officer and a regulator would: fed day by day, and asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rulebook } from '#packs';
import type { Depter } from '../running/depter.js';
import type { RunningEngine } from '../running/engines.js';
import {
  type Row,
  wrongInClock,
  wrongInDecision,
  wrongInFinding,
  wrongInLineage,
  wrongInNone,
  wrongInOrder,
  wrongInRows,
  wrongInTrail,
} from './asked.js';
import { differs } from './expected.js';
import { cloudEvent, identifiersOf } from './feed.js';
import { secretsOf, tellsOf } from './hidden.js';
import { LANGUAGES, wrongInLanguages } from './languages.js';
import type { Ask, Feed, OrderAsk, Scenario } from './scenario.js';

type Rows = readonly Row[];

export const endOf = (day: string, zone: string): string =>
  Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: '23:59:59.999' }).toInstant().toString();

/** What ends a whole person comes after everything of that person; the rest may come in any order: here backwards. */
function inSomeOrder(entries: readonly Feed[]): Feed[] {
  const ends = (entry: Feed): boolean =>
    (entry.do === 'destroyed' || entry.do === 'depersonalised') && entry.items === 'all';
  return [...entries.filter((entry) => !ends(entry)).reverse(), ...entries.filter(ends)];
}

export class ToldOverHttp {
  /** Entry number → the id of its first event, as it was acknowledged. */
  readonly events = new Map<number, string>();
  readonly #subjects = new Map<string, string>();
  /** The last position that was answered: what is asked of everybody is asked with all of it told. */
  #last = 0;

  private constructor(
    readonly told: Scenario,
    readonly depter: Depter,
    readonly dispose: () => Promise<void>,
    private readonly keys: Readonly<Record<'emitter' | 'officer' | 'regulator' | 'admin', string>>,
  ) {}

  static async start(told: Scenario, engine: RunningEngine): Promise<ToldOverHttp> {
    const made = await engine.make(told.controller);
    const { depter } = made;
    const admin = await depter.key('*', 'admin');
    const first = [...told.feed, ...told.asks].map(({ on }) => on).sort()[0]!;
    await depter.serve({ now: endOf(first, told.zone), flags: ['--packs', 'test/packs'] });
    const key = async (role: string): Promise<string> =>
      (await depter.post(`/v1/${told.controller}/keys`, admin, { role })).json<{ key: string }>().key;
    const [emitter, officer, regulator] = [await key('emitter'), await key('officer'), await key('regulator')];
    return new ToldOverHttp(told, depter, () => made.dispose(), { emitter, officer, regulator, admin });
  }

  /** Moves the clock to the end of a day and sends that day's entries; what is wrong with their answers. */
  async feed(day: string): Promise<readonly string[]> {
    const body = JSON.stringify({ now: endOf(day, this.told.zone) });
    const json = { 'content-type': 'application/json' };
    const moved = await this.depter.ask('PUT', '/clock', this.keys.admin, body, json);
    const entries = inSomeOrder(this.told.feed.filter((entry) => entry.on === day));
    const lines = entries.map((entry) => JSON.stringify(cloudEvent(this.told, entry)));
    const answers = lines.length === 0 ? [] : await this.depter.feed(this.told.controller, this.keys.emitter, lines);
    for (const [index, entry] of entries.entries()) {
      const { status, event, position } = answers[index] ?? {};
      if (status !== 'recorded') continue;
      this.events.set(entry.n, event as string);
      this.#last = Math.max(this.#last, position as number);
    }
    const left = entries
      .filter((entry) => !this.events.has(entry.n))
      .map((entry) => `entry ${entry.n} is not recorded`);
    return moved.status === 200 ? left : [`the clock is not moved: ${moved.text}`, ...left];
  }

  /** What is wrong with the answer to an ask, if anything; with `asOf` it is asked about an earlier day. */
  async wrong(ask: Ask, asOf?: string): Promise<string | undefined> {
    const { clock, finding, order, none, decision, refused, find, hides } = ask;
    const at = asOf === undefined ? '' : `?asOf=${asOf}`;
    const parts = await this.parts(ask);
    const isEntry = (event: string, n: number): boolean =>
      this.events.get(n) === event || parts.get(event) === this.told.feed.find((entry) => entry.n === n)!.do;
    const rows = (view: string): Promise<Rows> => this.rows(ask.person, view, at);
    if (clock !== undefined) return wrongInClock(clock as Row, await rows('clocks'), isEntry);
    if (finding !== undefined) return wrongInFinding(finding as Row, await rows('findings'));
    if (order !== undefined) return wrongInOrder(order as OrderAsk, await this.items(ask.person!, at));
    if (none === 'finding') return wrongInNone(ask, await rows('findings'));
    if (none === 'clock') return wrongInNone(ask, await rows('clocks'));
    if (none === 'item') return wrongInNone(ask, await this.items(ask.person!, at));
    if (decision !== undefined) return wrongInDecision(decision as Row, await this.decision(ask));
    if (refused !== undefined) {
      return 'command' in (refused as Row)
        ? this.wrongInCommand(ask.person!, refused as Row)
        : this.wrongInRefused(refused as Row);
    }
    if (find !== undefined) return this.wrongInFind(ask.person!, find as string);
    if (hides !== undefined) return this.wrongInHidden(ask, at);
    if (ask.lineage !== undefined || ask.contains?.view === 'lineage') {
      return wrongInLineage(this.told, ask, await this.items(ask.person!, at));
    }
    return this.wrongInView(ask, at, isEntry);
  }

  /** What is wrong with a person's lineage in some language, as of a day; other answers know no language at all. */
  async wrongInLanguages(alias: string, asOf: string, rulebook: Rulebook): Promise<readonly string[]> {
    const read = async (view: string, lang: string, accept: string): Promise<string> => {
      const query = view === 'lineage' ? `?asOf=${asOf}&lang=${lang}` : `?asOf=${asOf}`;
      const headers = { accept, 'accept-language': lang };
      const { status, text } = await this.depter.get(
        (await this.address(alias, view)) + query,
        this.keys.officer,
        headers,
      );
      return status === 200 ? text : JSON.stringify({ view, status });
    };
    const inEach = async (view: string, accept: string): Promise<readonly string[]> =>
      Promise.all(LANGUAGES.map((lang) => read(view, lang, accept)));
    const wrong: string[] = [];
    for (const view of ['clocks', 'findings']) {
      const rows = (await inEach(view, 'application/json')).map((text) => (JSON.parse(text) as Row)[view] ?? text);
      if (new Set(rows.map((one) => JSON.stringify(one))).size > 1) wrong.push(`${view} in languages`);
    }
    const [json, html] = [await inEach('lineage', 'application/json'), await inEach('lineage', 'text/html')];
    const given = LANGUAGES.map((language, at) => ({ language, json: json[at]!, html: html[at]! }));
    return [...wrong, ...wrongInLanguages(this.told, rulebook, asOf, given)].map((one) => `${alias} ${asOf}: ${one}`);
  }

  /** The boards have of everybody who was asked about what their own views have; whose rows are others. */
  async wrongOnBoards(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const alias of this.#subjects.keys()) {
      const found = await this.find(alias);
      if (found.status !== 200) continue;
      const { subject } = found.json<{ subject: string }>();
      for (const view of ['clocks', 'findings']) {
        const own = await this.view(alias, view, '', this.keys.regulator);
        const all = await this.view(undefined, view, '', this.keys.regulator);
        const rows = (all[view] as Rows).filter((row) => row['subject'] === subject);
        const theirs = rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'subject')),
        );
        if (JSON.stringify(theirs) !== JSON.stringify(own[view])) wrong.push(`${view} of ${alias}`);
      }
    }
    return wrong;
  }

  /** Events of a person that are parts of an action about several: their own part counts as the entry. By type. */
  private async parts(ask: Ask): Promise<ReadonlyMap<string, string>> {
    if (ask.person === undefined || (ask['clock'] === undefined && ask.contains?.view !== 'trail')) return new Map();
    const sent = new Set(this.events.values());
    const trail = await this.rows(ask.person, 'trail', '');
    const rows = trail.filter((row) => !sent.has(row['event'] as string));
    return new Map(rows.map((row) => [row['event'] as string, row['type'] as string]));
  }

  private async subjectOf(alias: string): Promise<string> {
    const known = this.#subjects.get(alias);
    if (known !== undefined) return known;
    const answer = await this.find(alias);
    if (answer.status !== 200) throw new Error(`${alias} is not found: ${answer.text}`);
    const { subject } = answer.json<{ subject: string }>();
    this.#subjects.set(alias, subject);
    return subject;
  }

  private find(alias: string) {
    const person = identifiersOf(this.told, alias);
    return this.depter.post(`/v1/${this.told.controller}/subjects/find`, this.keys.officer, { person });
  }

  /** The address of a view, of a person or of the controller. */
  private async address(alias: string | undefined, view: string): Promise<string> {
    const of = `/v1/${this.told.controller}`;
    return alias === undefined ? `${of}/${view}` : `${of}/subjects/${await this.subjectOf(alias)}/${view}`;
  }

  private async view(alias: string | undefined, view: string, query: string, key = this.keys.officer): Promise<Row> {
    const told = alias === undefined ? `${query === '' ? '?' : `${query}&`}position=${this.#last}` : query;
    const address = (await this.address(alias, view)) + told;
    let answer = await this.depter.get(address, key);
    // Waiting for a position is bounded: whoever has waited in vain asks again.
    for (let tries = 0; answer.status === 503 && tries < 3; tries += 1) answer = await this.depter.get(address, key);
    if (answer.status !== 200) throw new Error(`${view} is answered ${answer.status}: ${answer.text}`);
    return answer.json<Row>();
  }

  private async rows(alias: string | undefined, view: string, query: string): Promise<Rows> {
    return (await this.view(alias, view, query))[view] as Rows;
  }

  private async items(alias: string, query: string): Promise<Rows> {
    return (await this.view(alias, 'lineage', query))['items'] as Rows;
  }

  private async decision(ask: Ask): Promise<Row> {
    const { is: _, reasons: __, ...question } = ask['decision'] as Row;
    const body = { person: identifiersOf(this.told, ask.person!), ...question, at: ask.on };
    const answer = await this.depter.post(`/v1/${this.told.controller}/decisions`, this.keys.emitter, body);
    if (answer.status !== 200) throw new Error(`the decision is answered ${answer.status}: ${answer.text}`);
    return answer.json<Row>();
  }

  /** An entry less one field is refused at that place. */
  private async wrongInRefused({ action, without, pointer }: Row): Promise<string | undefined> {
    const sent = structuredClone(
      cloudEvent(
        this.told,
        this.told.feed.find(({ n }) => n === action)!,
      ),
    );
    const path = (without as string).split('.');
    type Fields = Record<string, unknown>;
    const parent = path.slice(0, -1).reduce((data, key) => data[key] as Fields, sent['data'] as Fields);
    delete parent[path.at(-1)!];
    const address = `/v1/${this.told.controller}/actions`;
    const answer = await this.depter.post(address, this.keys.emitter, sent, 'application/cloudevents+json');
    return differs({ ...answer.json<Row>(), status: answer.status }, { status: 400, pointer: pointer as string });
  }

  /** A command of an officer is refused with that code and clause, and nothing of it is recorded. */
  private async wrongInCommand(alias: string, refused: Row): Promise<string | undefined> {
    const { command, code, clause, ground, request, ...body } = refused;
    const asked = (await this.rows(alias, 'requests', '')).find((row) => row['request'] === request);
    const path = request === undefined ? String(command) : `requests/${String(asked?.['id'])}/${String(command)}`;
    const answer = await this.depter.post(await this.address(alias, path), this.keys.officer, {
      ...body,
      ...(ground === undefined || ground === 'none' ? {} : { ground }),
      ...(command === 'destroy' ? { method: 'erase' } : {}),
    });
    const stated = clause === undefined ? {} : { clause: clause as string };
    return differs(answer.json<Row>(), { status: 422, code: code as string, ...stated });
  }

  private async wrongInFind(alias: string, found: string): Promise<string | undefined> {
    let { status } = await this.find(alias);
    // What a stream reported as destroyed is followed after a rest.
    for (let tries = 0; found === 'none' && status === 200 && tries < 40; tries += 1) {
      await sleep(500);
      ({ status } = await this.find(alias));
    }
    return status === (found === 'none' ? 404 : 200) ? undefined : `finding ${alias} is answered ${status}`;
  }

  /** In JSON, HTML and every language nothing of the other stands in what is read of a person. */
  private async wrongInHidden(ask: Ask, at: string): Promise<string | undefined> {
    const secrets = secretsOf(this.told, ask['hides'] as string);
    const view = (ask['view'] as string | undefined) ?? 'lineage';
    const address = await this.address(ask.person!, view);
    const key = view === 'evidence' ? this.keys.regulator : this.keys.officer;
    for (const lang of LANGUAGES) {
      for (const accept of view === 'lineage' ? ['application/json', 'text/html'] : ['application/json']) {
        const query = view === 'lineage' ? `${at === '' ? '?' : `${at}&`}lang=${lang}` : at;
        const answer = await this.depter.get(address + query, key, { accept });
        if (answer.status !== 200 || !answer.type.startsWith(accept)) return `${view} is answered ${answer.status}`;
        const told = tellsOf(answer.text, secrets);
        if (told.length > 0) return `${accept} in ${lang} tells ${told.join()}`;
      }
    }
    return undefined;
  }

  private async wrongInView(
    ask: Ask,
    at: string,
    isEntry: (event: string, n: number) => boolean,
  ): Promise<string | undefined> {
    const contains = ask.contains!;
    switch (contains.view) {
      case 'trail':
        return wrongInTrail(contains, await this.rows(ask.person, 'trail', at), isEntry);
      case 'answer': {
        const asked = (await this.rows(ask.person, 'requests', at)).find(
          (row) => row['request'] === contains['request'],
        );
        return wrongInRows(contains, [await this.view(ask.person, `requests/${String(asked?.['id'])}/answer`, at)]);
      }
      case 'evidence':
        return this.wrongInEvidence(ask, at, isEntry);
      default:
        return wrongInRows(contains, await this.rows(undefined, contains.view, at));
    }
  }

  /** A regulator's: all these entries and no other, but for links; exactly these duties; the proofs. */
  private async wrongInEvidence(
    ask: Ask,
    at: string,
    isEntry: (event: string, n: number) => boolean,
  ): Promise<string | undefined> {
    const { entries, duties, has = [] } = ask.contains!;
    const shown = await this.view(ask.person, 'evidence', at, this.keys.regulator);
    const rows = (shown['entries'] as Rows).filter((row) => row['type'] !== 'linked');
    const missing = (entries as number[]).filter((n) => !rows.some((row) => isEntry(row['event'] as string, n)));
    if (missing.length > 0) return `entries ${missing.join()} are missing`;
    if (rows.length !== (entries as number[]).length) return `${rows.length} entries`;
    const empty = has.filter((field) => !/[^[\]"]/.test(JSON.stringify(shown[field] ?? '')));
    return empty.length > 0 ? `${empty.join()} is empty` : differs(shown['duties'], duties as string[]);
  }
}
