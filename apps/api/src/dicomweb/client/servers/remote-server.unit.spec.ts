import type { Json } from '../../../http/body/read-json.js';
import { remoteServer } from './remote-server.js';
import { webServiceParameters } from '../../../remotes/web-service/web-service-parameters.js';
import { viewWebService } from '../../../remotes/web-service/web-service-view.js';

const PLAIN = { HttpHeaders: [], Pkcs11: false, Timeout: 0, Url: 'http://h/x/' };

const NO_HEADER = expect.stringContaining('no header of HTTP') as string;

describe('how other DICOMweb servers are set', () => {
  it.each<[string, Json, object]>([
    ['the short form', ['http://h/x'], PLAIN],
    ['the short form with a login', ['http://h/x', 'u', 'p'], { ...PLAIN, Password: null, Username: 'u' }],
    ['the long form', { Url: 'http://h/x/', Username: 'u' }, { ...PLAIN, Password: null, Username: 'u' }],
    ['no scheme', { Url: 'h/x' }, { ...PLAIN, Url: 'h/x/' }],
    [
      "properties of the user's own, kept as texts",
      { Url: 'http://h/x', HasDelete: true, Own: 'text', Number: 12, No: false },
      { ...PLAIN, HasDelete: '1', Own: 'text', Number: '12', No: '0' },
    ],
    [
      'headers, of which the names alone are shown',
      { Url: 'http://h/x', HttpHeaders: { B: 'secret', A: 'secret' }, Timeout: 7 },
      { ...PLAIN, HttpHeaders: ['A', 'B'], Timeout: 7 },
    ],
    [
      'a certificate',
      { Url: 'http://h/x', CertificateFile: 'f', CertificateKeyFile: 'k', CertificateKeyPassword: 'p' },
      { ...PLAIN, CertificateFile: 'f', CertificateKeyFile: null, CertificateKeyPassword: null },
    ],
    ['the key of no certificate, which is dropped', { Url: 'http://h/x', CertificateKeyFile: 'k' }, PLAIN],
  ])('take %s, and show no secrets', (_, body, shown) => {
    expect(viewWebService(webServiceParameters(body))).toEqual(shown);
  });

  it.each<[Json | undefined, string | undefined]>([
    [undefined, 'A JSON file was expected'],
    [[], undefined],
    [['http://h', 'u'], undefined],
    [['a', 'b', 'c', 'd'], undefined],
    [[1], undefined],
    ['http://h', undefined],
    [{}, 'Empty URL'],
    [{ Url: '' }, 'Empty URL'],
    [{ Url: 'ftp://h' }, 'Bad URL: ftp://h'],
    [{ Url: 'http://' }, 'The Url is none'],
    [{ Url: 3 }, undefined],
    [{ Url: 'http://h', Username: 3 }, undefined],
    [{ Url: 'http://h', Password: 'p' }, 'There is a Password without a Username'],
    [{ Url: 'http://h', HttpHeaders: ['a'] }, undefined],
    [{ Url: 'http://h', HttpHeaders: { a: 1 } }, undefined],
    [{ Url: 'http://h', HttpHeaders: { 'a: b': '' } }, NO_HEADER],
    [{ Url: 'http://h', HttpHeaders: { a: 'b\nc' } }, NO_HEADER],
    [{ Url: 'http://h', HttpHeaders: { a: '\u2192' } }, NO_HEADER],
    [{ Url: 'http://h', Timeout: 'x' }, 'Integer value expected in field: Timeout'],
    [{ Url: 'http://h', Timeout: -1 }, 'Integer value expected in field: Timeout'],
    [{ Url: 'http://h', Pkcs11: 'x' }, 'Boolean value expected in field: Pkcs11'],
    [
      { Url: 'http://h', Pkcs11: true },
      'Pkcs11 is not served: use CertificateFile and CertificateKeyFile for client certificates',
    ],
    [{ Url: 'http://h', Own: [1] }, 'User-defined properties associated with a Web service must be strings: Own'],
    [{ Url: 'http://h', Own: 1.5 }, 'User-defined properties associated with a Web service must be strings: Own'],
  ])('refuse %j', (body, details) => {
    expect(() => webServiceParameters(body)).toThrow(
      expect.objectContaining({ status: 400, code: 15, details }) as Error,
    );
  });

  it('mean what Orthanc means where they say nothing, and take Booleans as texts', () => {
    const plain = remoteServer('b', webServiceParameters(['h/x']));
    expect(plain).toEqual({
      name: 'b',
      endpoint: { url: 'http://h/x/' },
      hasDelete: false,
      chunked: true,
      universal: true,
    });
    const set = { Url: 'http://h', HasDelete: '1', ChunkedTransfers: 'false', HasWadoRsUniversalTransferSyntax: false };
    expect(remoteServer('b', webServiceParameters(set))).toMatchObject({
      hasDelete: true,
      chunked: false,
      universal: false,
    });
    expect(() => remoteServer('b', webServiceParameters({ Url: 'http://h', HasDelete: 'foo' }))).toThrow(
      expect.objectContaining({
        status: 400,
        details: expect.stringContaining('"HasDelete" equals: foo') as string,
      }) as Error,
    );
  });
});
