import { faulty, good, type Judged } from './fault.js';
import { decodeText } from './text.js';

/** What an export says of itself. Nothing in it is believed that the log does not say, too. */
export interface Manifest {
  readonly format: typeof exportFormat;
  readonly controller: string;
  readonly generation: number;
  /** The log's name: `<installation>/log/<controller>/<generation>`. */
  readonly origin: string;
  /** First and last day that were asked for, in the controller's zone; null: from the beginning, to the end. */
  readonly from: string | null;
  readonly to: string | null;
  /** The same as instants: recorded at or after `since`, before `before`. RFC 3339, UTC, milliseconds. */
  readonly since: string | null;
  readonly before: string | null;
  /** Leaves of the tree of `log/checkpoint`. */
  readonly size: number;
  /** The exported entries: `first` up to and without `end`. Of one person: the entries are those under `subject/`. */
  readonly first: number;
  readonly end: number;
  /** The dossiers of the one person whose entries these are; null of an export of all. */
  readonly subjects: readonly string[] | null;
  /** Every other member, in the archive's order. */
  readonly members: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

export const exportFormat = 'depter-export/1';
export const manifestName = 'manifest.json';

/** Its text, in one spelling. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

const day = /^\d{4}-\d{2}-\d{2}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const reference = /^[A-Za-z0-9_-]{22}$/;
const controllerId = /^[a-z][a-z0-9.]{1,31}$/;
const hexHash = /^[0-9a-f]{64}$/;

/** Reads a manifest, as a hostile hand would have written it: every field of its form, and nothing else. */
export function parseManifest(bytes: Uint8Array): Judged<Manifest> {
  const text = decodeText(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return faulty('manifest-malformed', manifestName);
  }
  if (!isManifest(value)) return faulty('manifest-malformed', manifestName);
  // A key said twice, or one more of them, is another text than the one that would have been written.
  return formatManifest(value) === text ? good(value) : faulty('manifest-malformed', manifestName);
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const it = value as Record<string, unknown>;
  const keys = 'format controller generation origin from to since before size first end subjects members';
  return (
    Object.keys(it).join(' ') === keys &&
    it['format'] === exportFormat &&
    is(it['controller'], controllerId) &&
    isCount(it['generation']) &&
    typeof it['origin'] === 'string' &&
    [it['from'], it['to']].every((one) => one === null || is(one, day)) &&
    [it['since'], it['before']].every((one) => one === null || is(one, instant)) &&
    isMidnightOf(it['since'], it['from'], 0) &&
    isMidnightOf(it['before'], it['to'], 1) &&
    isCount(it['size']) &&
    isCount(it['first']) &&
    isCount(it['end']) &&
    it['first'] <= it['end'] &&
    it['end'] <= it['size'] &&
    (it['subjects'] === null ||
      (Array.isArray(it['subjects']) &&
        it['subjects'].length > 0 &&
        it['subjects'].every((one) => is(one, reference)))) &&
    isMembers(it['members'])
  );
}

/** No zone lies further than this from UTC. */
const zoneMs = 15 * 3_600_000;
const dayMs = 86_400_000;

/** Whether an instant may be where a day, or the one after it, begins somewhere; neither is said without the other. */
function isMidnightOf(at: unknown, on: unknown, daysLater: number): boolean {
  if (typeof at !== 'string' || typeof on !== 'string') return at === on;
  return Math.abs(Date.parse(at) - Date.parse(`${on}T00:00:00.000Z`) - daysLater * dayMs) <= zoneMs;
}

function isMembers(value: unknown): value is Manifest['members'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one: unknown) => {
    if (typeof one !== 'object' || one === null || Object.keys(one).join(' ') !== 'bytes sha256') return false;
    const { bytes, sha256 } = one as Record<string, unknown>;
    return isCount(bytes) && is(sha256, hexHash);
  });
}

function is(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
