import type { FastifyRequest } from 'fastify';
import { Problem } from '#host';
import type { Language } from '#ledger';
import type { Rulebook } from '#packs';
import { chooseLanguage, LANGUAGES } from '#report';
import { parameter } from '../parameters.js';

/** `lang`, else `Accept-Language`, else the controller's first. Throws Problem where `lang` is none of ours. */
export function languageOf(request: FastifyRequest, rulebook: Rulebook | undefined): Language {
  const lang = parameter(request, 'lang');
  const acceptLanguage = request.headers['accept-language'];
  const wish = {
    ...(lang === undefined ? {} : { lang }),
    ...(acceptLanguage === undefined ? {} : { acceptLanguage }),
  };
  const language = chooseLanguage(wish, LANGUAGES, rulebook?.languages[0] ?? 'en');
  if (language === undefined) throw new Problem('invalid-field', { parameter: 'lang' });
  return language;
}
