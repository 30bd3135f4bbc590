import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { testConfiguration } from '../../http/testing/test-app.js';
import { appConfig } from './app-config.js';
import { codingFor } from './coding.js';
import { viewerPage } from './viewer-page.js';

const BUILT =
  '<html><head><meta content="/assets/a.png"><script>a(),window.PUBLIC_URL="/"</script>' +
  '<link rel="x" href="/b.css"><script src="/c.js"></script><a href="//other/d"></a></head></html>';

describe("the viewer's page", () => {
  it('links to files below its base name', () => {
    expect(viewerPage(BUILT, '/x/ohif/').html).toBe(
      '<html><head><meta content="/x/ohif/assets/a.png"><script>a(),window.PUBLIC_URL="/x/ohif/"</script>' +
        '<link rel="x" href="/x/ohif/b.css"><script src="/x/ohif/c.js"></script><a href="//other/d"></a></head></html>',
    );
  });

  it('says which of its scripts may run', () => {
    const digest = createHash('sha256').update('a(),window.PUBLIC_URL="/y/"').digest('base64');
    expect(viewerPage(BUILT, '/y/').policy).toContain(`script-src 'self' 'unsafe-eval' 'sha256-${digest}';`);
  });

  it('takes a base name for nothing else', () => {
    const { html } = viewerPage(BUILT, `/"><script>alert('$&')</script>/`);
    expect(html).not.toContain('<script>alert');
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});

interface Settings {
  readonly routerBasename: string;
  readonly showStudyList: boolean;
  readonly defaultDataSourceName: string;
  readonly dataSources: readonly { readonly sourceName: string; readonly configuration: Record<string, unknown> }[];
  readonly [own: string]: unknown;
}

function settings(options: object): Settings {
  const window: { config?: Settings; readonly location: object } = { location: { origin: 'https://host' } };
  runInNewContext(appConfig(testConfiguration(options)), { window });
  return JSON.parse(JSON.stringify(window.config)) as Settings;
}

describe("the viewer's configuration", () => {
  it('reads studies as DICOM JSON, without a list of them', () => {
    expect(settings({})).toMatchObject({
      routerBasename: '/ohif/',
      showStudyList: false,
      defaultDataSourceName: 'dicom-json',
      dataSources: [{ sourceName: 'dicom-json' }],
    });
  });

  it.each([
    [{}, '/dicom-web', '/wado'],
    [{ OHIF: { RouterBasename: '/a/b/ohif' } }, '/a/b/dicom-web', '/a/b/wado'],
    [{ OHIF: { RouterBasename: '/a/b/ohif/' }, DicomWeb: { Root: '/dw/', WadoRoot: '/w/' } }, '/a/b/dw', '/a/b/w'],
    [{ OHIF: { RouterBasename: '/a/ohif/' }, DicomWeb: { PublicRoot: '/c/dicom-web/' } }, '/c/dicom-web', '/a/wado'],
  ])(
    'or with %j by DICOMweb, at %s, and with the list',
    (options: { OHIF?: object; DicomWeb?: object }, path, wado) => {
      const found = settings({ ...options, OHIF: { ...options.OHIF, DataSource: 'dicom-web' } });
      const root = `https://host${path}`;
      expect(found).toMatchObject({ showStudyList: true, defaultDataSourceName: 'dicom-web' });
      expect(found.dataSources).toHaveLength(1);
      expect(found.dataSources[0]!.configuration).toMatchObject({
        qidoRoot: root,
        wadoRoot: root,
        wadoUriRoot: `https://host${wado}`,
      });
    },
  );

  it("has the user's, but for what must fit the server", () => {
    const folder = mkdtempSync(join(tmpdir(), 'annal-test-'));
    try {
      const UserConfiguration = join(folder, 'ohif.js');
      writeFileSync(
        UserConfiguration,
        `window.config = { mine: 7, showStudyList: true, routerBasename: '/x', defaultDataSourceName: 'y', dataSources: [1, 2] } // no end`,
      );
      expect(settings({ OHIF: { UserConfiguration } })).toMatchObject({
        mine: 7,
        showStudyList: false,
        routerBasename: '/ohif/',
        defaultDataSourceName: 'dicom-json',
        dataSources: [{ sourceName: 'dicom-json' }],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the coding of a file', () => {
  const file = { type: 'text/css', digest: 'x', sizes: { identity: 9, gzip: 3, br: 2 } };

  it.each([
    ['gzip, deflate, br', 'br'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0,gzip; q=0', 'identity'],
    ['deflate', 'identity'],
    [undefined, 'identity'],
  ])('is, for Accept-Encoding %s, %s', (accepted, coding) => {
    expect(codingFor(file, accepted)).toBe(coding);
  });

  it('is none where there is no copy', () => {
    expect(codingFor({ ...file, sizes: { identity: 9 } }, 'br, gzip')).toBe('identity');
  });
});
