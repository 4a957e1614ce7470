export type { ActionAnswer, RefusedAnswer } from './intake/answer.js';
export { splitBatch, type Batch } from './intake/batch-splitter.js';
export { IntakeModule } from './intake/intake-module.js';
export { LineSplitter, type Line } from './intake/line-splitter.js';
export { RecordActions } from './intake/record-actions.js';
export { Turns } from './intake/turns.js';
export { RecordAccess } from './intake/record-access.js';
export { RecordActionsHandler } from './intake/record-actions-handler.js';
