const KEPT_BACK = new Set([
  // of the connection (RFC 9110 section 7.6.1)
  'connection',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // what a browser would keep, or do, for this server's origin
  'accept-ch',
  'alt-svc',
  'clear-site-data',
  'content-security-policy-report-only',
  'critical-ch',
  'nel',
  'origin-agent-cluster',
  'public-key-pins',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'set-login',
  'speculation-rules',
  'strict-transport-security',
  'www-authenticate',
  // what this server says itself
  'vary',
  'x-content-type-options',
  // orders to a proxy before this server: nginx, Apache, lighttpd, LiteSpeed
  'x-litespeed-location',
  'x-lighttpd-send-file',
  'x-sendfile',
]);
const KEPT_BACK_PREFIXES = ['access-control-', 'cross-origin-', 'x-accel-'];

/**
 * The headers of another server's answer that are handed on: all but those that hold for the connection, or that a
 * browser or a proxy takes as this server's own word. What only forbids (`X-Frame-Options`) may stand.
 * @param headers names in small letters
 */
export function passedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string | string[]>> {
  const passed = Object.entries(headers).filter(
    (header): header is [string, string | string[]] =>
      header[1] !== undefined &&
      !KEPT_BACK.has(header[0]) &&
      !KEPT_BACK_PREFIXES.some((prefix) => header[0].startsWith(prefix)),
  );
  return Object.fromEntries(passed);
}
