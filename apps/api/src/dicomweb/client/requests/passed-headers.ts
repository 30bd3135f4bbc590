/** What holds for the connection to the other server (RFC 9110 section 7.6.1), or for its origin alone. */
const KEPT_BACK = new Set([
  'alt-svc',
  'clear-site-data',
  'connection',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

/** The headers of another server's answer that are handed on. @param headers names in small letters */
export function passedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string | string[]>> {
  const passed = Object.entries(headers).filter(
    (header): header is [string, string | string[]] =>
      header[1] !== undefined && !KEPT_BACK.has(header[0]) && !header[0].startsWith('access-control-'),
  );
  return Object.fromEntries(passed);
}
