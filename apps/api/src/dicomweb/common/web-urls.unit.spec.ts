import type { FastifyRequest } from 'fastify';
import { testConfiguration } from '../../http/testing/test-app.js';
import { WebUrls } from './web-urls.js';

const base = (headers: Record<string, string>, DicomWeb: object = {}): string =>
  new WebUrls(testConfiguration({ DicomWeb })).base({ headers: { host: 'own:8042', ...headers } } as FastifyRequest);

describe('the URL of the services', () => {
  it.each([
    [{}, 'http://own:8042/dicom-web/'],
    [{ forwarded: 'for=1.2.3.4;host=a.org;proto=https' }, 'https://a.org/dicom-web/'],
    [{ forwarded: 'for=1; Host="a.org:99"; Proto="HTTPS", host=b;proto=http' }, 'https://a.org:99/dicom-web/'],
    [{ forwarded: 'for=1.2.3.4;proto=https' }, 'https://own:8042/dicom-web/'],
    [{ forwarded: 'host=f', 'x-forwarded-host': 'x', 'x-forwarded-proto': 'https' }, 'http://f/dicom-web/'],
    [{ 'x-forwarded-host': 'x' }, 'http://own:8042/dicom-web/'],
    [{ 'x-forwarded-proto': 'https' }, 'http://own:8042/dicom-web/'],
    [{ 'x-forwarded-host': 'x, y', 'x-forwarded-proto': 'https,http' }, 'https://x/dicom-web/'],
  ])('is, with the headers %j, %s', (headers, expected) => {
    expect(base(headers)).toBe(expected);
  });

  it.each([
    [{ Ssl: true }, 'https://own:8042/dicom-web/'],
    [{ Host: 'given:1' }, 'http://given:1/dicom-web/'],
    [{ Root: '/a' }, 'http://own:8042/a/'],
    [{ Root: '/a/', PublicRoot: 'pacs/b' }, 'http://own:8042/pacs/b/'],
  ])('is, as configured by %j, %s', (options, expected) => {
    expect(base({}, options)).toBe(expected);
  });

  it('follows the proxy rather than Ssl, but not rather than Host', () => {
    expect(base({ forwarded: 'proto=http' }, { Ssl: true })).toBe('http://own:8042/dicom-web/');
    expect(base({ forwarded: 'host=a;proto=https' }, { Host: 'given' })).toBe('http://given/dicom-web/');
  });
});
