/** Days and instants as people write them. */
import { dayOf, isDay, type Day, type Language } from '#packs';
import { WORDS } from './dictionary.js';
import { fill, type DayForms, type Months } from './words.js';

/** The day in every form a sentence may need. What is not a day stays as it is, so that nothing is hidden. */
export function dayForms(language: Language, day: Day): DayForms {
  const { calendar } = WORDS[language];
  const [y = '', m, d] = day.split('-');
  const write = (months: Months): string => {
    const name = isDay(day) ? months[Number(m) - 1] : undefined;
    return name === undefined ? day : fill(calendar.pattern, { d: String(Number(d)), m: name, y });
  };
  return { plain: write(calendar.plain), from: write(calendar.from), to: write(calendar.to), at: write(calendar.at) };
}

/** A local day stays; an instant becomes day and time of the zone, which is named beside it. */
export function moment(language: Language, dayOrInstant: string, zone: string): string {
  const there = local(dayOrInstant, zone);
  if (there === undefined) return dayForms(language, dayOrInstant).plain;
  const time = there.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${dayForms(language, there.toPlainDate().toString()).plain}, ${time} (${zone})`;
}

/** The local day of a day or an instant, by which packs are asked. */
export function localDay(dayOrInstant: string, zone: string): Day {
  return local(dayOrInstant, zone) === undefined ? dayOrInstant : dayOf(dayOrInstant, zone);
}

function local(text: string, zone: string): Temporal.ZonedDateTime | undefined {
  if (isDay(text)) return undefined;
  try {
    return Temporal.Instant.from(text).toZonedDateTimeISO(zone);
  } catch {
    return undefined;
  }
}
