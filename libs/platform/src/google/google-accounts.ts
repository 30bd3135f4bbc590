import {
  type AnnalConfiguration,
  type GoogleAccountOptions,
  type GoogleCredentials,
  readGoogleCredentials,
} from '../config/index.js';
import type { Endpoint } from '../outgoing/endpoint.js';
import type { OutgoingHttp } from '../outgoing/outgoing-http.js';
import type { Logger } from '../telemetry/logger.js';
import { KeptToken } from './kept-token.js';
import { requestToken } from './request-token.js';

interface Account {
  readonly url: string;
  /** s */
  readonly timeout: number;
  readonly token: KeptToken;
}

/**
 * The DICOM stores of GoogleCloudPlatform, and their access tokens. Each process has tokens of its own, in its memory
 * alone: Google gives as many as are asked for.
 */
export class GoogleAccounts {
  private readonly accounts: ReadonlyMap<string, Account>;

  constructor(
    { GoogleCloudPlatform }: Pick<AnnalConfiguration, 'GoogleCloudPlatform'>,
    http: Pick<OutgoingHttp, 'whole'>,
    logger: Pick<Logger, 'info' | 'warn'>,
  ) {
    const { Accounts, BaseUrl, Timeout } = GoogleCloudPlatform;
    const made = Object.entries(Accounts).map(([name, account]): [string, Account] => {
      const timeout = account.Timeout ?? Timeout;
      const ask = async () => requestToken(credentialsOf(name, account), http, timeout);
      const url = urlOf(account.BaseUrl ?? BaseUrl, account);
      return [name, { url, timeout, token: new KeptToken(name, ask, logger) }];
    });
    this.accounts = new Map(made);
  }

  /** The names of the accounts, as configured. */
  get names(): readonly string[] {
    return [...this.accounts.keys()];
  }

  /** Where requests to an account's DICOM store go, each with a token that is valid then; undefined: no such account. */
  endpointOf(name: string): Endpoint | undefined {
    const account = this.accounts.get(name);
    return (
      account && {
        url: account.url,
        timeout: account.timeout,
        authorization: async () => `Bearer ${await account.token.get()}`,
      }
    );
  }

  /** Asks for the tokens, and renews them from then on. Nothing waits for that. */
  start(): void {
    for (const { token } of this.accounts.values()) token.start();
  }

  stop(): void {
    for (const { token } of this.accounts.values()) token.stop();
  }
}

/** Its file is read again each time: a new key in it needs no restart. */
function credentialsOf(name: string, account: GoogleAccountOptions): GoogleCredentials {
  try {
    return readGoogleCredentials(name, account);
  } catch {
    // what is wrong with it, and where it is, was told when the server started
    throw new Error('The file with its credentials cannot be used any more');
  }
}

/** The path of a DICOM store's DICOMweb services in the Healthcare API. */
function urlOf(base: string, { Project, Location, Dataset, DicomStore }: GoogleAccountOptions): string {
  const names = { projects: Project, locations: Location, datasets: Dataset, dicomStores: DicomStore };
  const path = Object.entries(names).map(([kind, name]) => `${kind}/${encodeURIComponent(name)}`);
  return `${base.replace(/\/+$/, '')}/${path.join('/')}/dicomWeb/`;
}
