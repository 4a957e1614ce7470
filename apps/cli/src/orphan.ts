/**
 * Loaded into the server before everything else: when the process that started it is gone without a word, killed perhaps,
 * the server ends at once as well, and the data folder is free for the next one.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Waiting for that must not keep a server alive that is done.
process.channel?.unref();
