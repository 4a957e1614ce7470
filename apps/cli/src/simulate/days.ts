/** Days as whole numbers since 1970-01-01, and as texts; no clock is read here. */

const texts = new Map<number, string>();

/** The day of a plain ISO date; throws RangeError where it is none. */
export function epochDay(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new RangeError('not a plain date (YYYY-MM-DD)');
  const date = Temporal.PlainDate.from(text, { overflow: 'reject' });
  return Temporal.PlainDate.from('1970-01-01').until(date).days;
}

/** The plain ISO date of a day. A simulation meets few days many times, so each is written once. */
export function isoDay(day: number): string {
  let text = texts.get(day);
  if (text === undefined) {
    text = Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString();
    texts.set(day, text);
  }
  return text;
}

/** `HH:MM` of a minute of the day. */
export function clockTime(minute: number): string {
  const hours = Math.floor(minute / 60);
  const rest = minute % 60;
  return `${hours < 10 ? '0' : ''}${hours}:${rest < 10 ? '0' : ''}${rest}`;
}
