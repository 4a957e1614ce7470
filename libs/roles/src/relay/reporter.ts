/** Reads a log's entries and says what is news in them. */
import { createHash } from 'node:crypto';
import type { Message } from 'kafkajs';
import type { Controllers } from '#host';
import { clocks, findings, isReference, ORDERS, today, UNLISTED, type ControllerId, type PersonRecord, type Position, type Recorded, type SubjectRef } from '#ledger'; // prettier-ignore
import type { Rulebook } from '#packs';
import type { Clock, Ledger } from '#store';
import { changes, dueOn, NOTHING, type Standing } from './changes.js';
import { cloudEvent, type News } from './news.js';

export class Reporter {
  constructor(
    private readonly controller: ControllerId,
    private readonly ledger: Ledger,
    private readonly controllers: Controllers,
    private readonly clock: Clock,
  ) {}

  /** The local day of the controller. */
  today(): string {
    return today(this.clock.now(), this.controllers.rulebook(this.controller)?.zone ?? 'UTC');
  }

  /**
   * The news of entries, in their order. An event's news are what a person's clocks and findings of today are with it and
   * were not without it, whatever other entries came together with it: told again, they are the same.
   */
  async ofEntries(entries: readonly Recorded[]): Promise<readonly Message[]> {
    const rulebook = this.controllers.rulebook(this.controller);
    if (rulebook === undefined) return [];
    const asOf = this.today();
    const people = new Map<string, PersonRecord | undefined>();
    const last = new Map<string, Standing>();
    const messages: Message[] = [];
    for (const { event, position } of entries) {
      const { subject } = event;
      if (subject === null || event.type === 'accessed') continue;
      if (!people.has(subject)) people.set(subject, await this.ledger.person(this.controller, subject as SubjectRef));
      const record = people.get(subject);
      const cause = { position, event: event.id, subject };
      const news = [...orderIn(event, cause)];
      if (record !== undefined) {
        const known = isAlone(record) ? last.get(subject) : undefined;
        const before = known ?? standing(record, rulebook, asOf, position - 1);
        const after = standing(record, rulebook, asOf, position);
        last.set(subject, after);
        news.push(...changes(before, after, cause));
      }
      for (const one of news) messages.push(this.message('', event.recorded, one));
    }
    return messages;
  }

  /** What a new day brought to a person since another day: clocks that began or became late, and those due today. */
  async ofDay(subject: SubjectRef, since: string, day: string): Promise<readonly Message[]> {
    const rulebook = this.controllers.rulebook(this.controller);
    const record = await this.ledger.person(this.controller, subject);
    if (rulebook === undefined || record === undefined) return [];
    const now = standing(record, rulebook, day, undefined);
    const cause = { position: null, event: null, subject };
    const news = [...changes(standing(record, rulebook, since, undefined), now, cause), ...dueOn(day, now, cause)];
    const time = new Date(this.clock.now()).toISOString();
    return news.map((one) => this.message(day, time, one));
  }

  /** One person's news go to one partition, in order. The same news have the same id, however often they are told. */
  private message(day: string, time: string, news: News): Message {
    const told = JSON.stringify([this.controller, day, news.type, news.data]);
    const id = createHash('sha256').update(told).digest('base64url').slice(0, 22);
    return {
      key: news.data.subject,
      value: cloudEvent(this.controller, id, time, news),
      headers: { 'content-type': 'application/cloudevents+json' },
    };
  }
}

/** Whether nothing but the dossier's own events changes its person's standing, so that it stays between two of them. */
function isAlone({ dossiers, corrections, clients, contacts }: PersonRecord): boolean {
  return dossiers.length === 1 && corrections.length === 0 && clients.length === 0 && contacts.length === 0;
}

function standing(record: PersonRecord, rulebook: Rulebook, asOf: string, asKnown: Position | undefined): Standing {
  if (asKnown !== undefined && asKnown < 0) return NOTHING;
  // Without resolvers: what only the entitled may see stands as `unlisted`.
  return {
    clocks: clocks(record, rulebook, { asOf, asKnown }),
    findings: findings(record, rulebook, { asOf, asKnown }),
  };
}

function orderIn(
  event: Recorded['event'],
  cause: { position: number; event: string; subject: string },
): readonly News[] {
  if (event.type !== 'notified') return [];
  const { of, recipient, items } = event.data;
  const order = ORDERS.find((one) => one === of);
  if (order === undefined || recipient === undefined) return [];
  const shown = (id: string): string => (isReference(id) ? UNLISTED : id);
  const listed = items === undefined ? null : [...new Set(items.map(shown))];
  return [
    { type: 'depter.order.v1', data: { ...cause, order, recipient: shown(recipient), items: listed, at: event.at } },
  ];
}
