export * from './ports.js';
export { EmbeddedStore, openEmbedded, type EmbeddedOptions } from './embedded/engine.js';
export type { Rules, RulesOf } from './embedded/controllers.js';
export type { IntakeLimits } from './embedded/intake.js';
