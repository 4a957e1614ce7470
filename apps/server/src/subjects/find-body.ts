import { z } from 'zod';
import { ACTIONS } from '#ledger';

/** A person to be found, as an action names one: identifiers never stand in an address. */
export const FIND = z.strictObject({ person: ACTIONS.linked.shape.other });
