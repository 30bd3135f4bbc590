import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells who sent a request from its `Authorization` header; undefined: nobody that is registered. */
export type Authenticate = (authorization: string | undefined) => string | undefined;

/**
 * Basic authentication (RFC 7617) against registered users. Both sides are hashed, so that the time it takes says
 * nothing about names, passwords or their lengths.
 * @param users passwords by user name
 */
export function basicAuthentication(users: Readonly<Record<string, string>>): Authenticate {
  const registered = Object.entries(users).map(([user, password]) => ({ user, digest: digest(`${user}:${password}`) }));
  return (authorization) => {
    const credentials = /^Basic +([A-Za-z0-9+/_=-]+) *$/i.exec(authorization ?? '')?.[1];
    if (credentials === undefined) return undefined;
    const given = digest(Buffer.from(credentials, 'base64').toString('utf8'));
    let found: string | undefined;
    for (const { user, digest: expected } of registered) if (timingSafeEqual(given, expected)) found = user;
    return found;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
