/** The writer thread. It takes groups and errands in order, one at a time, and answers each. */
import { parentPort, workerData } from 'node:worker_threads';
import { asStoreFailure } from './failure.js';
import { writeAnswers } from './group-frame.js';
import { WriterState } from './writer-state.js';
import {
  failureMessage,
  type FailureMessage,
  type FromWriter,
  type ToWriter,
  type WriterSettings,
} from './writer-port.js';

const port = parentPort;
if (port === null) throw new Error('the writer is a thread of a store, not a program');

const settings = workerData as WriterSettings;

function stall(ms: number): void {
  // The thread must stand still, as a process that is about to be killed does: nothing else may run in between.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function answer(message: FromWriter, transfer: ArrayBuffer[] = []): void {
  port!.postMessage(message, transfer);
}

/** Groups of this epoch and of those before it fail: they were prepared on what a failed group was to bring. */
let failed: { readonly epoch: number; readonly failure: FailureMessage } | undefined;

/** Keys and texts that were to be sealed were in it. */
function wipe({ bytes, length }: Extract<ToWriter, { kind: 'group' }>): void {
  new Uint8Array(bytes, 0, length).fill(0);
}

function take(state: WriterState, message: ToWriter): void {
  switch (message.kind) {
    case 'group': {
      const { serial, epoch } = message;
      if (failed !== undefined && epoch <= failed.epoch) {
        wipe(message);
        answer({ kind: 'failed', serial, failure: failed.failure });
        return;
      }
      try {
        const bytes = writeAnswers(state.commit(new Uint8Array(message.bytes, 0, message.length)));
        wipe(message);
        const memory = bytes.buffer as ArrayBuffer;
        const spare = message.bytes;
        answer({ kind: 'acknowledged', serial, bytes: memory, length: bytes.length, spare }, [memory, spare]);
      } catch (error) {
        wipe(message);
        failed = { epoch, failure: failureMessage(asStoreFailure(error)) };
        answer({ kind: 'failed', serial, failure: failed.failure });
      }
      return;
    }
    case 'errand':
      try {
        const result = state.run(message.errand);
        // Keys are given away, and stay nowhere here.
        const given = message.errand.kind === 'make-keys' ? [(result as Uint8Array).buffer as ArrayBuffer] : [];
        answer({ kind: 'done', call: message.call, result }, given);
      } catch (error) {
        answer({ kind: 'undone', call: message.call, failure: failureMessage(asStoreFailure(error)) });
      }
      return;
    case 'close':
      state.close();
      answer({ kind: 'closed' });
      port!.close();
      return;
  }
}

try {
  const state = WriterState.open(settings, {
    ...(settings.stallAfterKeysMs > 0 && { betweenKeysAndGroup: () => stall(settings.stallAfterKeysMs) }),
    ...(settings.stallAt !== undefined && {
      reached: (moment) => {
        if (moment === settings.stallAt) stall(Infinity);
      },
    }),
  });
  port.on('message', (message: ToWriter) => {
    take(state, message);
  });
  answer({ kind: 'ready', logs: state.logs });
} catch (error) {
  answer({ kind: 'refused', failure: failureMessage(asStoreFailure(error)) });
  port.close();
}
