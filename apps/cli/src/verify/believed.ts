/** Whom a verifier believes: a policy file, or the keys of the log alone. */
import { logPolicy, parsePolicy, parseVerifierKey, type Policy, type Sha256 } from '#proof';

export type Believed = { readonly policy: Policy | undefined } | { readonly wrong: string };

/** `policy` and `keys` are texts as they were given; of neither, the archive's own key is taken. */
export function believed(sha256: Sha256, policy: Uint8Array | string | undefined, keys: readonly string[]): Believed {
  if (policy !== undefined && keys.length > 0) return { wrong: 'Give --policy or --vkey, not both.' };
  if (policy !== undefined) {
    const read = parsePolicy(sha256, policy);
    if (read.ok) return { policy: read.value };
    return { wrong: `The policy file cannot be read: ${read.code}${read.line === 0 ? '' : `, line ${read.line}`}.` };
  }
  if (keys.length === 0) return { policy: undefined };
  const parsed = keys.map((key) => parseVerifierKey(sha256, key.trim()));
  const good = parsed.flatMap((key) => (key.ok && key.value.use === 'note' ? [key.value] : []));
  if (good.length < keys.length) return { wrong: 'A key is not of its form: give the line that /log/…/vkey answers.' };
  return { policy: logPolicy(...good) };
}
