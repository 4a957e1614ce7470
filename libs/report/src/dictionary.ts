/** The four languages of a report. */
import type { Language } from '#packs';
import type { Words } from './words.js';
import { en } from './words/en.js';
import { kk } from './words/kk.js';
import { ky } from './words/ky.js';
import { ru } from './words/ru.js';

export const WORDS: Readonly<Record<Language, Words>> = { ky, kk, ru, en };
export const LANGUAGES: readonly Language[] = ['ky', 'kk', 'ru', 'en'];
