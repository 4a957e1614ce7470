/** What Depter tells over a real Kafka: orders, findings and clocks, without personal data; and what comes back. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NEWS, type NewsType } from '#roles';
import { anIin, collected, InProcess } from '../integration/in-process.js';
import { KafkaTopics, until, type Received } from '../running/kafka-topics.js';
import { onReal } from './real.js';
import { STORES, type StartedStore, type StartStore } from '../running/stores.js';

const CONTROLLER = 'kz.autosiyliq';

interface News {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

await onReal('news over Kafka', ['DEPTER_TEST_KAFKA'], ([broker = '']) => {
  describe.each(STORES)('on $name', ({ start }) => {
    newsFrom(broker, start);
  });
});

function newsFrom(broker: string, startStore: StartStore): void {
  const topics = new KafkaTopics(broker, CONTROLLER);
  const iin = anIin();
  const person = { iin };
  let store: StartedStore;
  let server: InProcess;
  let received: readonly Received[];

  beforeAll(async () => {
    await topics.make();
    store = await startStore();
    server = await InProcess.start(...store.flags, '--kafka', broker, '--kafka-controllers', CONTROLLER);
    received = await topics.collect(topics.events);
  }, 60_000);
  afterAll(async () => {
    await server.dispose();
    await topics.close();
    await store.stop();
  });

  const news = (): readonly News[] => received.map((one) => one.json<News>());
  const told = (what: string, is: (one: News) => boolean): Promise<News> => until(what, () => news().find(is));
  const act = (name: string, data: Readonly<Record<string, unknown>>, time = '2026-03-10T10:05:00+05:00') => {
    const event = collected({ type: `depter.action.${name}.v1`, time });
    return { ...event, data: { person, ...data } };
  };
  const send = (...events: readonly unknown[]): Promise<void> =>
    topics.send(...events.map((event) => ({ key: iin, value: JSON.stringify(event) })));

  it('tells a finding with the event that opened it, and an unlisted id as unlisted', async () => {
    await send(
      collected({}, { person, items: ['name', 'canary-item'], values: { name: 'canary-value' }, note: 'canary-note' }),
    );
    const finding = await told('the finding', ({ data }) => data['code'] === 'unlisted');
    expect(finding.data).toMatchObject({ code: 'unlisted', state: 'open', items: ['unlisted'], position: 0 });
    expect(finding.source).toBe(`urn:depter:${CONTROLLER}`);
    expect(finding.subject).toBe(await server.find(person));
  });

  it('tells an order to a recipient; its confirmation comes back as an action and closes it', async () => {
    await send(
      act('transferred', { items: ['name'], recipient: 'kz.collector', purposes: ['loan'], basis: 'contract' }),
      act(
        'notified',
        { of: 'rectify', channel: 'api', recipient: 'kz.collector', items: ['name'] },
        '2026-03-10T10:06:00+05:00',
      ),
    );
    const order = await told('the order', ({ type }) => type === 'depter.order.v1');
    const { subject, order: what, recipient, items } = order.data as Record<string, string>;
    expect(order.data).toMatchObject({ order: 'rectify', items: ['name'], subject: await server.find(person) });
    await send(act('confirmed', { recipient: 'kz.collector', order: what, items }, '2026-03-10T10:07:00+05:00'));
    const shared = await until('the confirmation', async () => {
      const answer = await server.get(`/v1/${CONTROLLER}/subjects/${subject}/lineage`, server.keys.officer);
      const { items: rows } = answer.json<{ items: { shared: { orders: { confirmed: string | null }[] }[] }[] }>();
      return rows.flatMap((row) => row.shared).find(({ orders }) => orders[0]?.confirmed);
    });
    expect(shared).toMatchObject({
      recipient: 'kz.collector',
      orders: [{ order: 'rectify', confirmed: '2026-03-10' }],
    });
    expect(recipient).toMatch(/^(kz\.collector|unlisted)$/);
  });

  it('tells a clock when it starts and when it is met', async () => {
    await send(act('requested', { request: 'canary-request', right: 'access', channel: 'office' }));
    const started = await told(
      'the clock',
      ({ type, data }) => type === 'depter.clock.v1' && data['state'] === 'running',
    );
    expect(started.data).toMatchObject({ duty: 'answer-access', trigger: started.data['event'] });
    expect(started.data['due']).toMatch(/^2026-03-/);
    await send(act('answered', { request: 'canary-request' }, '2026-03-10T11:00:00+05:00'));
    const met = await told('its end', ({ type, data }) => type === 'depter.clock.v1' && data['state'] === 'met');
    expect(met.data).toMatchObject({ duty: 'answer-access', metOn: '2026-03-10' });
  });

  it('tells each thing once, by its id', () => {
    const ids = news().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('holds no personal data, and is what the document says', async () => {
    const document = (await server.get('/asyncapi.json')).json<{
      asyncapi: string;
      channels: { events: { messages: Record<string, unknown> } };
    }>();
    expect(document.asyncapi).toBe('3.0.0');
    expect(received.length).toBeGreaterThanOrEqual(4);
    for (const { text, headers } of received) {
      expect(text).not.toMatch(/canary/);
      expect(text).not.toContain(iin);
      expect(headers).toEqual({ 'content-type': 'application/cloudevents+json' });
      const { type, data } = JSON.parse(text) as News;
      expect(Object.keys(document.channels.events.messages)).toContain(type);
      expect(NEWS[type as NewsType].data.parse(data)).toEqual(data);
    }
  });

  it('is ready, with nothing left to tell', async () => {
    const lag = await until('the end of the log', async () => {
      const { parts } = (await server.get('/health/ready')).json<{
        parts: Record<string, { ready: boolean; lag: number }>;
      }>();
      const relay = parts[`relay ${CONTROLLER}`];
      return relay?.ready === true && relay.lag === 0 && relay;
    });
    expect(lag).toMatchObject({ state: 'relaying', misconfigured: false });
  });
}
