/** Days as whole numbers since 1970-01-01, and as texts; no clock is read here. */

const texts = new Map<number, string>();

/** The day of a plain ISO date; throws RangeError where it is none. */
export function epochDay(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const day = ms / 86_400_000;
  // A date that does not exist would be taken for another one.
  if (Number.isNaN(ms) || isoDay(day) !== text) throw new RangeError('a day must be a date that exists, as 2026-01-31');
  return day;
}

/** The plain ISO date of a day. A simulation meets few days many times, so each is written once. */
export function isoDay(day: number): string {
  let text = texts.get(day);
  if (text === undefined) {
    text = new Date(day * 86_400_000).toISOString().slice(0, 10);
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
