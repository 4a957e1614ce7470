/** The thread that keeps a folder's boards: SQLite blocks, so it has neither the loop of HTTP nor the ledger's writer. */
import { parentPort, workerData } from 'node:worker_threads';
import { asStoreFailure } from '../embedded/failure.js';
import type { StoreFailure } from '../ports.js';
import { openSqliteBoards } from './sqlite.js';
import type { Answer, BoardsSettings, Call, Told } from './thread-port.js';

const port = parentPort;
if (port === null) throw new Error('the boards are kept by a thread of a store, not by a program');

const { path } = workerData as BoardsSettings;
const opening = openSqliteBoards(path);
// Whoever calls is told.
opening.catch(() => undefined);

async function answer({ id, name, values }: Call): Promise<Answer> {
  try {
    const boards = await opening;
    const method = boards[name] as (...given: readonly unknown[]) => Promise<unknown>;
    return { id, kind: 'done', result: await Reflect.apply(method, boards, values) };
  } catch (failure) {
    return { id, kind: 'failed', failure: told(asStoreFailure(failure)) };
  }
}

function told({ code, message, retryable }: StoreFailure): Told {
  return { code, message, retryable };
}

/** Calls are answered one by one, in order. */
let last: Promise<void> = Promise.resolve();
port.on('message', (call: Call) => {
  last = last.then(async () => {
    port.postMessage(await answer(call));
    if (call.name === 'close') port.close();
  });
});
