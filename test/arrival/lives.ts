/**
 * Random lives of a few people who know each other, as actions: two clients, each with a number of the state's and one of
 * the lender's, a phone that is known before its owner is, and somebody whom the clients only gave as a contact.
 */
import fc from 'fast-check';
import { fictitiousPerson } from '../../apps/cli/src/simulate/fictitious.js';

export interface Act {
  readonly id: string;
  readonly [field: string]: unknown;
}

type Data = Readonly<Record<string, unknown>>;

/** By whom an action names its person; resolved when the life is told, since each telling is of other people. */
const NAMED = [
  'first',
  'first-iin',
  'first-client',
  'first-phone',
  'second',
  'second-iin',
  'contact',
  'confused',
] as const;
export type Named = (typeof NAMED)[number];

export interface Drawn {
  readonly name: string;
  readonly who: Named;
  readonly day: string;
  /** Local; undefined where the action is known by its day alone. */
  readonly hour: string | undefined;
  readonly data: Data;
  /** One of the items is about somebody else. */
  readonly about: Named | undefined;
}

export interface Life {
  readonly drawn: readonly Drawn[];
  /** Which of them were wrong; each is corrected, and where it says so the correction itself is. */
  readonly corrected: readonly { readonly which: number; readonly again: boolean }[];
  /** Who is ended as a whole, after all else. */
  readonly ended: readonly Named[];
}

const ITEMS = ['name', 'phone', 'address', 'cookie', 'home-phone', 'deprived-entry', 'shoe-size'];
const PURPOSES = ['loan', 'advertising', 'deprived-list', 'solvency', 'fortune-telling'];
const RECIPIENTS = ['kz.bank', 'xx.sms', 'kz.collector', 'kz.bureau.private', 'some.unknown'];
const REQUESTS = ['R-1', 'R-2'];
/** Few, so that many actions share a place; with gaps in which time alone acts. */
const DAYS = ['2026-02-02', '2026-02-03', '2026-02-16', '2026-03-10', '2026-06-15', '2026-10-01'];
export const AS_OF = ['2026-02-02', '2026-02-17', '2026-03-01', '2026-06-16', '2026-10-02', '2027-11-01', '2031-10-02'];

const one = (list: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...list);
const some = (list: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray([...list], { minLength: 1, maxLength: 3 });
const someOrAll = (list: readonly string[]): fc.Arbitrary<string[] | 'all'> =>
  fc.oneof(some(list), fc.constant('all' as const));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const items = some(ITEMS);
const purposes = some(PURPOSES);
const consent = one(['C-1', 'C-2']);
const contract = one(['L-1', 'L-2']);
const request = one(REQUESTS);
const until = maybe(one(['2026-03-01', '2026-09-30']));
const values = maybe(fc.dictionary(one(ITEMS), one(['x', 'y', 'z', '\u{1f600}', '\uff5e'])));
const parts = fc
  .tuple(some(PURPOSES), fc.subarray([...RECIPIENTS]), fc.boolean())
  .map(([given, to, abroad]) => [
    ...given.map((purpose) => ({ purpose })),
    ...to.map((recipient) => ({ recipient })),
    ...(abroad ? [{ 'cross-border': true }] : []),
  ]);
const origin = fc.constantFrom(
  { kind: 'subject' },
  { kind: 'bureau', name: 'kz.bureau.private' },
  { kind: 'bureau', name: 'some.unknown' },
  { kind: 'another-subject' },
);

/** The own fields of each action about a person. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  noticed: { edition: fc.constant('undated'), items: maybe(items), purposes: maybe(purposes) },
  consented: { consent, edition: fc.constant('undated'), act: fc.constant('click'), parts, until, items: maybe(items) },
  'refused-consent': { parts },
  withdrew: { parts: fc.oneof(fc.constant('all'), parts), consent: maybe(consent), request: maybe(request) },
  collected: { items, origin, purposes, basis: one(['consent', 'law', 'contract']), contract: maybe(contract), values, note: maybe(one(['n'])), by: maybe(one(['S-1'])) },
  verified: { items, result: one(['match', 'mismatch']), with: one(RECIPIENTS) },
  derived: { items, purposes, from: maybe(items) },
  rectified: { items, values },
  used: { items, purposes },
  transferred: { items, recipient: one(RECIPIENTS), purposes, basis: one(['consent', 'law']), country: maybe(one(['KZ', 'RU'])) },
  notified: { of: one(['rectify', 'destroy', 'stop', 'notify-arrears', 'notify-subject']), channel: fc.constant('sms'), recipient: maybe(one(RECIPIENTS)), items: maybe(items) },
  confirmed: { recipient: one(RECIPIENTS), order: one(['rectify', 'destroy', 'stop']), items: maybe(items) },
  contracted: { contract },
  defaulted: { contract },
  performed: { contract },
  reached: { purposes: someOrAll(PURPOSES) },
  ceded: { contract, to: fc.constant('kz.collector'), items, purposes: fc.constant(['collect-debt']) },
  requested: { request, right: one(['destroy', 'block', 'rectify', 'access', 'withdraw']), channel: fc.constant('email'), items: maybe(items) },
  identified: { means: fc.constant('passport'), request },
  answered: { request },
  refused: { request, ground: fc.constant('94-v.8.2.law'), items: maybe(items) },
  extended: { reason: fc.constant('much'), request, until: one(['2026-03-20']) },
  disputed: { items, request, alleges: maybe(one(['unlawful', 'untrue'])), document: maybe(fc.constant('DOC')) },
  resolved: { request, upheld: fc.boolean() },
  complained: { to: fc.constant('kz.authority') },
  ordered: { by: fc.constant('kz.authority'), what: one(['block', 'destroy', 'rectify']), items: maybe(items) },
  blocked: { items: someOrAll(ITEMS), cause: fc.constant('dispute'), request: maybe(request), until },
  unblocked: { items, request: maybe(request) },
  held: { authority: fc.constant('kz.authority'), until },
  released: { authority: maybe(fc.constant('kz.authority')) },
  stopped: { purposes: someOrAll(PURPOSES) },
  destroyed: { items, method: one(['erase', 'shred']) },
  depersonalised: { items },
  'not-destroyed': { items, reason: fc.constant('bound'), medium: fc.constant('paper') },
  linked: {},
  unlinked: {},
}; // prettier-ignore
const NAMES = Object.keys(SHAPES);

const drawn: fc.Arbitrary<Drawn> = fc
  .constantFrom(...NAMES, 'collected', 'collected', 'collected', 'consented', 'transferred')
  .chain((name) =>
    fc.record({
      name: fc.constant(name),
      who: fc.constantFrom<Named>(
        ...NAMED.slice(0, 7),
        'first',
        'first',
        'second',
        // One in many names two people as one.
        ...(name === 'used' || name === 'answered' ? ['confused' as const] : []),
      ),
      day: one(DAYS),
      hour: maybe(one(['09:00:00', '12:00:00'])),
      data: fc.record(SHAPES[name]!),
      about: fc.option(fc.constantFrom<Named>('contact', 'contact', 'second-iin', 'first'), {
        nil: undefined,
        freq: 4,
      }),
    }),
  );

/** Consent and transfer at one instant, and a phone known before the number that it turns out to belong to. */
const always: readonly Drawn[] = [
  { name: 'collected', who: 'first-phone', day: '2026-02-02', hour: '09:00:00', data: { items: ['phone', 'cookie'], origin: { kind: 'subject' }, purposes: ['advertising'], basis: 'consent' }, about: undefined },
  { name: 'consented', who: 'first', day: '2026-02-03', hour: '09:00:00', data: { consent: 'C-1', edition: 'undated', act: 'click', parts: [{ purpose: 'loan' }, { recipient: 'kz.bank' }] }, about: undefined },
  { name: 'transferred', who: 'first-iin', day: '2026-02-03', hour: '09:00:00', data: { items: ['name'], recipient: 'kz.bank', purposes: ['loan'], basis: 'consent' }, about: undefined },
]; // prettier-ignore

export const life: fc.Arbitrary<Life> = fc.record({
  drawn: fc
    .tuple(fc.array(drawn, { minLength: 8, maxLength: 28 }), fc.boolean())
    .map(([acts, withPair]) => (withPair ? [...always, ...acts] : acts)),
  corrected: fc.array(fc.record({ which: fc.nat(27), again: fc.boolean() }), { maxLength: 3 }),
  ended: fc.subarray<Named>(['first-iin', 'second-iin', 'contact'], { maxLength: 2 }),
});

/** The people of one telling; no two tellings share anybody. */
export function peopleOf(telling: number): Readonly<Record<Named, Readonly<Record<string, string>>>> {
  const [first, second, contact] = [0, 1, 2].map((place) => fictitiousPerson(7, telling * 3 + place));
  const both = { iin: first!.iin, client: first!.client };
  return {
    first: both,
    'first-iin': { iin: first!.iin },
    'first-client': { client: first!.client },
    'first-phone': { phone: first!.phone },
    second: { iin: second!.iin, client: second!.client },
    'second-iin': { iin: second!.iin },
    contact: { phone: contact!.phone },
    confused: { iin: second!.iin, client: first!.client },
  };
}

const SOURCE = 'urn:example:arrival';

/** The actions of a life, those that end a person apart: they come last, in whatever order the rest does. */
export function told(
  telling: number,
  { drawn: acts, corrected, ended }: Life,
): { readonly acts: Act[]; readonly ends: Act[] } {
  const people = peopleOf(telling);
  const action = (id: string, name: string, data: Data, more: Data = {}): Act => ({
    specversion: '1.0',
    id: `${telling}-${id}`,
    source: SOURCE,
    type: `depter.action.${name}.v1`,
    ...more,
    data,
  });
  const plain = acts.map((act, at) => {
    const when = act.hour === undefined ? {} : { time: `${act.day}T${act.hour}+05:00` };
    const on = act.hour === undefined ? { on: act.day } : {};
    return action(`act-${at}`, act.name, { ...on, person: people[act.who], ...dataOf(act, people) }, when);
  });
  const wrong = (id: string) => ({ on: '2026-02-02', person: people.first, event: { source: SOURCE, id: `${telling}-${id}` }, reason: 'wrong' }); // prettier-ignore
  const corrections = corrected.flatMap(({ which, again }, at) => [
    action(`fix-${at}`, 'corrected', wrong(`act-${which}`)),
    ...(again ? [action(`unfix-${at}`, 'corrected', wrong(`fix-${at}`))] : []),
  ]);
  const ends = ended.map((who) =>
    action(`end-${who}`, 'destroyed', { on: '2026-10-01', person: people[who], items: 'all', method: 'erase' }),
  );
  return { acts: [...plain, ...corrections], ends };
}

function dataOf({ name, who, data, about }: Drawn, people: Readonly<Record<Named, Data>>): Data {
  const { values: given, ...rest } = Object.fromEntries(
    Object.entries(data).filter(([, value]) => value !== undefined),
  );
  // A link is of the client and the phone, or, now and then, of people who are not one.
  if (name === 'linked' || name === 'unlinked') {
    return {
      other: about === 'contact' ? people['second-iin'] : who === 'first-phone' ? people.first : people['first-phone'],
    };
  }
  const named = rest['items'];
  const among = Array.isArray(named) ? (named as string[]) : [];
  const kept = Object.entries((given ?? {}) as Readonly<Record<string, string>>).filter(([item]) =>
    among.includes(item),
  );
  const described = about === undefined || among.length === 0 ? {} : { describes: { [among.at(-1)!]: people[about] } };
  return { ...rest, ...described, ...(kept.length > 0 ? { values: Object.fromEntries(kept) } : {}) };
}
