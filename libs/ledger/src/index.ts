export * from './action.js';
export { isLinking, ranked } from './identifier.js';
export * from './names.js';
export * from './record.js';
export * from './scribe.js';
export * from './stored.js';
