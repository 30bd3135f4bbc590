import { BareStatus } from './errors/http-errors.js';

/** A path in which nothing has to be decided: no escape, no empty or dot segment, no slash at its end. */
const PLAIN = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$'()*+,;=:@-]+)+$/;

/**
 * The canonical form of a request's path, so that routing, authorisation and error bodies see one form alone: escapes
 * are decoded (an escaped slash separates), empty segments, `.` and `..` are resolved, the slash at the end goes; what
 * is left is escaped again. A wrong escape stands for itself, as in Orthanc.
 * @throws BareStatus 400 for NUL, which no path may hold
 */
export function canonicalPath(path: string): string {
  if (path === '/' || PLAIN.test(path)) return path;
  const decoded = path.includes('%') ? decode(path) : path;
  if (decoded.includes('\0')) throw new BareStatus(400);
  const segments: string[] = [];
  for (const segment of decoded.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encodeURIComponent(segment));
  }
  return `/${segments.join('/')}`;
}

/** A path with a slash at both ends. */
export function withSlashes(path: string): string {
  return `/${path}/`.replace(/\/{2,}/g, '/');
}

/** A path with a slash at its beginning alone. */
export function withoutLastSlash(path: string): string {
  return withSlashes(path).slice(0, -1);
}

/** The path as a person would write it, for error bodies. */
export function readablePath(canonical: string): string {
  return canonical.includes('%') ? decode(canonical) : canonical;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
  }
}
