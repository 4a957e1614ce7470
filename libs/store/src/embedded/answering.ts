/** The ports as their callers have them: what fails in a database is a failure of the store, and no bug of the caller. */
import { setTimeout } from 'node:timers/promises';
import { asStoreFailure, BusyFailure } from './failure.js';

/** A commit of `keys.db` takes a few milliseconds; whoever reads it meanwhile asks again, and others have the thread. */
const AGAIN_MS = 5;
const BUSY_MS = 5_000;

/** The same port, whose promises fail with StoreFailure alone; bugs pass as they are. */
export function answering<T extends object>(port: T): T {
  return wrapped(port, async (call) => {
    try {
      return await call();
    } catch (failure) {
      throw asStoreFailure(failure);
    }
  });
}

/** As `answering`, of a port that only reads: while a database is being written it is asked again, for 5 s at most. */
export function patient<T extends object>(port: T): T {
  return wrapped(port, async (call) => {
    const end = performance.now() + BUSY_MS;
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const failure = asStoreFailure(error);
        if (!(failure instanceof BusyFailure) || performance.now() > end) throw failure;
        await setTimeout(AGAIN_MS);
      }
    }
  });
}

function wrapped<T extends object>(port: T, around: (call: () => unknown) => Promise<unknown>): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      // Following gives batches, not a promise, and says itself what failed.
      if (name === 'follow' || name === 'constructor') return member.bind(target) as unknown;
      return (...values: unknown[]) => around(() => Reflect.apply(member, target, values) as unknown);
    },
  });
}
