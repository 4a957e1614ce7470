/** A server that is fed over Kafka, as a lender's own systems would feed it: what is fed goes to its topic, not to HTTP. */
import { Depter } from './depter.js';
import { KafkaTopics, until } from './kafka-topics.js';

/** Of a person who has been ended nobody can tell any more which event was whose. */
const GONE = 'gone';
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
/** One partition keeps the order: what ends a person is to come last. */
const key = 'in order';

type Line = Record<string, unknown>;

export class DepterOverKafka extends Depter {
  readonly #topics: KafkaTopics;
  #sent = 0;

  private constructor(dir: string, flags: readonly string[], store: readonly string[], topics: KafkaTopics) {
    super(dir, [], store, flags);
    this.#topics = topics;
  }

  /** On a database, with new topics for one controller. */
  static async onBroker(broker: string, controller: string, postgres: string, log: readonly string[]): Promise<Depter> {
    const topics = new KafkaTopics(broker, controller);
    await topics.make();
    const kafka = ['--kafka', broker, '--kafka-controllers', controller];
    return new DepterOverKafka(await Depter.folder(), [...log, ...kafka], ['--postgres', postgres], topics);
  }

  /**
   * Sends the lines to the topic, waits until intake has answered for all of them, and gives the answer of each, which
   * Kafka has not: the same again over HTTP is a repeat, and told as recorded here. What is not yet there is recorded by
   * that, and answered as it stands, so that a test which wants repeats sees it.
   */
  override async feed(controller: string, apiKey: string, lines: readonly string[]): Promise<Line[]> {
    await this.#topics.send(...lines.map((value) => ({ key, value, headers: STRUCTURED })));
    this.#sent += lines.length;
    await until('intake to have taken all', async () => {
      const { committed, end } = await this.#topics.progress();
      return committed === end && end >= this.#sent;
    });
    const answers = await super.feed(controller, apiKey, lines);
    return answers.map((answer) => asFirst(answer));
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    await this.#topics.close();
  }
}

function asFirst(answer: Line): Line {
  const { status, problem } = answer;
  if (status === 'repeated') return { ...answer, status: 'recorded' };
  if (status === 'recorded') return { ...answer, status: 'not over Kafka' };
  const code = (problem as { code?: string } | undefined)?.code;
  return code === GONE ? { ...answer, status: 'recorded', event: `${GONE} ${String(answer['line'])}` } : answer;
}
