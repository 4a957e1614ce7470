/** Which of its languages a report is written in (`wire.md`, Answers: `lang`, then `Accept-Language`, then the controller's). */
import type { Language } from '#packs';

export interface LanguageWish {
  /** `lang` of the query; it decides alone where it is there. */
  readonly lang?: string | undefined;
  /** The header as it came (RFC 9110, 12.5.4). Whatever in it cannot be read is passed over. */
  readonly acceptLanguage?: string | undefined;
}

const SUBTAGS = /^([A-Za-z]{2,8})(?:-[A-Za-z0-9]{1,8})*$/;
const WITH_REGION = /^([A-Za-z]{2})(?:-(?:[A-Za-z]{2}|[0-9]{3}))?$/;
const QUALITY = /^q=([01](?:\.[0-9]{0,3})?)$/i;
/** Real headers name a handful; a longer one is not worth the time of reading it. */
const MOST_RANGES = 50;

/**
 * The language to answer in: `lang` where it is asked for, else the best of `Accept-Language`, else `fallback`.
 * Undefined where `lang` is none of `available`: the caller answers that with 400.
 */
export function chooseLanguage(
  wish: LanguageWish,
  available: readonly Language[],
  fallback: Language,
): Language | undefined {
  const known = (tag: string | undefined): Language | undefined =>
    available.find((language) => language === tag?.toLowerCase());
  if (wish.lang !== undefined) return known(WITH_REGION.exec(wish.lang)?.[1]);

  let best: Language | undefined;
  let bestQuality = 0;
  for (const range of (wish.acceptLanguage ?? '').split(',', MOST_RANGES)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    const language = tag === '*' ? fallback : known(SUBTAGS.exec(tag)?.[1]);
    const quality = qualityOf(parameters);
    // Of equals the first one stands: that is how people order them.
    if (language !== undefined && quality > bestQuality) [best, bestQuality] = [language, quality];
  }
  return best ?? fallback;
}

function qualityOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const found = QUALITY.exec(parameter.replaceAll(' ', ''))?.[1];
    if (found !== undefined) return Math.min(1, Number(found));
    if (/^q\s*=/i.test(parameter)) return 0;
  }
  return 1;
}
