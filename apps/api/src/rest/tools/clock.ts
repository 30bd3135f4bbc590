/** A time in UTC as `YYYYMMDDThhmmss`. */
export function utcTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace(/[-:]/g, '');
}

/** A time in the server's time zone as `YYYYMMDDThhmmss`. */
export function localTime(time: Date): string {
  return utcTime(new Date(time.getTime() - time.getTimezoneOffset() * 60_000));
}
