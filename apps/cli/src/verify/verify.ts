/** `depter verify ARCHIVE|CERTIFICATE|URL`: whether what a log shows is what it has signed. */
import { readFile } from 'node:fs/promises';
import { latestGenerationAt, servedLog } from './served-log.js';
import { formatVerifierKey, logPolicy, type Policy } from '#proof';
import { CommandFailure, wrongUse } from '../failure.js';
import { peerOf } from '../peer.js';
import { Bar, type Screen } from './bar.js';
import { believed } from './believed.js';
import { FileAccess } from './file-access.js';
import { judged } from './judged.js';
import { logKeys } from './log-keys.js';
import { helping } from './second-thread.js';
import { nodePrimitives } from './primitives.js';
import { toldCosigned, toldFault } from './told.js';
import { verifyLog } from './verify-log.js';

export interface VerifySettings {
  /** A file, or the address of a server or of one log on it. */
  readonly target: string;
  readonly controller: string | undefined;
  readonly key: string | undefined;
  readonly policyFile: string | undefined;
  readonly vkeys: readonly string[];
  readonly out: Screen;
  readonly err: Screen;
}

/** Says what was found; whether it is good. Throws CommandFailure. */
export async function verify(settings: VerifySettings): Promise<boolean> {
  const { policyFile } = settings;
  const file = policyFile === undefined ? undefined : await readFile(policyFile).catch(() => undefined);
  if (policyFile !== undefined && file === undefined) throw wrongUse('The file given to --policy cannot be read.');
  const said = believed(nodePrimitives.sha256, file, settings.vkeys);
  if ('wrong' in said) throw wrongUse(said.wrong);
  return /^https?:\/\//.test(settings.target) ? overHttp(settings, said.policy) : offline(settings, said.policy);
}

async function offline({ target, out, err }: VerifySettings, policy: Policy | undefined): Promise<boolean> {
  let archive: FileAccess;
  try {
    archive = FileAccess.open(target);
  } catch (error) {
    throw wrongUse(`The archive cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}).`);
  }
  const bar = new Bar(err, 'entries');
  const beside = helping(target);
  try {
    const { good, text } = await judged(nodePrimitives, archive, {
      policy,
      helper: beside.helper,
      onProgress: (done, all) => bar.show(done, all),
    });
    bar.clear();
    out.write(text);
    return good;
  } finally {
    await beside.close();
    archive.close();
  }
}

async function overHttp(settings: VerifySettings, policy: Policy | undefined): Promise<boolean> {
  const { target, out, err, key } = settings;
  const peer = peerOf(logless(target), key ?? 'none');
  const prefix = await prefixOf(settings, peer);
  const log = servedLog(peer, prefix);
  const { keys, introductions } = await logKeys(log, policy, prefix);
  if (keys.length === 0) {
    out.write(toldFault({ code: 'origin-mismatch', place: 'keys' }));
    return false;
  }
  const bar = new Bar(err, key === undefined ? 'hashes' : 'entries');
  const verdict = await verifyLog(log, {
    policy: policy === undefined ? logPolicy(...keys) : { ...policy, logs: keys },
    introductions,
    entries: key !== undefined,
    onProgress: (done, all) => bar.show(done, all),
  });
  bar.clear();
  if (!verdict.ok) {
    out.write(toldFault(verdict.fault));
    return false;
  }
  const { size, checkpoints, cosignatures, retired } = verdict;
  out.write(`good\n  log           ${keys[0]!.name}, ${size} entries, ${checkpoints} checkpoints of one history\n`);
  out.write(`  cosigned      ${toldCosigned(cosignatures)}\n`);
  out.write(`  key           ${keys.map(formatVerifierKey).join(', ')}\n`);
  if (retired !== null) out.write(`  retired       ${retired}: no key that signs later has signed this checkpoint\n`);
  if (key === undefined)
    out.write('\nThe hashes alone were checked: entries are given to a regulator or an auditor, with --key.\n');
  if (policy === undefined)
    out.write(
      '\nThe key was taken from the server itself: compare it with the published one, or give that one with --vkey.\n',
    );
  return true;
}

/** The address of the server, of an address that may be that of one of its logs. */
function logless(target: string): string {
  return target.replace(/\/log\/[^/]+\/\d+\/?$/, '');
}

async function prefixOf({ target, controller }: VerifySettings, peer: ReturnType<typeof peerOf>): Promise<string> {
  const said = /\/log\/[^/]+\/\d+(?=\/?$)/.exec(target)?.[0];
  if (said !== undefined) return said;
  if (controller === undefined) throw wrongUse('Give the address of a log, URL/log/CONTROLLER/1, or say --controller.');
  const generation = await latestGenerationAt(peer, controller);
  if (generation === 0) throw new CommandFailure(1, 'This controller has no log at that address.');
  return `/log/${controller}/${generation}`;
}
