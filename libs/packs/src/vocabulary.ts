/**
 * Words of everyday that count as listed for every controller, so that they stand in events as they are and not as
 * references. They say how something was done, never who did it or about whom. A pack may list more of its own.
 */

import type { IdKind } from './rulebook.js';

export const VOCABULARY = {
  channel: [
    'api',
    'app',
    'cabinet',
    'courier',
    'email',
    'form',
    'letter',
    'messenger',
    'office',
    'phone',
    'site',
    'sms',
  ],
  act: ['click', 'continued-use', 'electronic-signature', 'order', 'register', 'signature', 'sms-code', 'voice'],
  method: ['act', 'degauss', 'erase', 'incinerate', 'overwrite', 'shred'],
  means: ['biometric', 'cabinet', 'electronic-signature', 'id-document', 'power-of-attorney', 'sms-code', 'visit'],
  language: ['en', 'kk', 'ky', 'ru', 'tr', 'ug', 'uz', 'zh'],
  cookies: ['advertising', 'analytics', 'functional', 'necessary', 'pixels', 'targeting'],
} as const satisfies Partial<Record<IdKind, readonly string[]>>;
