/** What an engine gives to the contract suites: its ports, over a place of storage that can be closed and opened again. */
import { controllerId, type ControllerId } from '#ledger';
import {
  Clock,
  type AccessKeys,
  type Destructions,
  type Keys,
  type Ledger,
  type Rules,
  type StoreHealth,
  type TransparencyLog,
  type Vault,
} from '#store';

export interface Engine {
  readonly ledger: Ledger;
  readonly log: TransparencyLog;
  readonly vault: Vault;
  readonly keys: Keys;
  readonly destructions: Destructions;
  readonly accessKeys: AccessKeys;
  health(): StoreHealth;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly rulebookFor: (controller: ControllerId) => Rules | undefined;
  readonly clock: Clock;
  readonly limits?: { readonly queuedActions: number };
}

/** One place of storage: `open` may be called again after the engine was closed, and gives what was there. */
export interface Place {
  open(options: EngineOptions): Promise<Engine>;
  /** Removes the place; its engine is closed by then. */
  remove(): Promise<void>;
}

export type MakePlace = () => Promise<Place>;

export const somo = controllerId('kg.somo')!;
export const siyliq = controllerId('kz.autosiyliq')!;
export const unknown = controllerId('kz.nobody')!;

/** A clock that stands where it is put. */
export class StandingClock extends Clock {
  ms: number;

  constructor(time: string) {
    super();
    this.ms = Date.parse(time);
  }

  override now(): number {
    return this.ms;
  }
}

/** Packs of the suites: a few ids of each kind that the actions below use; what is not here becomes a reference. */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  item: ['name', 'phone', 'address', 'income'],
  purpose: ['loan', 'marketing'],
  organisation: ['kz.bureau', 'kz.collector'],
  basis: ['consent', 'contract'],
};

export function rules(more: Readonly<Record<string, readonly string[]>> = {}): Rules {
  const ids = (kind: string): readonly string[] => [...(LISTED[kind] ?? []), ...(more[kind] ?? [])];
  return { has: (kind, id) => ids(kind).includes(id), all: ids };
}

const made = new Map([somo, siyliq].map((controller) => [controller, rules()]));

export function options(more: Partial<EngineOptions> = {}): EngineOptions {
  return {
    rulebookFor: (controller) => made.get(controller),
    clock: new StandingClock('2026-03-01T10:00:00Z'),
    ...more,
  };
}
