import { TemporaryConfiguration } from './testing/temporary-configuration.js';

describe('the values of the configuration', () => {
  let files: TemporaryConfiguration;
  beforeAll(() => {
    files = new TemporaryConfiguration();
  });
  afterAll(() => files.remove());
  const load = (content: unknown) => files.loadContent(content);

  it.each([
    [{ HttpPort: '8042' }, 'HttpPort: found the string "8042", wanted a port number from 1 to 65535'],
    [{ HttpPort: 70000 }, 'HttpPort: found the number 70000, wanted a port number from 1 to 65535'],
    [{ HttpPort: 0 }, 'HttpPort: found the number 0, wanted a port number from 1 to 65535'],
    [{ OverwriteInstances: 'true' }, 'OverwriteInstances: found the string "true", wanted true or false'],
    [{ OverwriteInstances: 1 }, 'OverwriteInstances: found the number 1, wanted true or false'],
    [{ StableAge: 1.5 }, 'StableAge: found the number 1.5, wanted a whole number from 0 to 2147483648'],
    [{ StableAge: -1 }, 'StableAge: found the number -1, wanted a whole number from 0 to 2147483648'],
    [{ Name: null }, 'Name: found null, wanted a string'],
    [
      { MaximumStorageMode: 'recycle' },
      'MaximumStorageMode: found the string "recycle", wanted one of "Recycle", "Reject"',
    ],
    [{ DicomWeb: [] }, 'DicomWeb: found a list of 0, wanted an object with options'],
    [
      { DicomWeb: { Root: 5 } },
      'DicomWeb.Root: found the number 5, wanted a path with a name in it, such as "/dicom-web/"',
    ],
    [{ ExternalDictionaries: ['a', 2] }, 'ExternalDictionaries[1]: found the number 2, wanted a string'],
    [{ RegisteredUsers: { alice: 12345 } }, 'RegisteredUsers.alice: found the number, wanted a string'],
    [
      { Annal: { Limits: { MaxJobResources: 10_001 } } },
      'Annal.Limits.MaxJobResources: found the number 10001, wanted a whole number from 1 to 10000',
    ],
    [{ UserMetadata: { low: 5 } }, 'UserMetadata.low: found the number 5, wanted a whole number from 1024 to 65535'],
    [
      { DicomAet: 'SEVENTEEN-LETTERS' },
      'DicomAet: found the string "SEVENTEEN-LETTERS", wanted an application entity title of 1 to 16 characters',
    ],
    [
      { ExtraMainDicomTags: { Image: [] } },
      'ExtraMainDicomTags: found the key "Image", wanted "Patient", "Study", "Series" or "Instance"',
    ],
    [
      { Annal: { Roles: [] } },
      'Annal.Roles: found a list of 0, wanted a list with at least 1 member (each one of "api", "dicom", "projector", "jobs")',
    ],
    [
      { Annal: { Database: { Url: 'mysql://u:secret@h/d' } } },
      'Annal.Database.Url: found the string, wanted a URL as postgres://user:password@host:port/database',
    ],
  ])('refuse %j with the key, what was found and what is wanted', (content, error) => {
    const { configuration, errors } = load(content);
    expect(configuration).toBeUndefined();
    expect(errors).toEqual([error]);
  });

  it('refuse everything wrong at once', () => {
    expect(load({ HttpPort: 'x', StableAge: 'y', Annal: { Workers: -1 } }).errors).toHaveLength(3);
  });

  it('suggest the nearest name for an unknown one', () => {
    const { warnings, errors } = load({
      HtpPort: 1,
      DicomWeb: { Rot: '/' },
      Annal: { Limits: { maxjsondepth: 3 } },
      Q: 0,
    });
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      'HtpPort is no known option, HttpPort is meant perhaps: ignored',
      'Q is no known option: ignored',
      'DicomWeb.Rot is no known option, DicomWeb.Root is meant perhaps: ignored',
      'Annal.Limits.maxjsondepth is no known option, Annal.Limits.MaxJsonDepth is meant perhaps: ignored',
    ]);
  });

  it('do not mind keys named like parts of the language', () => {
    const { configuration, warnings } = load(
      '{ "__proto__": { "HttpPort": 1 }, "constructor": 2, "UserMetadata": { "__proto__": 1100 } }',
    );
    expect(configuration?.HttpPort).toBe(8042);
    expect(Object.keys(configuration?.UserMetadata ?? {})).toEqual(['__proto__']);
    expect(warnings).toHaveLength(2);
  });

  it('report sections of plugins that have no counterpart', () => {
    const { warnings, errors } = load({ PostgreSQL: { EnableIndex: true }, Worklists: {}, Gdcm: {} });
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('PostgreSQL is ignored: Annal keeps its index in the database of Annal.Database.Url'),
      expect.stringContaining('Worklists is ignored'),
      expect.stringContaining('Gdcm is ignored'),
    ]);
  });

  it('report options without effect that differ from their defaults', () => {
    const { warnings } = load({ HttpThreadsCount: 12, WebDavEnabled: true, QueryRetrieveSize: 8 });
    expect(warnings).toEqual([
      'not used by this version yet: QueryRetrieveSize',
      'without effect in Annal: HttpThreadsCount',
    ]);
  });

  it('take RemoteAccessEnabled for RemoteAccessAllowed', () => {
    const { configuration, warnings } = load({ RemoteAccessEnabled: true, AuthenticationEnabled: false });
    expect(configuration?.RemoteAccessAllowed).toBe(true);
    expect(warnings).toContain(
      'RemoteAccessEnabled is the older name of RemoteAccessAllowed: taken as RemoteAccessAllowed',
    );
    const both = load({ RemoteAccessEnabled: true, RemoteAccessAllowed: false });
    expect(both.configuration?.RemoteAccessAllowed).toBe(false);
  });

  it('read both forms of modalities, peers and DICOMweb servers', () => {
    const { configuration, errors } = load({
      DicomModalities: {
        list: ['A', 'host', '104', 'GE'],
        object: { AET: 'A', Host: 'h', Port: 104, AllowEcho: false },
      },
      OrthancPeers: { list: ['http://h:8042/', 'u', 'p'], object: { Url: 'https://h/', HttpHeaders: { Token: 't' } } },
      DicomWeb: { Servers: { list: ['http://localhost/dicom-web/'], object: { Url: 'http://h/', HasDelete: true } } },
    });
    expect(errors).toEqual([]);
    expect(configuration?.DicomModalities).toEqual({
      list: { AET: 'A', Host: 'host', Port: '104', Manufacturer: 'GE' },
      object: { AET: 'A', Host: 'h', Port: '104', AllowEcho: false },
    });
    expect(configuration?.OrthancPeers).toEqual({
      list: { Url: 'http://h:8042/', Username: 'u', Password: 'p' },
      object: { Url: 'https://h/', HttpHeaders: { Token: 't' } },
    });
    expect(configuration?.DicomWeb.Servers).toEqual({
      list: { Url: 'http://localhost/dicom-web/' },
      object: { Url: 'http://h/', HasDelete: true },
    });
  });

  it("keep the user's own properties of peers and DICOMweb servers, and refuse what is not served", () => {
    const own = { Url: 'http://h/', Own: 'text', Count: 12, Flag: true };
    expect(load({ OrthancPeers: { x: own } }).configuration?.OrthancPeers).toEqual({ x: own });
    expect(load({ OrthancPeers: { x: { URL: 'http://h/' } } }).configuration?.OrthancPeers.x).toEqual({ Url: own.Url });
    const pkcs11 = load({ OrthancPeers: { x: { ...own, Pkcs11: true } } });
    expect(pkcs11.errors).toEqual([expect.stringMatching(/OrthancPeers\.x\.Pkcs11: is not served/)]);
    expect(load({ DicomWeb: { Servers: { x: own } } }).configuration?.DicomWeb.Servers).toEqual({ x: own });
    const refused = load({ DicomWeb: { Servers: { x: { Url: 'http://h/', Own: [1] }, y: { ...own, Pkcs11: true } } } });
    expect(refused.errors.join()).toMatch(/Servers\.x\.Own: wanted a text.*Servers\.y\.Pkcs11: is not served/s);
  });

  it('take URLs without a scheme and with any host name, and Booleans of DICOMweb servers as Orthanc does', () => {
    const { configuration, errors } = load({
      OrthancPeers: { x: ['localhost:8043'], y: ['http://orthanc_b:8042/'], z: { Url: 'http://h/', RemoteSelf: 'me' } },
      DicomWeb: { Servers: { x: { Url: 'http://h_1/', HasDelete: '1', ChunkedTransfers: 'false' } } },
    });
    expect(errors).toEqual([]);
    expect(configuration?.OrthancPeers).toEqual({
      x: { Url: 'localhost:8043' },
      y: { Url: 'http://orthanc_b:8042/' },
      z: { Url: 'http://h/', RemoteSelf: 'me' },
    });
    expect(configuration?.DicomWeb.Servers).toEqual({
      x: { Url: 'http://h_1/', HasDelete: true, ChunkedTransfers: false },
    });
  });

  it('take a Username without a Password, and no login in either form, as Orthanc does', () => {
    const { configuration, errors } = load({
      OrthancPeers: { x: { Url: 'http://h', Username: 'bob' }, y: ['http://h', 'bob', ''], z: ['http://h', '', ''] },
    });
    expect(errors).toEqual([]);
    expect(configuration?.OrthancPeers.y).toEqual({ Url: 'http://h', Username: 'bob', Password: '' });
  });

  it('warn of peers and DICOMweb servers that are not there because the database alone counts', () => {
    const Servers = { y: ['http://h'], z: ['http://h'] };
    expect(load({ OrthancPeersInDatabase: true, DicomWeb: { ServersInDatabase: true } }).warnings).toEqual([]);
    const inDatabase = { OrthancPeersInDatabase: true, OrthancPeers: { x: ['http://h'] } };
    expect(load({ ...inDatabase, DicomWeb: { ServersInDatabase: true, Servers } }).warnings).toEqual([
      'OrthancPeersInDatabase is true: what OrthancPeers names is not there (x); set it by PUT /peers/{id}, or set OrthancPeersInDatabase to false',
      'DicomWeb.ServersInDatabase is true: what DicomWeb.Servers names is not there (y, z); set it by PUT /dicom-web/servers/{name}, or set DicomWeb.ServersInDatabase to false',
    ]);
  });

  it('warn of what only the transfers accelerator would use', () => {
    expect(load({ OrthancPeers: { x: { Url: 'http://h', RemoteSelf: 'me' } } }).warnings).toEqual([
      'without effect in Annal, which has no transfers accelerator: OrthancPeers.x.RemoteSelf',
    ]);
  });

  it('warn of client certificates that no request can be sent with', () => {
    const no = files.write('no.pem', 'nothing');
    const { warnings } = load({
      OrthancPeers: { x: { Url: 'https://h/', CertificateFile: '/nowhere/client.pem' } },
      DicomWeb: { Servers: { y: { Url: 'https://h/', CertificateFile: no, CertificateKeyPassword: 'secret' } } },
    });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^OrthancPeers\.x\.CertificateFile: \/nowhere\/client\.pem cannot be read, it does not exist/,
      ),
      expect.stringMatching(
        /^DicomWeb\.Servers\.y\.CertificateFile: .*must hold a certificate and its key in PEM form/,
      ),
    ]);
  });

  it.each([
    [{ OrthancPeers: { x: 'http://me:secret@h' } }, /OrthancPeers\.x: found the string, wanted a peer/],
    [{ OrthancPeers: { x: ['http://a b/'] } }, /OrthancPeers\.x\.Url: .*must be a URL/],
    [{ OrthancPeers: { x: [''] } }, /OrthancPeers\.x\.Url: .*must be a URL/],
    [{ DicomWeb: { Servers: { x: { Url: 'http://h/', HasDelete: 'x' } } } }, /x\.HasDelete: .*must be a boolean/],
    [{ DicomModalities: { x: ['A', 'h'] } }, /DicomModalities\.x\.Port/],
    [{ DicomModalities: { x: ['A', 'h', 104, 'GE', 'more'] } }, /DicomModalities\.x/],
    [{ DicomModalities: { x: { AET: 'A', Host: 'h', Port: 104, AllowEko: true } } }, /AllowEko/],
    [{ OrthancPeers: { x: ['ftp://h'] } }, /OrthancPeers\.x\.Url/],
    [
      { OrthancPeers: { x: ['http://h', 'bob'] } },
      /OrthancPeers\.x: .*a URL alone, or with a user name and a password/,
    ],
    [{ OrthancPeers: { x: [] } }, /OrthancPeers\.x: .*a URL alone, or/],
    [{ OrthancPeers: { x: ['http://h', 'a', 'b', 'c'] } }, /OrthancPeers\.x: .*a URL alone, or/],
    [{ DicomWeb: { Servers: { x: ['http://h', 'bob'] } } }, /DicomWeb\.Servers\.x: .*a URL alone, or/],
    [{ OrthancPeers: { x: { Url: 'http://h', Password: 'p' } } }, /OrthancPeers\.x\.Password: .*without a Username/],
    [{ DicomWeb: { Servers: { x: ['http://h', '', 'p'] } } }, /Servers\.x\.Password: .*without a Username/],
    [{ OrthancPeers: { x: 5 } }, /OrthancPeers\.x: found the number,/],
    [{ OrthancPeers: { x: { Url: 'http://h/', HttpHeaders: { Token: 5 } } } }, /OrthancPeers\.x\.HttpHeaders: .*texts/],
    [{ DicomWeb: { Servers: { x: { Url: 'http://h/', HttpHeaders: ['a'] } } } }, /Servers\.x\.HttpHeaders: .*texts/],
    [{ OrthancPeers: { x: { Url: 'http://h/', HttpHeaders: { 'a b': 'c' } } } }, /x\.HttpHeaders: .*no header of HTTP/],
    [
      { DicomWeb: { Servers: { x: { Url: 'http://h/', HttpHeaders: { a: 'b\r\nc: d' } } } } },
      /Servers\.x\.HttpHeaders: .*no header of HTTP/,
    ],
    [{ DicomWeb: { Servers: { x: { Url: 'http://h/', HttpHeaders: { a: '\0' } } } } }, /no header of HTTP/],
  ])('refuse the remote of %j', (content, error) => {
    expect(load(content).errors).toEqual([expect.stringMatching(error)]);
  });

  it('read dictionary entries and user-defined attachments with their defaults', () => {
    const { configuration } = load({
      Dictionary: { '0014,1020': ['DA', 'ValidationExpiryDate'], '00e1,c2': ['UI', 'Study', 1, 0, 'ELSCINT1'] },
      UserContentType: { plain: 1025, text: [1026, 'text/plain'] },
    });
    expect(configuration?.Dictionary).toEqual({
      '0014,1020': { vr: 'DA', name: 'ValidationExpiryDate', minimumMultiplicity: 1, maximumMultiplicity: 1 },
      '00e1,c2': {
        vr: 'UI',
        name: 'Study',
        minimumMultiplicity: 1,
        maximumMultiplicity: 0,
        privateCreator: 'ELSCINT1',
      },
    });
    expect(configuration?.UserContentType).toEqual({
      plain: { id: 1025, mediaType: 'application/octet-stream' },
      text: { id: 1026, mediaType: 'text/plain' },
    });
  });

  it.each([
    [{ Dictionary: { '0014,1020': ['ZZ', 'X'] } }, /Dictionary\.0014,1020: found \["ZZ","X"\]/],
    [{ Dictionary: { Rows: ['US', 'X'] } }, /the key "Rows"/],
    [{ UserMetadata: { a: 1100, b: 1100 } }, /UserMetadata\.b: the number 1100 is that of a/],
    [{ UserMetadata: { LastUpdate: 1100 } }, /the name is built in/],
    [{ UserContentType: { a: [1100] } }, /UserContentType\.a/],
  ])('refuse %j', (content, error) => {
    expect(load(content).errors).toEqual([expect.stringMatching(error)]);
  });

  it('cannot be changed once they are read', () => {
    const { configuration } = load({ RegisteredUsers: { alice: 'a' } });
    expect(Object.isFrozen(configuration)).toBe(true);
    expect(Object.isFrozen(configuration?.Annal.Limits)).toBe(true);
    expect(Object.isFrozen(configuration?.RegisteredUsers)).toBe(true);
  });
});
