import {
  anyOf,
  byName,
  component,
  NULL,
  object,
  type Schema,
  text,
  textsByName,
  whole,
} from '../../http/open-api/schema.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';

/** How another server is reached, as a request says it: the short form or the long one. */
export const WEB_SERVICE: Schema = {
  oneOf: [
    { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3, description: 'URL; user and password' },
    {
      ...object(
        {
          Url: text('Where it is'),
          Username: text('For HTTP Basic authentication'),
          Password: text('The same'),
          HttpHeaders: textsByName('Headers of each request'),
          CertificateFile: text('Path of the client certificate on this server'),
          CertificateKeyFile: text('Path of its private key'),
          CertificateKeyPassword: text('Password of the private key'),
          Timeout: whole('Seconds', { minimum: 0 }),
        },
        ['Url'],
      ),
      additionalProperties: { description: 'Kept as a text, and shown' },
    },
  ],
};

const HIDDEN: Schema = { ...NULL, description: 'That there is one' };

/** How another server is reached, as everybody may see it (`web-service-view.ts`). */
export const WEB_SERVICE_VIEW: Schema = component('WebService', {
  ...object(
    {
      CertificateFile: text('Path of the client certificate on this server'),
      CertificateKeyFile: HIDDEN,
      CertificateKeyPassword: HIDDEN,
      HttpHeaders: NAMES,
      Password: HIDDEN,
      Pkcs11: { type: 'boolean', description: 'Whether a token in hardware has the certificate' },
      Timeout: whole('Seconds; 0: the configured one'),
      Url: text('Where it is'),
      Username: text('For HTTP Basic authentication'),
    },
    ['HttpHeaders', 'Pkcs11', 'Timeout', 'Url'],
  ),
  additionalProperties: { type: 'string', description: 'Anything else that was said of it' },
});

/** The names of other servers, or how they are reached by their names. */
export const WEB_SERVICES: Schema = anyOf(NAMES, byName(WEB_SERVICE_VIEW));
