/** One example of every action with all its own fields, as it is sent; and which fields `wire.md` marks as required. */
import type { ActionName } from '../src/stored.js';

const iin = '850505400018';
const client = 'A-100';
const contact = { phone: '+77000000205' };
const items = ['name', 'iin'];
const purposes = ['loan'];

type Example = { readonly required: readonly string[]; readonly data: Readonly<Record<string, unknown>> };

/** Data of actions about a person, without `person` and `on`. */
const PERSONAL = {
  noticed: {
    required: ['edition'],
    data: { items, purposes, edition: 'undated', recipients: ['kz.bank'], channel: 'site', language: 'ru' },
  },
  consented: {
    required: ['consent', 'parts', 'edition', 'act'],
    data: {
      consent: 'C-1',
      parts: [
        { purpose: 'loan' },
        { recipient: 'kz.bank' },
        { 'cross-border': true },
        { publication: true },
        { cookies: 'analytics' },
      ],
      edition: 'undated',
      act: 'click',
      until: 'contract-performed',
      'by-representative': false,
      items,
    },
  },
  'refused-consent': { required: ['parts'], data: { parts: [{ purpose: 'loan' }], items } },
  withdrew: {
    required: ['parts'],
    data: { parts: 'all', channel: 'letter', 'by-representative': true, request: 'W-1', consent: 'C-1' },
  },

  collected: {
    required: ['items', 'origin', 'purposes', 'basis'],
    data: {
      items: [...items, 'relative-phone'],
      origin: { kind: 'bureau', name: 'kz.bureau' },
      purposes,
      basis: 'consent',
      consent: 'C-1',
      contract: 'L-1',
      values: { name: 'Fictitious F', 'relative-phone': '+77000000205' },
      describes: { 'relative-phone': contact },
      medium: 'paper',
      document: 'FORM-1',
      note: 'as told',
      by: 'staff-1',
    },
  },
  verified: { required: ['items', 'with', 'result'], data: { items, with: 'kz.registry', result: 'match' } },
  rectified: { required: ['items'], data: { items, values: { name: 'Fictitious F' }, request: 'R-1' } },
  derived: { required: ['items', 'purposes'], data: { items: ['score'], from: items, purposes, automated: true } },
  used: { required: ['items', 'purposes'], data: { items, purposes, automated: false } },

  transferred: {
    required: ['items', 'recipient', 'purposes', 'basis'],
    data: {
      items,
      recipient: 'xx.host',
      purposes,
      basis: 'consent',
      country: 'XX',
      role: 'processor',
      undertakings: ['confidentiality'],
      via: 'kz.bank',
    },
  },
  notified: { required: ['of', 'channel'], data: { of: 'rectify', channel: 'api', recipient: 'kz.bank', items } },
  confirmed: { required: ['recipient', 'order'], data: { recipient: 'kz.bank', order: 'rectify', items } },

  contracted: { required: ['contract'], data: { contract: 'L-1', until: '2026-12-31', terms: ['assignment-notice'] } },
  defaulted: { required: ['contract'], data: { contract: 'L-1' } },
  performed: { required: ['contract'], data: { contract: 'L-1' } },
  reached: { required: ['purposes'], data: { purposes: 'all', contract: 'L-1' } },
  ceded: { required: ['contract', 'to', 'items'], data: { contract: 'L-1', to: 'kz.collector', items } },

  requested: {
    required: ['request', 'right', 'channel'],
    data: { request: 'R-1', right: 'object-automated', items, channel: 'cabinet', 'by-representative': true },
  },
  identified: { required: ['request', 'means'], data: { request: 'R-1', means: 'passport' } },
  answered: { required: ['request'], data: { request: 'R-1', by: 'staff-7' } },
  refused: { required: ['request', 'ground'], data: { request: 'R-1', ground: '94-v.8.2.law', purposes } },
  extended: {
    required: ['request', 'until', 'reason'],
    data: { request: 'R-1', until: '2026-04-01', reason: 'archive abroad' },
  },
  disputed: { required: ['items'], data: { items, request: 'D-1', alleges: 'untrue', document: 'DOC-1' } },
  resolved: { required: ['request', 'upheld'], data: { request: 'D-1', upheld: true } },
  complained: { required: ['to'], data: { to: 'kz.authority' } },
  ordered: { required: ['by', 'what'], data: { by: 'kz.court', what: 'damages', request: 'D-1' } },

  blocked: { required: ['items', 'cause'], data: { items: 'all', cause: 'dispute', until: '2026-12-31' } },
  unblocked: { required: ['items'], data: { items, request: 'D-1' } },
  held: { required: ['authority'], data: { authority: 'kz.court', until: '2026-12-31' } },
  released: { required: [], data: { authority: 'kz.court' } },
  stopped: { required: ['purposes'], data: { purposes } },
  destroyed: { required: ['items', 'method'], data: { items, method: 'erase', document: 'ACT-1' } },
  'not-destroyed': {
    required: ['items', 'reason', 'medium'],
    data: { items, reason: 'bound file', medium: 'paper' },
  },
  depersonalised: { required: ['items'], data: { items: 'all' } },

  linked: { required: ['other'], data: { other: { client: 'A-200' } } },
  unlinked: { required: ['other'], data: { other: { client: 'A-200' } } },
  corrected: {
    required: ['event', 'reason'],
    data: { event: { source: 'urn:example:los', id: '1' }, reason: 'wrong person' },
  },
} as const satisfies Partial<Record<ActionName, Example>>;

/** Data of actions of the controller, without `on`. */
const CONTROLLERS = {
  published: { required: ['edition'], data: { edition: 'undated', document: 'protocol 4/2' } },
  registered: {
    required: ['entry'],
    data: {
      entry: {
        array: 'members',
        holder: 'Holder H, 1 Sample Street',
        purposes: 'service',
        storage: 'electronic',
        data: 'name, phone',
        subjects: 'members',
        sources: 'members',
        informing: 'notice on the form',
        security: 'access by role',
        responsible: 'data officer of H',
        recipients: 'kz.bank, xx.host.',
        'cross-border': 'xx.host in XX',
      },
    },
  },
  breached: {
    required: ['found', 'breach'],
    data: {
      found: '2026-02-01',
      breach: 'I-1',
      cause: 'recipient',
      items,
      people: [{ iin, client }, contact],
      recipients: ['kz.bank'],
    },
  },
  'breach-reported': { required: ['to'], data: { to: 'kz.authority', breach: 'I-1' } },
  measured: { required: ['breach'], data: { breach: 'I-1' } },
  asked: { required: ['authority', 'request'], data: { authority: 'kz.authority', request: 'O-1' } },
  'answered-authority': { required: ['request'], data: { request: 'O-1' } },
  granted: { required: ['staff', 'scope'], data: { staff: 'staff-1', scope: ['service'] } },
  revoked: { required: ['staff', 'scope'], data: { staff: 'staff-1', scope: ['service'] } },
  undertook: { required: ['what'], data: { recipient: 'kz.bank', what: ['confidentiality'] } },
  'backed-up': { required: ['until', 'place'], data: { until: '2026-12-31', place: 'offsite' } },
} as const satisfies Partial<Record<ActionName, Example>>;

export const PERSONAL_NAMES = Object.keys(PERSONAL) as (keyof typeof PERSONAL)[];

export interface Sent {
  readonly name: ActionName;
  readonly required: readonly string[];
  readonly body: { readonly data: Readonly<Record<string, unknown>>; readonly [attribute: string]: unknown };
}

/** Every example as a whole CloudEvent. */
export const EXAMPLES: readonly Sent[] = [
  ...Object.entries<Example>(PERSONAL).map(([name, { required, data }]) =>
    sent(name as ActionName, [...required, 'person'], { person: { iin, client }, ...data }),
  ),
  ...Object.entries<Example>(CONTROLLERS).map(([name, { required, data }]) => sent(name as ActionName, required, data)),
];

function sent(name: ActionName, required: readonly string[], data: Readonly<Record<string, unknown>>): Sent {
  const body = {
    specversion: '1.0',
    id: `example-${name}`,
    source: 'urn:example:los',
    type: `depter.action.${name}.v1`,
    time: '2026-02-02T10:15:00+05:00',
    controller: 'kz.autosiyliq',
    data,
  };
  return { name, required, body };
}

export function example(name: ActionName): Sent['body'] {
  return EXAMPLES.find((one) => one.name === name)!.body;
}
