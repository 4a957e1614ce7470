import type { ControllerId, Reference, SubjectRef } from '#ledger';
import type { Opened, Vault } from '#store';

/** What the vault says is behind the references of a dossier (null: the controller's own), each opened at once. */
export async function textsBehind(
  vault: Vault,
  controller: ControllerId,
  subject: SubjectRef | null,
  named?: ReadonlySet<Reference>,
): Promise<Map<Reference, Opened<string>>> {
  const found = await vault.references(controller, subject, named);
  return new Map([...found].map(([reference, { text }]) => [reference, text]));
}
