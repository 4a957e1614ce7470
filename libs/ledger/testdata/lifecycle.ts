/** Random lives of a borrower, as actions: for properties that must hold whatever happens. */
import fc from 'fast-check';

export interface Act {
  readonly id: string;
  readonly [field: string]: unknown;
}

export const CLIENT = { iin: '850505400018', client: 'A-100' } as const;
export const PHONE = { phone: '+77000000104' } as const;

const items = ['name', 'cookie', 'address', 'deprived-entry'];
const purposes = ['loan', 'advertising', 'deprived-list'];
const recipients = ['kz.bank', 'xx.sms', 'kz.collector'];
const requests = ['R-1', 'R-2'];
const days = ['2026-02-02', '2026-02-03', '2026-02-16', '2026-03-10', '2026-06-15', '2026-10-01'];

const some = (list: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...list], { minLength: 1, maxLength: 3 });
const one = (list: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...list);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const parts = fc
  .tuple(some(purposes), fc.subarray([...recipients]))
  .map(([given, to]) => [...given.map((purpose) => ({ purpose })), ...to.map((recipient) => ({ recipient }))]);
const consent = one(['C-1', 'C-2']);
const contract = one(['L-1', 'L-2']);
const origin = fc.oneof(
  fc.constant({ kind: 'subject' }),
  fc.constant({ kind: 'bureau', name: 'kz.bureau.private' }),
  fc.constant({ kind: 'bureau', name: 'some.unknown' }),
);
const values = maybe(fc.dictionary(one(['name', 'address']), one(['x', 'y', 'z', '\u{1f600}', '\uff5e'])));
const until = maybe(one(['2026-03-01', '2026-09-30']));

/** Own fields by name of the action. */
const shapes = {
  consented: { consent, edition: fc.constant('undated'), act: fc.constant('click'), parts, until, items: maybe(some(items)) },
  withdrew: { parts: fc.oneof(fc.constant('all'), parts), consent: maybe(consent), request: maybe(one(requests)) },
  collected: { items: some(items), origin, purposes: some(purposes), basis: one(['consent', 'law']), contract: maybe(contract), values },
  derived: { items: some(items), purposes: some(purposes) },
  rectified: { items: some(items), values },
  transferred: { items: some(items), recipient: one([...recipients, 'some.unknown']), purposes: some(purposes), basis: one(['consent', 'law']) },
  notified: { of: one(['rectify', 'destroy', 'notify-arrears']), channel: fc.constant('sms'), recipient: maybe(one(recipients)), items: maybe(some(items)) },
  confirmed: { recipient: one(recipients), order: one(['rectify', 'destroy']), items: maybe(some(items)) },
  contracted: { contract },
  defaulted: { contract },
  performed: { contract },
  reached: { purposes: fc.oneof(fc.constant('all'), some(purposes)) },
  ceded: { contract, to: fc.constant('kz.collector'), items: some(items), purposes: fc.constant(['collect-debt']) },
  requested: { request: one(requests), right: one(['destroy', 'block', 'rectify', 'access']), channel: fc.constant('email'), items: maybe(some(items)) },
  refused: { request: one(requests), ground: fc.constant('94-v.8.2.law') },
  answered: { request: one(requests) },
  disputed: { items: some(items), request: one(requests), document: maybe(fc.constant('DOC')) },
  resolved: { request: one(requests), upheld: fc.boolean() },
  blocked: { items: some(items), cause: fc.constant('dispute'), request: maybe(one(requests)), until },
  unblocked: { items: some(items), request: maybe(one(requests)) },
  held: { authority: fc.constant('kz.authority'), until },
  released: { authority: maybe(fc.constant('kz.authority')) },
  stopped: { purposes: fc.oneof(fc.constant('all'), some(purposes)) },
  destroyed: { items: some(items), method: one(['erase', 'shred']) },
  'not-destroyed': { items: some(items), reason: fc.constant('bound'), medium: fc.constant('paper') },
} as const;
type Name = keyof typeof shapes;

interface Drawn {
  readonly name: Name;
  readonly data: Readonly<Record<string, unknown>>;
  /** Which of the few days of the life. */
  readonly day: number;
  /** Undefined: known by its day alone. */
  readonly hour: string | undefined;
  readonly person: 'both' | 'iin' | 'client' | 'phone';
}

const drawn: fc.Arbitrary<Drawn> = fc
  .constantFrom(...(Object.keys(shapes) as Name[]), ...(['collected', 'collected', 'consented'] as const))
  .chain((name) =>
    fc.record({
      name: fc.constant(name),
      data: fc.record(shapes[name] as Record<string, fc.Arbitrary<unknown>>),
      day: fc.nat(1),
      // Few hours, so that many acts share an instant.
      hour: maybe(one(['09:00:00', '12:00:00'])),
      person: fc.constantFrom('both', 'both', 'iin', 'client', 'phone'),
    }),
  );

const people = { both: CLIENT, iin: { iin: CLIENT.iin }, client: { client: CLIENT.client }, phone: PHONE } as const;

function actOf({ name, data, day: which, hour, person }: Drawn, at: number, among: readonly string[]): Act {
  const day = among[which % among.length]!;
  const stated = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  const given = Object.entries((data['values'] ?? {}) as Readonly<Record<string, string>>);
  const named = given.filter(([item]) => (data['items'] as readonly string[]).includes(item));
  delete stated['values'];
  if (named.length > 0) stated['values'] = Object.fromEntries(named);
  return {
    specversion: '1.0',
    id: `act-${at}`,
    source: 'urn:example:los',
    type: `depter.action.${name}.v1`,
    controller: 'kz.autosiyliq',
    ...(hour === undefined ? {} : { time: `${day}T${hour}+05:00` }),
    data: { ...(hour === undefined ? { on: day } : {}), person: people[person], ...stated },
  };
}

function plain(id: string, name: string, data: Readonly<Record<string, unknown>>): Act {
  const base = { specversion: '1.0', source: 'urn:example:los', controller: 'kz.autosiyliq' };
  return { ...base, id, type: `depter.action.${name}.v1`, data: { on: '2026-02-02', person: CLIENT, ...data } };
}

/** A life: some acts, a link between the phone and the numbers, and corrections of some of the acts. */
export const life: fc.Arbitrary<readonly Act[]> = fc
  .tuple(
    fc.array(drawn, { minLength: 10, maxLength: 30 }),
    fc.array(fc.nat(24), { maxLength: 3 }),
    fc.boolean(),
    // Few days, so that many acts share a place.
    fc.subarray(days, { minLength: 1, maxLength: 2 }),
  )
  .map(([acts, wrong, isLinked, among]) => {
    const told = acts.map((act, at) => actOf(act, at, among));
    const corrections = wrong.map((which, at) =>
      plain(`fix-${at}`, 'corrected', { event: { source: 'urn:example:los', id: `act-${which}` }, reason: 'wrong' }),
    );
    const links = isLinked ? [plain('link', 'linked', { other: PHONE })] : [];
    // The number and the client's number are one person from the first.
    return [plain('first', 'noticed', { edition: 'undated', purposes: ['loan'], items: ['name'] }), ...told, ...links, ...corrections];
  });

/** The same acts in another order, some of them twice. */
export const shuffled = (acts: readonly Act[]): fc.Arbitrary<readonly Act[]> =>
  fc
    .subarray([...acts])
    .chain((again) => fc.shuffledSubarray([...acts, ...again], { minLength: acts.length + again.length }));
