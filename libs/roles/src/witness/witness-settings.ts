import { readFileSync } from 'node:fs';
import { ConfigError, type Config } from '#host';
import { parsePolicy, type Policy, type Quorum, type VerifierKey } from '#proof';
import { sha256 } from '#store';

/** A witness, and where it is asked. */
export interface Witness {
  readonly key: VerifierKey;
  /** `<address>/add-checkpoint`. */
  readonly url: string;
}

/** Which witnesses cosign the logs, and how many of them are enough; both type and injection token. */
export class WitnessSettings {
  constructor(
    readonly witnesses: readonly Witness[],
    /** Without logs: each log has its own key. */
    readonly policy: Policy,
    readonly intervalMs: number,
  ) {}

  /** Undefined where no policy is configured. Throws ConfigError. */
  static of(config: Config): WitnessSettings | undefined {
    const path = config['witness-policy'];
    if (path === undefined) return undefined;
    const read = parsePolicy(sha256, bytesOf(path));
    if (!read.ok) throw wrong(`${read.code}${read.line === 0 ? '' : ` (line ${read.line})`}`);
    const { witnesses, quorum, addresses } = read.value;
    if (witnesses.length === 0 || quorum.kind === 'none') throw wrong('asks for no witness');
    const asked = witnesses.flatMap((key) => {
      const address = addresses.get(key);
      return address === undefined ? [] : [{ key, url: addOf(address) }];
    });
    const reachable = new Set(asked.map(({ key }) => key));
    if (!canMeet(quorum, reachable)) throw wrong('its quorum needs witnesses that have no address');
    return new WitnessSettings(asked, { logs: [], witnesses, quorum }, config['witness-seconds'] * 1000);
  }
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw wrong('the file cannot be read');
  }
}

function addOf(address: string): string {
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw wrong('an address is not http(s)://…');
  return `${address.replace(/\/+$/, '')}/add-checkpoint`;
}

function canMeet(quorum: Quorum, reachable: ReadonlySet<VerifierKey>): boolean {
  switch (quorum.kind) {
    case 'none':
      return true;
    case 'witness':
      return reachable.has(quorum.key);
    case 'group':
      return quorum.members.filter((member) => canMeet(member, reachable)).length >= quorum.threshold;
  }
}

function wrong(what: string): ConfigError {
  return new ConfigError(`setting witness-policy: ${what}`);
}
