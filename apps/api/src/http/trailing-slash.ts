import type { IncomingMessage } from 'node:http';

const WITH_SLASH = new WeakSet<IncomingMessage>();

/** Notes that a request's path ended with a slash before it got its canonical form. */
export function noteTrailingSlash(request: IncomingMessage): void {
  WITH_SLASH.add(request);
}

/** Whether links that start from the path's folder stay below the path. */
export function endsWithSlash(request: IncomingMessage): boolean {
  return WITH_SLASH.has(request);
}
