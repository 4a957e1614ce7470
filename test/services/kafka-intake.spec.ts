/** Actions over a real Kafka into the real server: every form, every refusal, and what must not hold up the rest. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anIin, collected, InProcess } from '../integration/in-process.js';
import { KafkaTopics, until, type Received } from '../running/kafka-topics.js';
import { onReal } from './real.js';
import { STORES, type StartedStore, type StartStore } from '../running/stores.js';

const CONTROLLER = 'kz.autosiyliq';
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };

interface Ready {
  readonly status: string;
  readonly parts: Readonly<
    Record<string, { readonly ready: boolean; readonly state: string; readonly lag: number | null }>
  >;
}

/** The same event in binary mode. */
function binary(
  event: Record<string, unknown>,
  type: string | undefined,
): { headers: Record<string, string>; value: string } {
  const attributes = Object.entries(event).filter(([name]) => name !== 'data');
  const headers = Object.fromEntries(attributes.map(([name, value]) => [`ce_${name}`, String(value)]));
  return {
    headers: type === undefined ? headers : { ...headers, 'content-type': type },
    value: JSON.stringify(event['data']),
  };
}

await onReal('actions over Kafka', ['DEPTER_TEST_KAFKA'], ([broker = '']) => {
  describe.each(STORES)('on $name', ({ start }) => {
    actionsOver(broker, start);
  });
});

function actionsOver(broker: string, startStore: StartStore): void {
  const topics = new KafkaTopics(broker, CONTROLLER);
  let store: StartedStore;
  let server: InProcess;
  let refused: readonly Received[];

  beforeAll(async () => {
    await topics.make(30 * 24 * 60 * 60 * 1000);
    store = await startStore();
    const roles = ['--roles', 'kafka-intake,sequencer'];
    server = await InProcess.start(...store.flags, '--kafka', broker, '--kafka-controllers', CONTROLLER, ...roles);
    refused = await topics.collect(topics.refused);
  }, 60_000);
  afterAll(async () => {
    await server.dispose();
    await topics.close();
    await store.stop();
  });

  /** Entries that were fed: each search for a person is one more. */
  const fed = async () =>
    (await server.parts.ledger.entries(CONTROLLER as never, 0, 1000)).filter(({ event }) => event.type !== 'accessed')
      .length;
  const ready = async () => {
    const answer = await server.get('/health/ready');
    return { http: answer.status, ...answer.json<Ready>() };
  };
  const isKnown = (iin: string) =>
    until(`the person of ${iin.slice(0, 2)}…`, async () => {
      const answer = await server.ask(
        'POST',
        `/v1/${CONTROLLER}/subjects/find`,
        server.keys.officer,
        JSON.stringify({ person: { iin } }),
        {
          'content-type': 'application/json',
        },
      );
      return answer.status === 200 && answer.json<{ subject: string }>().subject;
    });
  const refusalOf = async (partition: number, offset: number): Promise<Record<string, unknown>> => {
    const found = await until(`the refusal of ${partition}/${offset}`, () =>
      refused.find((one) => {
        const { partition: p, offset: o } = one.json<{ partition: number; offset: string }>();
        return p === partition && o === String(offset);
      }),
    );
    expect(found.headers).toMatchObject({ 'content-type': 'application/json', ce_type: 'depter.refused.v1' });
    return found.json();
  };

  it('takes nothing from a topic that keeps identifiers for longer than seven days, and says so', async () => {
    const waiting = await until('the check of the topic', async () => {
      const health = await ready();
      return health.parts[`kafka-intake ${CONTROLLER}`]?.state === 'retention' && health;
    });
    expect(waiting).toMatchObject({ http: 503, status: 'unavailable' });
    expect(server.log).toContain('keeps messages longer than 7 days');
    await topics.setRetention(7 * 24 * 60 * 60 * 1000);
    const consuming = await until('intake', async () => {
      const health = await ready();
      return health.parts[`kafka-intake ${CONTROLLER}`]?.state === 'consuming' && health;
    });
    expect(consuming).toMatchObject({ http: 200, status: 'ready' });
  });

  it('takes structured and binary events, and those without a content type', async () => {
    const people = Array.from({ length: 5 }, anIin);
    const [structured, plain, typed, untyped, late] = people.map((iin) => collected({}, { person: { iin } }));
    await topics.send(
      { value: JSON.stringify(structured), headers: STRUCTURED },
      { value: JSON.stringify(plain) },
      binary(typed!, 'application/json'),
      binary(untyped!, undefined),
      { key: 'any', value: JSON.stringify({ ...late, controller: CONTROLLER }), headers: STRUCTURED },
    );
    for (const iin of people) await isKnown(iin);
    expect(await fed()).toBe(5);
  });

  it('records once what comes twice, over Kafka and over HTTP', async () => {
    const before = await fed();
    const event = collected();
    const message = { value: JSON.stringify(event), headers: STRUCTURED };
    await topics.send(message, message, binary(event, undefined));
    await isKnown((event['data'] as { person: { iin: string } }).person.iin);
    await until('all offsets committed', async () => {
      const { committed, end } = await topics.progress();
      return committed === end;
    });
    expect((await server.send(event)).json()).toMatchObject({ status: 'repeated' });
    expect(await fed()).toBe(before + 1);
  });

  describe('refuses, by coordinates and code, and goes on', () => {
    const canary = 'canary-7f3a';
    const event = collected();
    it.each<[string, string, string, { value: string | null; headers?: Record<string, string> }]>([
      ['a poison message', 'malformed', '', { value: `{"${canary}":` }],
      ['a tombstone', 'malformed', '', { value: null }],
      [
        'another controller',
        'controller-mismatch',
        '/controller',
        { value: JSON.stringify({ ...event, controller: 'kz.finbox' }) },
      ],
      [
        'another controller, in a header',
        'controller-mismatch',
        '/controller',
        binary({ ...event, controller: 'kz.finbox' }, undefined),
      ],
      ['an unknown field', 'unknown-field', '/data', { value: JSON.stringify(collected({}, { [canary]: canary })) }],
      [
        'a wrong check digit',
        'check-digit',
        '/data/person/iin',
        { value: JSON.stringify(collected({}, { person: { iin: '900101300018' } })) },
      ],
      [
        'other content under a known id',
        'conflict',
        '',
        { value: JSON.stringify(collected({ id: 'k-conflict' }, { note: canary })) },
      ],
      ['more than 64 KiB', 'too-large', '', { value: JSON.stringify(collected({}, { note: canary.repeat(7_000) })) }],
      [
        'another format',
        'unsupported-media-type',
        '',
        { value: canary, headers: { 'content-type': 'application/cloudevents+avro' } },
      ],
    ])('%s: %s', async (_, code, pointer, message) => {
      const [first, after] = [collected({ id: 'k-conflict' }, { person: { iin: '900101300017' } }), collected()];
      const partition = 1;
      const before = await topics.withAdmin((admin) => admin.fetchTopicOffsets(topics.actions));
      const offset = Number(before.find((one) => one.partition === partition)?.high);
      await topics.send(
        { value: JSON.stringify(first), partition },
        { ...message, partition },
        { value: JSON.stringify(after), partition },
      );
      expect(await refusalOf(partition, offset + 1)).toEqual({
        topic: topics.actions,
        partition,
        offset: String(offset + 1),
        code,
        pointer,
      });
      await isKnown((after['data'] as { person: { iin: string } }).person.iin);
    });

    it('never with anything of the message', () => {
      expect(refused.length).toBeGreaterThanOrEqual(9);
      for (const { text, headers } of refused) expect(text + JSON.stringify(headers)).not.toContain(canary);
      expect(server.log).not.toContain(canary);
    });
  });

  it('commits the offsets of everything, refused or not', async () => {
    await until('all offsets committed', async () => {
      const { committed, end } = await topics.progress();
      return committed === end && end > 20;
    });
    expect((await ready()).parts[`kafka-intake ${CONTROLLER}`]).toMatchObject({ ready: true, lag: 0 });
  });
}
