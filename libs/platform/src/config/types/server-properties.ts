import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { ValueType } from './value-type.js';

/** What Orthanc knows of how another server is reached over HTTP: none is a property that users add. */
export const WEB_SERVICE_PARAMETERS: readonly string[] = [
  'Url',
  'URL',
  'Username',
  'Password',
  'HttpHeaders',
  'CertificateFile',
  'CertificateKeyFile',
  'CertificateKeyPassword',
  'Pkcs11',
  'Timeout',
];

/**
 * Another server that may have properties of the user's own, which are texts, Booleans or integers, as Orthanc takes them.
 * @param further the names that `server` knows beyond WEB_SERVICE_PARAMETERS
 */
export function withProperties<T extends object>(server: ValueType<T>, further: readonly string[]): ValueType<T> {
  const isKnown = (name: string): boolean => WEB_SERVICE_PARAMETERS.includes(name) || further.includes(name);
  return {
    ...server,
    read(value, at, problems) {
      if (Array.isArray(value) && value.length !== 1 && value.length !== 3) {
        problems.push(`${at}: found a list of ${value.length}, wanted a URL alone, or with a user name and a password`);
        return undefined;
      }
      if (!isJsonObject(value)) return withLogin(server.read(value, at, problems), at, problems);
      if (value.Pkcs11 === true) {
        problems.push(
          `${at}.Pkcs11: is not served; use CertificateFile and CertificateKeyFile for client certificates`,
        );
        return undefined;
      }
      const entries = Object.entries(value);
      const own = entries.filter(([name]) => !isKnown(name));
      for (const [name, each] of own) {
        if (!isProperty(each)) problems.push(`${at}.${name}: wanted a text, a Boolean or an integer`);
      }
      const { URL: url, ...known }: JsonObject = Object.fromEntries(entries.filter(([name]) => isKnown(name)));
      // Orthanc reads both
      const read = server.read(url === undefined || known.Url ? known : { ...known, Url: url }, at, problems);
      return withLogin(read && Object.assign(read, Object.fromEntries(own)), at, problems);
    },
  };
}

/** The server, unless it has a password and nobody whose that would be. */
function withLogin<T extends object>(server: T | undefined, at: string, problems: string[]): T | undefined {
  const { Username, Password } = (server ?? {}) as { readonly Username?: string; readonly Password?: string };
  if (!Password || Username) return server;
  problems.push(`${at}.Password: there is one without a Username`);
  return undefined;
}

function isProperty(value: JsonValue): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isInteger(value);
}
