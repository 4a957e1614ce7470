export * from './ports.js';
export * from './destructions.js';
export * from './projections/port.js';
export { compareCursors } from './projections/pages.js';
export { openPostgresBoards } from './projections/postgres.js';
export { BOARDS_FILE, ThreadedBoards } from './projections/threaded.js';
export { LINKS_MAX } from './links-limit.js';
export { textsByEvent } from './texts-by-event.js';
export { FollowerPositions, FolderPositions } from './follower-positions.js';
export { EmbeddedStore, openEmbedded, type EmbeddedOptions } from './embedded/engine.js';
export { type Backup, backupFolder, type BackupOptions } from './embedded/backup.js';
export { EventLogShortened, LogForked, LogShortened, type Restored } from './tree/published.js';
export { RESTORE_STEPS, type RestoreStep } from './unfinished-restore.js';
export { restoreFolder, type RestoreOptions } from './embedded/restore.js';
export { RUN_MOMENTS, type RunMoment } from './embedded/writer-port.js';
export type { Rules, RulesOf } from './sealing/controller.js';
export type { IntakeLimits } from './embedded/intake.js';
export {
  EventLog, groupBytesMax, groupEntriesMax, type Appended, type LoggedEntry, type LogName, type NewEntry,
} from './cluster/event-log.js'; // prettier-ignore
export { EventStoreLog, type EventStoreOptions } from './cluster/event-log-eventstore.js';
export { PostgresEventLog } from './cluster/event-log-postgres.js';
export { migrate } from './cluster/migrations.js';
export { Postgres, type PostgresOptions } from './cluster/postgres.js';
export { ClusterStore, openCluster, type ClusterOptions } from './cluster/cluster.js';
export { restoreCluster, type ClusterRestoreOptions } from './cluster/restore.js';
export { carryFolder, type CarryOptions } from './cluster/carry.js';
export { PostgresPositions } from './cluster/follower-positions.js';
export type { ClusterLimits } from './cluster/intake.js';
export { sha256, verifyEd25519 } from './sealing/hashing.js';
export { consistencyOf, inclusionOf } from './tree/log-proofs.js';
export { FileRootKey, RootKey } from './sealing/root-key.js';
export { createLog, latestLog, latestLogs, type LogRow } from './cluster/log-rows.js';
export { Sequencer, type SequencerHooks, type SequencerOptions, type SequencerState } from './cluster/sequencer.js';
export {
  Accepted,
  Placement,
  type AcceptedEvent,
  type Lead,
  type Step,
  type StoredTree,
} from './cluster/sequencing.js';
export { PENDING_CHANNEL, PLACED_CHANNEL, PostgresSequencing } from './cluster/sequencing-postgres.js';
