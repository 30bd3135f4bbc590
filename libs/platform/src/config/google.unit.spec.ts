import { join } from 'node:path';
import { readGoogleCredentials } from './google-credentials.js';
import { TemporaryConfiguration } from './testing/temporary-configuration.js';

const STORE = { Project: 'p', Location: 'l', Dataset: 'd', DicomStore: 's' };
const USER = {
  AuthorizedUserClientId: 'id',
  AuthorizedUserClientSecret: 'hidden-secret',
  AuthorizedUserRefreshToken: 'hidden-token',
};
const FILE = { client_id: 'id', client_secret: 'hidden-secret', refresh_token: 'hidden-token' };

describe('accounts of Google Cloud Platform in the configuration', () => {
  let files: TemporaryConfiguration;
  beforeEach(() => {
    files = new TemporaryConfiguration();
  });
  afterEach(() => files.remove());
  const load = (account: object, others: object = {}) =>
    files.loadContent({ GoogleCloudPlatform: { Accounts: { mine: { ...STORE, ...account } } }, ...others });

  it('have credentials in a file below the working directory, or as they are', () => {
    files.write('user.json', JSON.stringify(FILE));
    const { configuration, errors, warnings } = load({ AuthorizedUserFile: 'user.json' });
    expect([errors, warnings]).toEqual([[], []]);
    const { Accounts } = configuration!.GoogleCloudPlatform;
    expect(Accounts.mine!.AuthorizedUserFile).toBe(join(files.folder, 'user.json'));
    const expected = { kind: 'user', clientId: 'id', clientSecret: 'hidden-secret', refreshToken: 'hidden-token' };
    expect(readGoogleCredentials('mine', Accounts.mine!)).toMatchObject(expected);
    const given = load(USER).configuration!.GoogleCloudPlatform.Accounts.mine!;
    expect(readGoogleCredentials('mine', given)).toMatchObject(expected);
  });

  it.each([
    [{}, 'GoogleCloudPlatform.Accounts.mine: wanted credentials of one kind'],
    [{ ...USER, ServiceAccountFile: 'user.json' }, 'GoogleCloudPlatform.Accounts.mine: wanted credentials of one kind'],
    [{ ...USER, AuthorizedUserClientId: '' }, 'GoogleCloudPlatform.Accounts.mine: wanted credentials of one kind'],
    [{ ...USER, AuthorizedUserRefreshToken: 5 }, 'GoogleCloudPlatform.Accounts.mine.AuthorizedUserRefreshToken: '],
    [{ ...USER, Project: '' }, 'GoogleCloudPlatform.Accounts.mine.Project: '],
    [{ ...USER, BaseUrl: 'ftp://h/' }, 'GoogleCloudPlatform.Accounts.mine.BaseUrl: '],
    [{ ...USER, Timeout: -1 }, 'GoogleCloudPlatform.Accounts.mine.Timeout: '],
    [{ ...USER, Projects: 'p' }, 'GoogleCloudPlatform.Accounts.mine.Projects: '],
    [{ ServiceAccountFile: 'nope.json' }, 'GoogleCloudPlatform.Accounts.mine.ServiceAccountFile: '],
    [{ ServiceAccountFile: 'text' }, 'ServiceAccountFile: the file cannot be used, wanted a JSON object'],
    [{ ServiceAccountFile: 'user.json' }, 'ServiceAccountFile: the file cannot be used, it must have client_email'],
    [{ AuthorizedUserFile: 'odd.json' }, 'AuthorizedUserFile: the file cannot be used, its token_uri must be a URL'],
  ])('are refused as %j, without a secret in what is said', (account, error) => {
    files.write('user.json', JSON.stringify(FILE));
    files.write('odd.json', JSON.stringify({ ...FILE, token_uri: 'file:///etc/passwd' }));
    files.write('text', 'hidden-text');
    const { configuration, errors } = load(account);
    expect(configuration).toBeUndefined();
    expect(errors).toEqual([expect.stringContaining(error)]);
    expect(errors.join()).not.toContain('hidden');
  });

  it('have names that no other DICOMweb server has', () => {
    const { errors } = load(USER, { DicomWeb: { Servers: { mine: ['http://other/'] } } });
    expect(errors).toEqual([expect.stringContaining('"mine" is both in DicomWeb.Servers and in')]);
  });
});
