/** `npm run bench:services [-- --quick] [--only worker|parts] [--profile DIR]`. */
import { parseArgs } from 'node:util';
import { CommandFailure } from '../../failure.js';
import { benchServices } from './bench.js';
import { addressesFrom } from './servers.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    actions: { type: 'string', default: '100000' },
    postgres: { type: 'string' },
    kafka: { type: 'string' },
    eventstore: { type: 'string' },
    profile: { type: 'string' },
  },
});

try {
  const actions = values.quick ? 10_000 : Number(values.actions);
  await benchServices({
    actions,
    persons: Math.ceil(actions / 5),
    addresses: addressesFrom({ postgres: values.postgres, kafka: values.kafka, eventstore: values.eventstore }),
    nodeFlags: values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
    only: values.only,
    write: (text) => process.stdout.write(text),
  });
} catch (error) {
  if (!(error instanceof CommandFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.status;
}
