import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const KEYSTORE_PASSWORD = 'changeit';

const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** Who may log in at a broker, by PLAIN and by SCRAM. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Makes a key and a self-signed certificate for 127.0.0.1 and localhost in a folder.
 * @returns the certificate as PEM, which is its own authority, and the broker's settings for it
 */
export async function createCertificate(
  folder: string,
): Promise<{ certificate: string; properties: Record<string, string> }> {
  const keystore = join(folder, 'keystore.p12');
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', KEYSTORE_PASSWORD, '-alias', 'broker'];
  const subject = ['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost', '-validity', '30'];
  await execute('keytool', ['-genkeypair', ...store, '-keyalg', 'EC', '-groupname', 'secp256r1', ...subject]);
  const { stdout } = await execute('keytool', ['-exportcert', '-rfc', ...store]);
  return {
    certificate: stdout,
    properties: {
      'ssl.keystore.location': keystore,
      'ssl.keystore.password': KEYSTORE_PASSWORD,
      'ssl.keystore.type': 'PKCS12',
    },
  };
}

/** The broker's settings for logins on some listeners: PLAIN, SCRAM, and OAUTHBEARER with unsigned tokens. */
export function saslSettings(listeners: readonly string[], { username, password }: Login): Record<string, string> {
  const modules = 'org.apache.kafka.common.security';
  const mechanisms: Record<string, string> = {
    PLAIN: `${modules}.plain.PlainLoginModule required user_${username}="${password}";`,
    ...Object.fromEntries(SCRAM.map((mechanism) => [mechanism, `${modules}.scram.ScramLoginModule required;`])),
    OAUTHBEARER: `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
  const settings: Record<string, string> = {};
  for (const listener of listeners) {
    const prefix = `listener.name.${listener.toLowerCase()}`;
    settings[`${prefix}.sasl.enabled.mechanisms`] = Object.keys(mechanisms).join(',');
    for (const [mechanism, module] of Object.entries(mechanisms)) {
      settings[`${prefix}.${mechanism.toLowerCase()}.sasl.jaas.config`] = module;
    }
  }
  return settings;
}

/** What makes a user of SCRAM when a broker's folder is formatted. */
export function scramUser({ username, password }: Login): string[] {
  return SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${username},password=${password}]`]);
}

/** An unsigned token for OAUTHBEARER, which the broker takes. @param seconds until it expires; below 0 it has */
export function unsignedToken(subject: string, seconds: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + seconds })}.`;
}
