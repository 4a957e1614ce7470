import type { Provider } from '@nestjs/common';
import { ActOnPersonHandler } from './act-on-person.js';
import { EndItemsHandler } from './end-items.js';
import { ToldCommands } from './told-command.js';

/** What decides and carries out commands. */
export const COMMAND_HANDLERS: readonly Provider[] = [ToldCommands, ActOnPersonHandler, EndItemsHandler];
