/**
 * What a thread needs that reads stored entries and judges nothing: the ledger without its schemas and rules, which take
 * ten times the memory.
 */
export { decode } from './codec.js';
export { today } from './time.js';
