export type { Answer } from './answer.js';
export { LANGUAGES } from './dictionary.js';
export { htmlReport, type HtmlOptions } from './html.js';
export { chooseLanguage, type LanguageWish } from './language.js';
export { textReport, type TextOptions } from './text.js';
export { type Certificate, certificatePage, type ProvenEntry } from './certificate.js';
export { type Notice, noticeOf, noticePage } from './notice.js';
