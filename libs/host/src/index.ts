export { ConfigError, readConfig, SETTING_NAMES, type Config } from './config.js';
export { Controllers } from './controllers.js';
export { SettableClock, SystemClock } from './clock.js';
export { Drain } from './drain.js';
export { keyOf, KeyGuard } from './key-guard.js';
export { listenAt } from './listening.js';
export {
  BufferedSink,
  crashQuietly,
  describeFailure,
  LOG_LEVELS,
  loggerOptions,
  logRequests,
  NestLog,
  type FailureLine,
  type LogLevel,
  type LogSink,
} from './logging.js';
export { May, NEEDS, Open, RIGHTS_OF_ROLES, seesValues, type Need, type Right } from './may.js';
export { keepHeapSmall } from './memory.js';
export { Metrics } from './metrics.js';
export { PackSources } from './pack-sources.js';
export { builtInPacks, loadControllers, loadPacks, PackFilesError } from './pack-files.js';
export {
  Problem,
  PROBLEM_CODES,
  problemBody,
  statusOf,
  type ProblemBody,
  type ProblemCode,
  type ProblemPlace,
} from './problem.js';
export {
  AUDIT_ROLE,
  openStore,
  PROJECTOR_ROLE,
  SEQUENCER_ROLE,
  WITNESS_ROLE,
  type OpenedStore,
  type StoreSettings,
} from './open-store.js';
export { ProblemFilter, problemOf, problemOfStore, sendProblem } from './problem-filter.js';
export { runApp } from './process.js';
export { RouteTable, type ServedRoute } from './route-table.js';
