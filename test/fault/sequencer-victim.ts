/**
 * A program that sequences one log, and is there to be killed or stopped. It runs on its own, the way Node runs TypeScript,
 * on the built libraries; it says `leading` on standard output when it takes the lead.
 *
 *   node test/fault/sequencer-victim.ts POSTGRES CONTROLLER EVENTSTORE
 *
 * Without EVENTSTORE the event log is PostgreSQL's.
 */
import { createPrivateKey, hash, sign } from 'node:crypto';
import { writeSync } from 'node:fs';
import { controllerId } from '#ledger';
import { noteSigner, parseVerifierKey } from '#proof';
import { EventStoreLog, Postgres, PostgresEventLog, PostgresSequencing, Sequencer } from '#store';

const SEED = Buffer.alloc(32, 7);
const key = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED]),
  format: 'der',
  type: 'pkcs8',
});
const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

const [url = '', controller = '', eventStore = ''] = process.argv.slice(2);
const postgres = new Postgres({ url, deadlineMs: 3000, connectionsMax: 4 });
const sequencing = new PostgresSequencing(postgres);
const sequencer = new Sequencer({
  log: { controller: controllerId(controller)!, generation: 1 },
  eventLog:
    eventStore === '' ? new PostgresEventLog(postgres) : new EventStoreLog({ address: eventStore, deadlineMs: 3000 }),
  accepted: sequencing,
  placement: sequencing,
  signersOf: async (keys) =>
    keys.map(({ verifierKey, untilMs }) => {
      const parsed = parseVerifierKey(sha256, verifierKey);
      if (!parsed.ok) throw new Error('not a verifier key');
      const { name, publicKey } = parsed.value;
      return { signer: noteSigner(sha256, { name, publicKey, sign: (text) => sign(null, text, key) }), untilMs };
    }),
});
let led = false;
setInterval(() => {
  const leads = sequencer.state.kind === 'leading';
  if (leads && !led) writeSync(1, 'leading\n');
  led = leads;
}, 20);
await sequencer.run(new AbortController().signal);
