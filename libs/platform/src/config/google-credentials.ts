import { readFileSync } from 'node:fs';
import { isJsonObject } from './json.js';
import { reason } from './source/files.js';
import { type GoogleAccountOptions } from './types/google-account.js';

/** What a token of Google Cloud Platform is asked for with. */
export type GoogleCredentials =
  | { readonly kind: 'service'; readonly email: string; readonly key: string; readonly tokenUrl: string }
  | {
      readonly kind: 'user';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string;
      readonly tokenUrl: string;
    };

/** Where Google hands out tokens, unless a file of credentials says otherwise. */
const TOKEN_URL = 'https://oauth2.googleapis.com/token';

/**
 * The credentials of an account, its file read anew.
 * @throws Error naming the option and what its file lacks
 */
export function readGoogleCredentials(name: string, account: GoogleAccountOptions): GoogleCredentials {
  const at = `GoogleCloudPlatform.Accounts.${name}`;
  const { ServiceAccountFile: service, AuthorizedUserFile: user } = account;
  if (service) {
    const file = new CredentialsFile(`${at}.ServiceAccountFile`, service);
    return {
      kind: 'service',
      email: file.text('client_email'),
      key: file.text('private_key'),
      tokenUrl: file.tokenUrl,
    };
  }
  if (user) {
    const file = new CredentialsFile(`${at}.AuthorizedUserFile`, user);
    const clientId = file.text('client_id');
    const clientSecret = file.text('client_secret');
    return { kind: 'user', clientId, clientSecret, refreshToken: file.text('refresh_token'), tokenUrl: file.tokenUrl };
  }
  const { AuthorizedUserClientId, AuthorizedUserClientSecret, AuthorizedUserRefreshToken } = account;
  return {
    kind: 'user',
    clientId: AuthorizedUserClientId!,
    clientSecret: AuthorizedUserClientSecret!,
    refreshToken: AuthorizedUserRefreshToken!,
    tokenUrl: TOKEN_URL,
  };
}

/** A JSON file as Google's console and gcloud make it. */
class CredentialsFile {
  private readonly content: Readonly<Record<string, unknown>>;

  constructor(
    private readonly option: string,
    path: string,
  ) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      throw new Error(`${option}: ${path} cannot be read: ${reason(error)}. Give the path of a JSON file`);
    }
    this.content = parsed(text) ?? this.refuse('wanted a JSON object');
  }

  /** Of the token endpoint (RFC 6749, section 3.2). */
  get tokenUrl(): string {
    const url = this.content.token_uri;
    if (url === undefined || url === null) return TOKEN_URL;
    return typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url)
      ? url
      : this.refuse('its token_uri must be a URL');
  }

  text(key: string): string {
    const value = this.content[key];
    return typeof value === 'string' && value !== '' ? value : this.refuse(`it must have ${key}`);
  }

  private refuse(why: string): never {
    throw new Error(`${this.option}: the file cannot be used, ${why}`);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
