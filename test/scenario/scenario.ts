/** The worked scenarios as data: what is fed, what is asked, what must be answered (`test/scenarios/README.md`). */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Identifiers = Readonly<Record<string, string>>;

export interface Feed {
  readonly n: number;
  readonly on: string;
  readonly do: string;
  readonly person?: string;
  readonly time?: string;
  readonly items?: readonly string[] | 'all';
  readonly purposes?: readonly string[];
  readonly recipient?: string;
  readonly to?: string;
  readonly basis?: string;
  readonly [field: string]: unknown;
}

export interface ItemAsk {
  readonly state?: string;
  readonly from?: readonly (readonly string[])[];
  readonly purposes?: Readonly<Record<string, string | readonly [string, string]>>;
  readonly shared?: readonly (readonly [string, string])[];
  readonly until?: UntilAsk;
  readonly fate?: { readonly on: string; readonly due?: string; readonly backupsUntil?: string };
}

export interface UntilAsk {
  readonly date?: string;
  readonly event?: string;
  readonly then?: string;
  readonly silent?: boolean;
  readonly provisional?: boolean;
  readonly because?: readonly string[];
}

export interface OrderAsk {
  readonly order: string;
  readonly recipient: string;
  readonly items: readonly string[];
  readonly on: string;
  readonly confirmed: string;
}

export interface Ask {
  readonly row: number | string;
  readonly on: string;
  readonly person?: string;
  readonly lineage?: {
    readonly asOf: string;
    readonly items: Readonly<Record<string, ItemAsk>>;
    readonly orders?: readonly OrderAsk[];
  };
  readonly contains?: {
    readonly view: string;
    readonly n?: number;
    readonly has?: readonly string[];
    readonly items?: unknown;
    readonly [field: string]: unknown;
  };
  readonly [kind: string]: unknown;
}

export interface Scenario {
  readonly scenario: string;
  readonly title: string;
  readonly controller: string;
  readonly zone: string;
  readonly people: Readonly<Record<string, Identifiers & { readonly contacts?: unknown }>>;
  readonly purposes: Readonly<Record<string, { readonly clause: string }>>;
  readonly recipients: Readonly<Record<string, { readonly role: string; readonly country: string }>>;
  readonly minimums: Readonly<Record<string, { readonly clause?: string; readonly mark: string }>>;
  readonly feed: readonly Feed[];
  readonly asks: readonly Ask[];
}

export function scenario(name: string): Scenario {
  return parse(readFileSync(`test/scenarios/${name}.yaml`, 'utf8')) as Scenario;
}
