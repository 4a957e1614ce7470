/** How a command ends when it is not done: 1 the answer is no, 2 wrong use, 3 the peer or the store failed. */
export type ExitStatus = 0 | 1 | 2 | 3;

/**
 * An end that the user can do something about. The message says what is the matter and what to do next, and never holds
 * a value, an identifier or a key.
 */
export class CommandFailure extends Error {
  constructor(
    readonly status: 1 | 2 | 3,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommandFailure';
  }
}

export const wrongUse = (message: string): CommandFailure => new CommandFailure(2, message);
export const peerFailed = (message: string, cause?: unknown): CommandFailure =>
  new CommandFailure(3, message, cause === undefined ? undefined : { cause });
