/**
 * The real servers that these suites need. Their addresses come from the environment, Kafka's else from a container; where
 * one is missing the suite is skipped, and says how to get it, except where a missing one would hide a failure.
 */
import { HOW_TO_GET_KAFKA, kafkaAddress } from '../running/kafka-address.js';
import { suiteIf } from '../running/suite-if.js';

const HOW = {
  DEPTER_TEST_KAFKA: HOW_TO_GET_KAFKA,
  DEPTER_TEST_WITNESS: 'http://host:port of a litewitness 0.9 (Debian: litetlog)',
  DEPTER_TEST_WITNESS_DATA: 'the data folder of that witness',
  DEPTER_TEST_SERVICES:
    'a folder with `kafka/run` and `witness/add-log`, which start a broker and tell the witness of a log',
} as const;
export type Needed = keyof typeof HOW;

/** The project's own checks start the servers and set this: a missing one is a fault of the set-up then. */
const MUST_BE_THERE = (process.env['DEPTER_TEST_REQUIRED'] ?? '') !== '';

const addressOf = async (variable: Needed): Promise<string> =>
  (variable === 'DEPTER_TEST_KAFKA' ? await kafkaAddress() : process.env[variable]) ?? '';

/** A suite on real servers; `run` is given their addresses. A broker that nobody named may have to be started first. */
export async function onReal(
  name: string,
  needed: readonly Needed[],
  run: (addresses: readonly string[]) => void,
): Promise<void> {
  const addresses = await Promise.all(needed.map(addressOf));
  const missing = needed.filter((_, i) => addresses[i] === '');
  const how = missing.map((variable) => `${variable} is not set: ${HOW[variable]}`).join('; ');
  if (missing.length > 0 && MUST_BE_THERE) throw new Error(how);
  suiteIf(missing.length === 0, name, how, () => run(addresses));
}
