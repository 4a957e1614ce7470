import { entryHead, type EntryHead } from './entry-head.js';
import { faulty, good, type Judged } from './fault.js';
import { parseVerifierKey } from './key.js';
import { logPolicy, type Policy } from './policy.js';
import { decodeText, fromBase64 } from './text.js';
import { verifyReceipt, type Primitives, type VerifiedCheckpoint } from './verifier.js';

/** What a certificate of destruction proves: that the controller recorded this, in a log that its signatures bind it to. */
export interface CertificateReport {
  readonly controller: string;
  readonly subject: string;
  readonly act: string;
  readonly items: readonly string[] | 'all';
  readonly method: string | null;
  readonly recorded: string;
  /** When the keys were gone, and the rest; null of what somebody else carried out and reported. */
  readonly done: { readonly shredded: string; readonly swept: string } | null;
  readonly checkpoint: VerifiedCheckpoint;
  /** Whether it was said beforehand whom to believe, or the certificate's own key was taken. */
  readonly keys: 'given' | 'own';
}

const malformed = (place: string) => faulty('certificate-malformed', place);
const mismatch = (place: string) => faulty('certificate-mismatch', place);

/** Checks a certificate, as JSON that a hostile holder would write: both entries are in the log, and say what it says. */
export function verifyCertificate(
  primitives: Primitives,
  data: Uint8Array,
  policy: Policy | undefined,
): Judged<CertificateReport> {
  const told = objectOf(parsed(data));
  if (told === undefined) return malformed('the certificate');
  const { controller, subject, event, act, at, recorded, verifierKey } = told;
  const texts = [controller, subject, event, act, recorded, verifierKey];
  if (!texts.every((text) => typeof text === 'string')) return malformed('the certificate');
  const key = parseVerifierKey(primitives.sha256, verifierKey as string);
  if (!key.ok || key.value.use !== 'note') return faulty('key-malformed', 'verifierKey');
  const believed = policy ?? logPolicy(key.value);

  const outcome = proven(primitives, believed, told['outcome'], 'outcome');
  if (!outcome.ok) return outcome;
  const { head, data: said, checkpoint } = outcome.value;
  if (!isLogOf(checkpoint.head.origin, controller as string)) return mismatch('controller');
  const claims = { subject, event, act, at, recorded };
  const entry = {
    subject: head.subject,
    event: head.id,
    act: head.type,
    at: outcome.value.at,
    recorded: head.recorded,
  };
  for (const field of ['event', 'act', 'subject', 'at', 'recorded'] as const)
    if (claims[field] !== entry[field]) return mismatch(field);
  for (const field of ['items', 'method', 'evidence'])
    if (!isSame(told[field] ?? null, said[field] ?? null)) return mismatch(field);

  const done = doneOf(said['evidence']);
  if (done === undefined) return malformed('outcome');
  if (done !== null) {
    const intent = proven(primitives, believed, told['intent'], 'intent');
    if (!intent.ok) return intent;
    const { head: ordered, checkpoint: under } = intent.value;
    const isItsOwn = ordered.type === 'destroying' && ordered.id === done.intent && ordered.subject === head.subject;
    if (!isItsOwn || under.head.origin !== checkpoint.head.origin) return mismatch('intent');
  } else if ((told['intent'] ?? null) !== null) return mismatch('intent');

  const items = itemsOf(said['items']);
  if (items === undefined || head.subject === null) return malformed('outcome');
  const method = typeof said['method'] === 'string' ? said['method'] : null;
  return good({
    controller: controller as string, subject: head.subject, act: head.type, items, method, recorded: head.recorded, done, checkpoint,
    keys: policy === undefined ? 'own' : 'given',
  }); // prettier-ignore
}

interface Proven {
  readonly head: EntryHead;
  readonly at: unknown;
  readonly data: Readonly<Record<string, unknown>>;
  readonly checkpoint: VerifiedCheckpoint;
}

/** An entry with its receipt. */
function proven(primitives: Primitives, policy: Policy, told: unknown, place: string): Judged<Proven> {
  const { entry: encoded, receipt } = objectOf(told) ?? {};
  const entry = typeof encoded === 'string' ? fromBase64(encoded) : undefined;
  if (entry === undefined || typeof receipt !== 'string') return malformed(place);
  const judged = verifyReceipt(primitives, policy, receipt, entry);
  if (!judged.ok) return faulty(judged.code, place);
  const head = entryHead(entry);
  const event = objectOf(parsed(entry));
  const data = objectOf(event?.['data']);
  if (head === undefined || data === undefined) return malformed(place);
  return good({ head, at: event?.['at'], data, checkpoint: judged.value });
}

/** Null where there is no evidence; undefined where what there is is none. */
function doneOf(
  evidence: unknown,
): { readonly intent: string; readonly shredded: string; readonly swept: string } | null | undefined {
  if (evidence === undefined) return null;
  const { intent, shredded, swept } = objectOf(evidence) ?? {};
  if (typeof intent !== 'string' || typeof shredded !== 'string' || typeof swept !== 'string') return undefined;
  return { intent, shredded, swept };
}

function itemsOf(items: unknown): readonly string[] | 'all' | undefined {
  if (items === 'all') return items;
  if (!Array.isArray(items)) return undefined;
  const ids = items.filter((item): item is string => typeof item === 'string');
  return ids.length === items.length ? ids : undefined;
}

function isLogOf(origin: string, controller: string): boolean {
  return /\/log\/([^/]+)\/\d+$/.exec(origin)?.[1] === controller;
}

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(data) ?? '');
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}

/** The same JSON, in whatever order its keys stand. */
function isSame(a: unknown, b: unknown): boolean {
  const [x, y] = [objectOf(a), objectOf(b)];
  if (x !== undefined && y !== undefined) {
    const names = Object.keys(x);
    return (
      names.length === Object.keys(y).length &&
      names.every((name) => Object.hasOwn(y, name) && isSame(x[name], y[name]))
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => isSame(one, b[i]));
  return a === b;
}
