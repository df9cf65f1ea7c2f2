const TIME = {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
} as const;

/** Date and time in the reader's zone, to the second; `zone` adds the zone's name. */
export function formatTime(time: string, locale: string, zone = false): string {
  const options = zone ? ({ ...TIME, timeZoneName: "short" } as const) : TIME;
  return new Intl.DateTimeFormat(locale, options).format(new Date(time));
}

export function formatDate(time: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(time));
}

const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
] as const;

/** "3 min. ago". A time slightly ahead of the reader's clock counts as now. */
export function formatAge(time: string, now: number, locale: string): string {
  let amount = Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  for (const [unit, length] of STEPS) {
    if (amount < length) return format.format(-amount, unit);
    amount = Math.floor(amount / length);
  }
  return format.format(-amount, "year");
}
