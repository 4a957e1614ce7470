export * from './action.js';
export { MAX_ENTRY_BYTES, UnreadableEntry, decode, encode } from './codec.js';
export { isLinking, linkingOf, ranked } from './identifier.js';
export { MAX_ACTION_BYTES, type Read, readJson } from './json.js';
export * from './names.js';
export { ACTION_REFUSALS, type ActionRefusal, faults, firstOf, type Refusal, refusal } from './problem.js';
export { type JsonSchema, actionSchemas } from './jsonschema.js';
export { readAction, type Reading } from './read.js';
export * from './record.js';
export * from './scribe.js';
export * from './stored.js';
export { isDay, readInstant, today } from './time.js';
export { MAX_EVENTS, writeEvents } from './write.js';
export { type BreachRow } from './breach.js';
export { type ClockRow, clocks } from './clock-view.js';
export { FINDING_CODES, type FindingCode, type FindingRow, findings } from './finding.js';
export { type At, identityOf, linkedSubjects, momentOf } from './fold.js';
export { masked, type Standing, standing } from './standing.js';
export { highestRanking } from './links.js';
export { type AsKnown } from './known.js';
export {
  type EvidenceEvent, type FateRow, type ItemRow, type Lineage, lineage, type OrderRow, type PurposeRow, type ReasonRow, type SharedRow, type SourceRow, type UntilRow,
} from './lineage.js'; // prettier-ignore
export { type UntilEvent } from './retention.js';
export { type Resolvers, UNLISTED } from './shown.js';
export { type ConsentRecord, trail, type TrailRow, trailRow } from './trail.js';
export {
  COMMAND_SOURCE,
  COMMANDS,
  commandAction,
  type Commanding,
  type CommandName,
  ON_REQUEST,
} from './command-body.js';
export {
  ACTION_OF,
  COMMAND_REFUSALS,
  type Command,
  type CommandRefusal,
  decideCommand,
  type Draft,
  type Outcome,
} from './command.js';
export { decide, type Decision, type DecisionReason, type Question } from './decision.js';
export { controllerClocks, controllerFindings, type ControllerRecord } from './controller.js';
export {
  packs, type PackRow, type RecipientRow, recipients, register, type RegisterRow, staff, type StaffRow,
} from './controller-view.js'; // prettier-ignore
export { type HeldElsewhere, heldElsewhere, type ValuesElsewhere, valuesElsewhere } from './elsewhere.js';
export { type ErasedItem, type Erasing, erasing, reportedDestructions } from './erasure.js';
export { type Evidence, evidence, evidenceOn } from './evidence.js';
export { type Defect, type FormJudged, judgeForm, type ToCheck } from './request-form.js';
export { answer, type AnswerRow, type RequestOutcome, type RequestRow, requests } from './request-view.js';
