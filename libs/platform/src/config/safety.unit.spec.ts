import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryConfiguration } from './testing/temporary-configuration.js';
import { readHttpsOptions } from './tls-options.js';

describe('a configuration that is unsafe or cannot work', () => {
  let files: TemporaryConfiguration;
  beforeAll(() => {
    files = new TemporaryConfiguration();
    const request = ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-days', '2', '-subj', '/CN=localhost'];
    const out = ['-keyout', join(files.folder, 'key.pem'), '-out', join(files.folder, 'cert.pem')];
    execFileSync('openssl', [...request, ...out], { stdio: 'ignore' });
    execFileSync('sh', ['-c', 'cat cert.pem key.pem > both.pem'], { cwd: files.folder });
  });
  afterAll(() => files.remove());
  const load = (content: unknown) => files.loadContent(content);
  const users = { RegisteredUsers: { alice: 'secret' } };

  describe('remote access', () => {
    it('is refused without users, with the way out', () => {
      const expected = [expect.stringMatching(/RegisteredUsers.*AuthenticationEnabled to false/)];
      expect(load({ RemoteAccessAllowed: true }).errors).toEqual(expected);
      expect(load({ RemoteAccessAllowed: true, AuthenticationEnabled: true }).errors).toEqual(expected);
    });

    it.each([{ alice: '' }, { '': 'secret' }, { alice: 'secret', bob: '' }, { alice: '${NOT_SET_ANYWHERE}' }])(
      'is refused with the users %j, an empty name or password among them',
      (RegisteredUsers) => {
        const told = [expect.stringContaining('RegisteredUsers has an empty name or password')];
        expect(load({ RemoteAccessAllowed: true, RegisteredUsers }).errors).toEqual(told);
        // from this machine alone it may be meant so
        const { errors, warnings } = load({ AuthenticationEnabled: true, RegisteredUsers });
        expect([errors, warnings.filter((warning) => !warning.includes('NOT_SET'))]).toEqual([[], told]);
      },
    );

    it('is refused with a user whose name has a colon', () => {
      const { errors } = load({ RemoteAccessAllowed: true, RegisteredUsers: { 'a:b': 'secret' } });
      expect(errors).toEqual([expect.stringContaining('a name with a colon')]);
    });

    it('needs authentication unless that is decided otherwise', () => {
      const { configuration, warnings } = load({ RemoteAccessAllowed: true, ...users });
      expect(configuration?.AuthenticationEnabled).toBe(true);
      expect(warnings).toContainEqual(expect.stringContaining('AuthenticationEnabled is not set: taken as true'));
    });

    it('is allowed without authentication by a deliberate decision, with a warning', () => {
      const { configuration, warnings } = load({ RemoteAccessAllowed: true, AuthenticationEnabled: false });
      expect(configuration?.AuthenticationEnabled).toBe(false);
      expect(warnings).toEqual([expect.stringContaining('everybody who reaches this machine')]);
    });

    it('does not matter when the HTTP server is off', () => {
      expect(load({ RemoteAccessAllowed: true, HttpServerEnabled: false }).errors).toEqual([]);
    });

    it('that is not allowed needs no authentication, and without users a demand for it is a warning', () => {
      expect(load({}).configuration?.AuthenticationEnabled).toBe(false);
      const { errors, warnings } = load({ AuthenticationEnabled: true });
      expect(errors).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining('nobody can log in')]);
    });
  });

  describe('HTTPS', () => {
    it('reads certificate, key and trusted certificates', () => {
      const { configuration, errors } = load({
        SslEnabled: true,
        SslCertificate: 'both.pem',
        SslVerifyPeers: true,
        SslTrustedClientCertificates: 'cert.pem',
        SslMinimumProtocolVersion: 5,
      });
      expect(errors).toEqual([]);
      expect(configuration && readHttpsOptions(configuration)).toMatchObject({
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.3',
        ca: expect.stringContaining('BEGIN CERTIFICATE') as string,
      });
    });

    it.each([
      [{}, /SslCertificate \(.*certificate\.pem\) cannot be read: it does not exist/],
      [{ SslCertificate: 'annal.json' }, /must hold a certificate and its private key/],
      [{ SslCertificate: 'cert.pem' }, /must hold a certificate and its private key/],
      [{ SslCertificate: 'both.pem', SslVerifyPeers: true }, /SslTrustedClientCertificates .* does not exist/],
      [
        { SslCertificate: 'both.pem', SslVerifyPeers: true, SslTrustedClientCertificates: 'annal.json' },
        /must hold certificates in PEM form/,
      ],
      [{ SslCertificate: 'both.pem', SslMinimumProtocolVersion: 6 }, /SslMinimumProtocolVersion: found the number 6/],
      [{ SslCertificate: 'both.pem', SslCiphersAccepted: ['NO-SUCH-CIPHER'] }, /cannot be used/],
    ])('is refused with %j', (content, error) => {
      expect(load({ SslEnabled: true, ...content }).errors).toEqual([expect.stringMatching(error)]);
    });

    it('that is off leaves the certificates alone, but client verification without it is a warning', () => {
      expect(load({ SslVerifyPeers: true }).warnings).toEqual([expect.stringContaining('SslEnabled is false')]);
    });

    it('with broken protocols is a warning', () => {
      const { warnings } = load({ SslEnabled: true, SslCertificate: 'both.pem', SslMinimumProtocolVersion: 2 });
      expect(warnings).toContainEqual(expect.stringContaining('TLS 1.0'));
    });
  });

  describe('folders and files', () => {
    it('may not exist yet', () => {
      expect(load({ StorageDirectory: 'new/deeper', IndexDirectory: 'other' }).errors).toEqual([]);
    });

    it('are refused where a file is in the way', () => {
      files.write('file', '');
      expect(load({ StorageDirectory: 'file', IndexDirectory: 'file/in' }).errors).toEqual([
        `StorageDirectory: ${join(files.folder, 'file')} is a file, wanted a folder`,
        `IndexDirectory: ${join(files.folder, 'file')} is a file, wanted a folder`,
      ]);
    });

    it('are refused where the system takes no folders, whatever the rights', () => {
      for (const option of ['StorageDirectory', 'IndexDirectory']) {
        const both = { StorageDirectory: 'new', IndexDirectory: 'new', [option]: '/proc/annal/deeper' };
        expect(load(both).errors).toEqual([expect.stringMatching(new RegExp(`^${option}: no .* in /proc\\. `))]);
      }
      expect(load({ StorageDirectory: 'new', TemporaryDirectory: '/proc' }).errors).toEqual([
        expect.stringContaining('TemporaryDirectory: no '),
      ]);
    });

    it('are left as they were found', () => {
      mkdirSync(join(files.folder, 'mine'));
      expect(load({ StorageDirectory: 'mine', IndexDirectory: 'mine/new' }).errors).toEqual([]);
      expect(readdirSync(join(files.folder, 'mine'))).toEqual([]);
    });

    const asRoot = process.getuid?.() === 0;
    (asRoot ? it.skip : it)('are refused without the right to write', () => {
      mkdirSync(join(files.folder, 'closed'));
      chmodSync(join(files.folder, 'closed'), 0o500);
      expect(load({ StorageDirectory: 'closed/in' }).errors).toContainEqual(expect.stringContaining('no right'));
    });

    it('are checked only where they are used', () => {
      const database = { Database: { Url: 'postgres://u:p@127.0.0.1:5432/annal' } };
      expect(load({ IndexDirectory: 'file', StorageDirectory: 'new', Annal: database }).errors).toEqual([]);
    });

    it('for temporary files and dictionaries must exist', () => {
      expect(load({ TemporaryDirectory: 'nowhere' }).errors).toEqual([expect.stringContaining('TemporaryDirectory')]);
      expect(load({ ExternalDictionaries: ['nowhere.dic'] }).errors).toEqual([expect.stringContaining('nowhere.dic')]);
    });
  });

  it.each([
    [{ HttpPort: 4242 }, /HttpPort and DicomPort are both 4242/],
    [{ Annal: { EventLog: { Kind: 'kafka' } } }, /Annal\.EventLog\.Brokers/],
    [{ Annal: { Roles: ['projector'] } }, /Annal\.Roles/],
    [
      { Annal: { Roles: ['projector'], EventLog: { Kind: 'kafka', Brokers: ['a:9092'] } } },
      /Annal\.Roles.*shares a database.*Annal\.Database\.Url/,
    ],
    [kafka({ ChangesTopic: 'annal.events' }), /ChangesTopic.*a topic of its own/],
    [kafka({ Topic: 'a', ChangesTopic: 'a.control' }), /ChangesTopic.*a topic of its own/],
    [kafka({ Sasl: { Mechanism: 'plain', Username: 'u' } }), /Sasl.*Username and Password/],
    [kafka({ Sasl: { Mechanism: 'oauthbearer', TokenUrl: 'https://x' } }), /Sasl.*TokenFile/],
    [{ DicomTlsEnabled: true }, /DicomTlsCertificate/],
    [{ Annal: { Cors: { AllowedOrigins: ['*'], AllowCredentials: true } } }, /Annal\.Cors.*name the origins/],
    [{ Annal: { Cors: { AllowedOrigins: ['viewer'] } } }, /Annal\.Cors\.AllowedOrigins.*wanted an origin/],
    [{ DicomWeb: { Root: '/' } }, /DicomWeb\.Root.*a path with a name in it/],
  ])('is refused with %j', (content, error) => {
    expect(load(content).errors).toEqual([expect.stringMatching(error)]);
  });

  it("names each file of a broker's encryption that cannot be read", () => {
    const { errors } = load(kafka({ Tls: { Enabled: true, CertificateFile: '/no.crt', KeyFile: '/no.key' } }));
    expect(errors).toEqual([expect.stringContaining('CertificateFile'), expect.stringContaining('KeyFile')]);
    const alone = load(kafka({ Tls: { Enabled: true, KeyFile: '/no.key' } }));
    expect(alone.errors).toContainEqual(expect.stringContaining('go together'));
  });

  it('warns of what a development broker and an unencrypted password may cost', () => {
    const plain = { Mechanism: 'plain', Username: 'u', Password: 'p' };
    const { errors, warnings } = load(kafka({ DevelopmentBroker: true, Sasl: plain }));
    expect([errors, warnings]).toEqual([[], [expect.stringContaining('one replica'), expect.stringContaining('Tls')]]);
    const unverified = load(kafka({ Tls: { Enabled: true, Verify: false } }));
    expect(unverified.warnings).toEqual([expect.stringContaining('pretend')]);
  });

  it('warns of a client secret that is sent without encryption', () => {
    const client = { Mechanism: 'oauthbearer', ClientId: 'c', ClientSecret: 's3cret' };
    const from = (TokenUrl: string): readonly string[] =>
      load(kafka({ Tls: { Enabled: true }, Sasl: { ...client, TokenUrl } })).warnings;
    expect(from('http://tokens.example/token')).toEqual([expect.stringMatching(/TokenUrl.*http.*ClientSecret/)]);
    expect(from('https://tokens.example/token')).toEqual([]);
    const { warnings } = load(kafka({ Sasl: { Mechanism: 'oauthbearer', TokenFile: '/run/token' } }));
    expect(warnings).toEqual([expect.stringMatching(/"oauthbearer" without Tls: .*reads the token/)]);
  });

  it('warns when files are not flushed', () => {
    expect(load({ SyncStorageArea: false }).warnings).toEqual([expect.stringContaining('power cut')]);
  });
});

function kafka(options: object): object {
  return { Annal: { EventLog: { Kind: 'kafka', Brokers: ['127.0.0.1:9092'], ...options } } };
}
