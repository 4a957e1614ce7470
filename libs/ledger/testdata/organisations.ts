/** The lives of `lifecycle.ts` told of each of the five organisations: the same acts, with ids that its own packs list. */
import type { Act } from './lifecycle.js';

/**
 * For each id of a life what stands for it: of the items one that a minimum keeps, one of advertising, one that a purpose
 * nothing else carries needs; of the purposes one of the contract first.
 */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'kz.autosiyliq': {},
  'kz.finbox': {
    name: 'iin',
    cookie: 'photo',
    address: 'bureau-consents',
    'deprived-entry': 'contact-phone',
    loan: 'microcredit',
    advertising: 'bureau-supply',
    'deprived-list': 'contact',
    targeting: 'bureau-report',
    'collect-debt': 'rights',
    'xx.sms': 'kz.bureau.private',
    'kz.collector': 'kz.bureau.state',
    undated: 'edition-1',
  },
  'kg.somo': {
    name: 'id-copy',
    cookie: 'cookie',
    address: 'address-actual',
    'deprived-entry': 'debt',
    loan: 'contract',
    advertising: 'advertising',
    'deprived-list': 'settle',
    targeting: 'identify',
    'collect-debt': 'recover',
    'kz.bank': 'kg.bank',
    'xx.sms': 'kg.bureau',
    'kz.collector': 'kg.collector',
    'kz.bureau.private': 'kg.bureau',
    'kz.bureau.state': 'kg.registry',
    'kz.authority': 'kg.court',
    '94-v.8.2.law': 'law-58.15.others-rights',
    undated: 'edition-1',
  },
  'kg.softskills': {
    name: 'name',
    cookie: 'ip',
    address: 'email',
    'deprived-entry': 'preferences',
    loan: 'consult',
    advertising: 'advertising',
    'deprived-list': 'analytics',
    targeting: 'evaluate',
    'collect-debt': 'bank-talks',
    'kz.bank': 'kg.bank',
    'xx.sms': 'kg.partner-site',
    'kz.collector': 'kg.partner-other',
    'kz.bureau.private': 'kg.bank',
    'kz.bureau.state': 'kg.agency',
    'kz.authority': 'kg.court',
    '94-v.8.2.law': 'law-58.15.others-rights',
  },
  'kg.holder': {
    name: 'name',
    cookie: 'address',
    address: 'phone',
    'deprived-entry': 'neighbour-phone',
    loan: 'service',
    advertising: 'contact',
    'deprived-list': 'unheard-of',
    targeting: 'service',
    'collect-debt': 'service',
    'kz.bank': 'kg.processor',
    'xx.sms': 'xx.host',
    'kz.collector': 'kg.ombudsman',
    'kz.bureau.private': 'kg.agency',
    'kz.bureau.state': 'kg.agency',
    'kz.authority': 'kg.court',
    '94-v.8.2.law': 'law-58.15.others-rights',
  },
};

export const ORGANISATIONS = Object.keys(WORDS);

/** An id of `lifecycle.ts` as the organisation calls it. */
export function wordOf(controller: string, id: string): string {
  return WORDS[controller]?.[id] ?? id;
}

/** The same acts, told of the organisation. */
export function toldOf(controller: string, acts: readonly Act[]): readonly Act[] {
  return renamed(acts, controller) as readonly Act[];
}

function renamed(value: unknown, controller: string): unknown {
  if (typeof value === 'string') return value === 'kz.autosiyliq' ? controller : wordOf(controller, value);
  if (Array.isArray(value)) return value.map((one) => renamed(one, controller)).filter(isFirst);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, one]) => [
      field,
      field === 'values' ? keysRenamed(one as object, controller) : renamed(one, controller),
    ]),
  );
}

/** Values stand under the id of their item. */
function keysRenamed(values: object, controller: string): object {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [wordOf(controller, id), value as unknown]));
}

/** Two ids may be called the same. */
function isFirst(one: unknown, at: number, all: readonly unknown[]): boolean {
  return all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at;
}
