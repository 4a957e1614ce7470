/** The log of a data folder, or of a database, that this process has opened. */
import type { Controllers } from '#host';
import { evidence, evidenceOn, packs, today, type ControllerId, type OwnAction, subjectRef } from '#ledger';
import { latestGeneration } from '#roles';
import type { Store } from '#store';
import { CommandFailure, wrongUse } from '../failure.js';
import { baseOf, generationOf, headOf, type ExportedLog, type KeptHead, type PersonEvidence } from './exported-log.js';

/** So many checkpoints are read at once. */
const PAGE = 1_000;

/** Of the generation asked for, or else the latest. Throws CommandFailure. */
export async function folderLog(
  store: Store,
  controllers: Controllers,
  controller: ControllerId,
  asked?: number,
): Promise<ExportedLog> {
  const rulebook = controllers.rulebook(controller);
  if (rulebook === undefined) throw wrongUse('No pack names this controller. Give the folder of its packs as --packs.');
  const latest = await latestGeneration(store.log, controller);
  if (latest === undefined) throw new CommandFailure(1, 'This controller has no log here.');
  const generation = generationOf(asked, latest);
  const { log, ledger } = store;
  return {
    generation,
    base: await baseOf(generation, (of, index, width) => log.bundle(controller, of, index, width)),
    tile: (level, index, width) => log.tile(controller, generation, level, index, width),
    bundle: (index, width) => log.bundle(controller, generation, index, width),
    keys: async () =>
      (await log.keys(controller, generation)).map(({ verifierKey, introduction }) => ({
        key: verifierKey,
        introduction,
      })),
    heads: async (): Promise<readonly KeptHead[]> => {
      const all: KeptHead[] = [];
      for (let page = await log.checkpoints(controller, generation, -1, PAGE); page.length > 0;) {
        all.push(...page.map(({ note, cosignedMs }) => headOf(note, cosignedMs !== null)));
        page = await log.checkpoints(controller, generation, page.at(-1)!.size, PAGE);
      }
      return all;
    },
    person: async (text, request): Promise<PersonEvidence> => {
      const subject = subjectRef(text);
      const record = subject && (await ledger.person(controller, subject));
      if (subject === undefined || record === undefined) throw new CommandFailure(1, 'There is no such person here.');
      const now = Date.now();
      const at = { asOf: today(now, rulebook.zone), asKnown: undefined };
      const shown = request === undefined ? evidence(record, rulebook, at) : evidenceOn(request, record, rulebook, at);
      if (shown === undefined) throw new CommandFailure(1, 'This person has no such request.');
      const accessed: OwnAction = {
        kind: 'own',
        name: 'accessed',
        subject,
        by: null,
        at: new Date(now).toISOString(),
        data: { role: 'admin', view: 'evidence' },
      };
      // Durable is enough: in a database nobody may be there to give it its place.
      await ledger.record(controller, [accessed], { pending: 'at once' });
      const entries: PersonEvidence['entries'][number][] = [];
      for (const { position } of shown.entries) {
        const [recorded] = await ledger.entries(controller, position, 1);
        entries.push({ position, entry: recorded?.entry ?? new Uint8Array(0) });
      }
      return {
        entries,
        view: JSON.stringify(shown, null, 1),
      };
    },
    packsInForce: async () => JSON.stringify({ packs: packs(rulebook, today(Date.now(), rulebook.zone)) }, null, 1),
  };
}
