/** `depter rebuild`: makes the boards across persons again from the log, and shows how far it is. */
import { SystemClock } from '#host';
import { Elsewhere, LogProjector } from '#roles';
import { peerFailed } from './failure.js';
import { type FolderSettings, withFolder } from './folder.js';
import type { Screen } from './feed/progress.js';
import { Steps } from './steps.js';

/** How many people's rows were made. Throws CommandFailure 3 where the store fails, or a server makes them meanwhile. */
export async function rebuildBoards(settings: FolderSettings, screen: Screen): Promise<number> {
  return withFolder(settings, async ({ store, controllers }) => {
    const { ledger, projections } = store;
    await projections.clear();
    let people = 0;
    for (const controller of controllers.all()) {
      const steps = new Steps(screen, `entries of ${controller}`);
      const size = await ledger.size(controller);
      const parts = { ledger, projections, controllers, clock: new SystemClock() };
      try {
        await new LogProjector(controller, parts).catchUp(({ read, made }) => {
          people += made;
          steps.show(read, size);
        });
      } catch (error) {
        if (error instanceof Elsewhere)
          throw peerFailed('A server makes the boards again already: its health says how far it is.');
        throw error;
      } finally {
        steps.stop();
      }
    }
    return people;
  });
}
