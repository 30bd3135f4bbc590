import { join } from 'node:path';
import { TemporaryConfiguration } from './testing/temporary-configuration.js';

describe('the sources of the configuration', () => {
  let files: TemporaryConfiguration;
  beforeEach(() => {
    files = new TemporaryConfiguration();
  });
  afterEach(() => files.remove());

  describe('files', () => {
    it('may have comments, trailing commas and a byte order mark', () => {
      const text = `\uFEFF{
        // a comment with a "quote", a } and a ,
        "Name" : "http://a /* no comment */ // none", /* another, } */
        "UserMetadata" : { "a" : 1100, /* } */ },
      }`;
      const { configuration, errors } = files.loadContent(text);
      expect(errors).toEqual([]);
      expect(configuration?.Name).toBe('http://a /* no comment */ // none');
      expect(configuration?.UserMetadata).toEqual({ a: 1100 });
    });

    it.each([
      ['{\n // one\n "Name" "x"\n}', 'line 3 column 9'],
      [
        '{\n "HttpPort": x8042,\n "Name": "long enough that only a part is shown in the message"\n}',
        'line 2 column 14',
      ],
      ['{\n "RegisteredUsers": {"alice": secret"}\n}', 'line 2 column 31'],
      ['{ "A": tru, }', 'line 1 column 11'],
      ['{\n "SslEnabled":\n\n', 'line 2 column 15'],
      ['{\n "SslEnabled": true\n\n', 'line 4 column 1'],
      ['{\r\n "Name": "x\r\n}', 'line 2 column 12'],
      ['// nothing', 'line 1 column 1'],
    ])('are refused with file, line and column when they are no JSON: %j', (text, place) => {
      const { configuration, errors } = files.loadContent(text);
      expect(configuration).toBeUndefined();
      expect(errors).toEqual([expect.stringMatching(/annal\.json: [^\n]*$/)]);
      expect(errors[0]).toMatch(new RegExp(`\\(${place}\\)$`));
      expect(errors[0]).not.toContain('secret');
    });

    it('are refused when they do not exist or are no object', () => {
      expect(files.load(['absent.json']).errors).toEqual([expect.stringContaining('absent.json: it does not exist')]);
      expect(files.loadContent('[1]').errors).toEqual([expect.stringContaining('must be an object')]);
    });

    it('of a folder are merged: those ending in .json in any case, not those of folders in it', () => {
      files.write('c/a.json', { Name: 'merged' });
      files.write('c/b.JSON', { StableAge: 7 });
      files.write('c/note.txt', 'no JSON');
      files.write('c/deeper/d.json', '{ no JSON');
      const { configuration, errors } = files.load(['c']);
      expect(errors).toEqual([]);
      expect(configuration).toMatchObject({ Name: 'merged', StableAge: 7 });
    });

    it('may not define one key twice, not even parts of one section', () => {
      const one = files.write('one.json', { UserMetadata: { a: 1100 } });
      const two = files.write('c/two.json', { UserMetadata: { b: 1101 } });
      expect(files.load([one, 'c']).errors).toEqual([
        `UserMetadata is defined in two files, ${one} and ${two}: keep one of them`,
      ]);
    });

    it('may be missing altogether: everything has its default', () => {
      const { configuration, errors } = files.load([]);
      expect(errors).toEqual([]);
      expect(configuration).toMatchObject({ HttpPort: 8042, StorageDirectory: join(files.folder, 'data/storage') });
    });

    it('without a .json file in a folder are a warning', () => {
      files.write('c/note.txt', '');
      expect(files.load(['c']).warnings).toEqual([expect.stringContaining('has no .json file')]);
    });
  });

  describe('variables in files', () => {
    it('are replaced by the environment, also where they are no strings', () => {
      const text = '{ "HttpPort": ${PORT}, "Name": "${A}-${B:-x:-y}-${EMPTY:-unused}-${NONE:-}" /* ${C} */ }';
      const { configuration, errors, warnings } = files.loadContent(text, { PORT: '9000', A: 'a', EMPTY: '' });
      expect(errors).toEqual([]);
      expect(warnings).toEqual([]);
      expect(configuration).toMatchObject({ HttpPort: 9000, Name: 'a-x:-y--' });
    });

    it('that are not set and have no default are empty, with a warning', () => {
      const { configuration, warnings } = files.loadContent('{ "Name": "<${NOBODY}>" }');
      expect(configuration?.Name).toBe('<>');
      expect(warnings).toEqual([expect.stringContaining('NOBODY')]);
    });
  });

  describe('the environment', () => {
    const name = (environment: Record<string, string>) => files.loadContent({ Name: 'file' }, environment);

    it('names sections and keys in capitals and underscores', () => {
      const { configuration, errors } = name({
        ORTHANC__STABLE_AGE: '30',
        ORTHANC__DICOM_WEB__ROOT: '/dicom/',
        ORTHANC__STORE_MD5_FOR_ATTACHMENTS: 'false',
        ORTHANC__CASE_SENSITIVE_P_N: 'true',
        ORTHANC__OHIF__DATA_SOURCE: 'dicom-web',
        ORTHANC__ANNAL__LIMITS__MAX_JSON_DEPTH: '12',
        ORTHANC__REGISTERED_USERS: '{"demo": "demo"}',
      });
      expect(errors).toEqual([]);
      expect(configuration).toMatchObject({
        Name: 'file',
        StableAge: 30,
        StoreMD5ForAttachments: false,
        CaseSensitivePN: true,
        DicomWeb: { Root: '/dicom/' },
        OHIF: { DataSource: 'dicom-web' },
        Annal: { Limits: { MaxJsonDepth: 12 } },
        RegisteredUsers: { demo: 'demo' },
      });
    });

    it('gives text to options that are text, even if it looks like a number', () => {
      const { configuration } = files.loadContent(
        { RegisteredUsers: { alice: 'old' } },
        { ORTHANC__NAME: '42', ORTHANC__REGISTERED_USERS__ALICE: '1234', ORTHANC__DICOM_AET: '"QUOTED"' },
      );
      expect(configuration).toMatchObject({ Name: '42', DicomAet: 'QUOTED', RegisteredUsers: { alice: '1234' } });
    });

    it('wins over files, ORTHANC_JSON between them, merged in depth', () => {
      const { configuration } = files.loadContent(
        { Name: 'file', StableAge: 1, DicomWeb: { Root: '/file/', Host: 'file' } },
        {
          ORTHANC_JSON: '{ "Name": "json", "StableAge": 2, "DicomWeb": { "Root": "/json/" } }',
          ORTHANC__NAME: 'variable',
        },
      );
      expect(configuration).toMatchObject({
        Name: 'variable',
        StableAge: 2,
        DicomWeb: { Root: '/json/', Host: 'file' },
      });
    });

    it('is refused where it is no configuration', () => {
      expect(name({ ORTHANC_JSON: '{' }).errors).toEqual([expect.stringContaining('ORTHANC_JSON')]);
      expect(name({ ORTHANC____NAME: 'x' }).errors).toEqual([expect.stringContaining('ORTHANC____NAME')]);
      expect(name({ ORTHANC__HTTP_PORT: 'many' }).errors).toEqual([expect.stringContaining('HttpPort')]);
    });

    it('has secrets as files of the same names, which win', () => {
      files.write('secrets/ORTHANC__NAME', 'secret\n');
      files.write('secrets/other', 'ignored');
      expect(name({ ORTHANC__NAME: 'variable' }).configuration?.Name).toBe('secret');
    });
  });

  describe('relative paths', () => {
    it('start from the folder of the file that has them', () => {
      files.write('a/one.json', { StorageDirectory: 'store' });
      files.write('b/two.json', { IndexDirectory: '../index', ExternalDictionaries: [] });
      expect(files.load(['a', 'b']).configuration).toMatchObject({
        StorageDirectory: join(files.folder, 'a/store'),
        IndexDirectory: join(files.folder, 'index'),
        SslCertificate: join(files.folder, 'a/certificate.pem'),
      });
    });

    it('start from the working directory in the environment and where Orthanc does so', () => {
      const file = files.write('a/one.json', { OHIF: { UserConfiguration: 'ohif.js' } });
      files.write('ohif.js', '');
      expect(files.load([file], { ORTHANC__STORAGE_DIRECTORY: 'store' }).configuration).toMatchObject({
        StorageDirectory: join(files.folder, 'store'),
        OHIF: { UserConfiguration: join(files.folder, 'ohif.js') },
      });
    });

    it('of the index are those of the storage when only that is given', () => {
      const { configuration } = files.loadContent({ StorageDirectory: 'db' });
      expect(configuration?.IndexDirectory).toBe(join(files.folder, 'db'));
    });
  });
});
