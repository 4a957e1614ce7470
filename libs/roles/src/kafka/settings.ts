import { readFileSync } from 'node:fs';
import { ConfigError, type Config, type Controllers } from '#host';
import { controllerId, type ControllerId } from '#ledger';

/** Where the brokers are and who we are to them; both type and injection token. */
export class KafkaSettings {
  constructor(
    /** `host:port` of each. */
    readonly brokers: readonly string[],
    /** The controllers whose topics are served. */
    readonly controllers: readonly ControllerId[],
    /** TLS with the machine's authorities, or with these (PEM); undefined: none, for a broker on this machine. */
    readonly tls: { readonly ca: string | undefined } | undefined,
    /** SASL/SCRAM-SHA-512. */
    readonly user: { readonly name: string; readonly password: string } | undefined,
  ) {}

  /** Undefined where no broker is configured. Throws ConfigError. */
  static of(config: Config, controllers: Controllers): KafkaSettings | undefined {
    if (config.kafka.length === 0) return undefined;
    const served = config['kafka-controllers'].map((name) => {
      const id = controllerId(name);
      if (id === undefined || !controllers.has(id))
        throw new ConfigError('setting kafka-controllers: names one that no pack has');
      return id;
    });
    const user = config['kafka-user'];
    const passwordFile = config['kafka-password-file'];
    if ((user === undefined) !== (passwordFile === undefined)) {
      throw new ConfigError('setting kafka-user: needs kafka-password-file, and the other way round');
    }
    const ca = config['kafka-ca'];
    return new KafkaSettings(
      config.kafka,
      served.length > 0 ? served : controllers.all(),
      ca === undefined && !config['kafka-tls']
        ? undefined
        : { ca: ca === undefined ? undefined : textOf('kafka-ca', ca) },
      user === undefined || passwordFile === undefined
        ? undefined
        : { name: user, password: textOf('kafka-password-file', passwordFile).trimEnd() },
    );
  }
}

function textOf(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`setting ${setting}: the file cannot be read`);
  }
}
