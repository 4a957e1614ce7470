/** Whether a stored head is the log's own: its form, its signature, its size. */
import { noteVerifier, openNote, parseCheckpoint, parseNote, parseVerifierKey } from '#proof';
import { sha256, verifyEd25519 } from '../sealing/hashing.js';

/** The root that the head signs; or what is wrong with it, in words. */
export function rootOfHead(
  head: string,
  log: { readonly origin: string; readonly verifierKey: string; readonly laterKeys?: readonly string[] },
  size: number,
): { readonly root: Uint8Array } | { readonly fault: string } {
  const note = parseNote(head);
  const keys = [log.verifierKey, ...(log.laterKeys ?? [])].map((line) => parseVerifierKey(sha256, line));
  if (!note.ok || keys.some((key) => !key.ok)) return { fault: 'form of the head' };
  const verifiers = keys.flatMap((key) => (key.ok ? [noteVerifier(verifyEd25519, key.value)] : []));
  if (!openNote(note.value, verifiers).ok) return { fault: 'signature of the head' };
  const read = parseCheckpoint(note.value.text);
  if (!read.ok || read.value.origin !== log.origin) return { fault: 'form of the head' };
  if (read.value.size !== size) return { fault: 'size of the head' };
  return { root: read.value.root };
}
