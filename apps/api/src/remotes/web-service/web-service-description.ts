import { object, type Schema, text, textsByName, whole } from '../../http/open-api/schema.js';

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
