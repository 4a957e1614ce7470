/** One question to one witness (C2SP tlog-witness), with bounds on what it may take and answer. */
import {
  formatAddCheckpoint, parseCosignatures, parseWitnessSize, type AddCheckpoint, type NoteSignature,
} from '#proof'; // prettier-ignore

export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly signatures: readonly NoteSignature[] }
  /** It has cosigned another size, from which the proof must begin. */
  | { readonly kind: 'stands-at'; readonly size: number }
  /** 403, 404, 422 …: asking again the same way is of no use. */
  | { readonly kind: 'refused'; readonly status: number }
  /** No answer, or none that can be read. */
  | { readonly kind: 'gone' };

const ANSWER_MS = 10_000;
const ANSWER_BYTES = 64 * 1024;

/** Never throws for what the other side does. */
export async function askWitness(url: string, request: AddCheckpoint, signal: AbortSignal): Promise<WitnessAnswer> {
  let status: number;
  let body: Uint8Array | undefined;
  try {
    const until = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const response = await fetch(url, {
      method: 'POST',
      body: formatAddCheckpoint(request),
      redirect: 'error',
      signal: until,
    });
    status = response.status;
    body = await bounded(response);
  } catch {
    return { kind: 'gone' };
  }
  if (body === undefined) return { kind: 'gone' };
  switch (status) {
    case 200: {
      const read = parseCosignatures(body);
      return read.ok ? { kind: 'cosigned', signatures: read.value } : { kind: 'gone' };
    }
    case 409: {
      const read = parseWitnessSize(body);
      return read.ok ? { kind: 'stands-at', size: read.value } : { kind: 'gone' };
    }
    default:
      return status >= 400 && status < 500 && status !== 429 ? { kind: 'refused', status } : { kind: 'gone' };
  }
}

/** The body; undefined where it is longer than any answer. */
async function bounded(response: Response): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > ANSWER_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
