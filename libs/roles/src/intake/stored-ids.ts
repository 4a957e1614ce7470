import type { ControllerId } from '#ledger';
import type { IdKind, Rulebook } from '#packs';
import type { Vault } from '#store';

/**
 * Ids as events hold them: itself where a loaded pack has it, else the reference that was made for it (`design.md`,
 * Vault). One that no event names yet stays as it is: nothing of the person is called so.
 */
export async function storedIds(
  vault: Vault,
  rulebook: Rulebook,
  controller: ControllerId,
  kind: IdKind,
  ids: readonly string[],
): Promise<readonly string[]> {
  return Promise.all(
    ids.map(async (id) => (rulebook.has(kind, id) ? id : ((await vault.referenceOf(controller, kind, id)) ?? id))),
  );
}
