import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveServer } from '../../../../test/support/archive-server.js';
import { GoogleStandIn, STORE } from '../../../../test/support/google-stand-in.js';
import { until } from '../../../../test/support/processes.js';

const WORKERS = 3;

describe('the tokens of Google Cloud Platform in several processes', () => {
  let google: GoogleStandIn;
  let folder: string;
  let annal: ArchiveServer;
  beforeAll(async () => {
    google = await GoogleStandIn.start();
    google.lifetime = 4;
    folder = mkdtempSync(join(tmpdir(), 'annal-google-'));
    const ServiceAccountFile = join(folder, 'service.json');
    writeFileSync(ServiceAccountFile, JSON.stringify(google.serviceAccount));
    annal = await ArchiveServer.start({
      configuration: {
        GoogleCloudPlatform: { BaseUrl: google.baseUrl, Accounts: { store: { ...STORE, ServiceAccountFile } } },
        HttpVerbose: true,
        Annal: { Workers: WORKERS },
      },
    });
  });
  afterAll(async () => {
    await annal?.close();
    await google.close();
    rmSync(folder, { recursive: true });
  });

  it('are valid in each of them, and in no log, event or answer', async () => {
    const ask = async (): Promise<number> => {
      const request = { method: 'POST', body: '{"Uri":"/studies"}', headers: { Connection: 'close' } };
      return (await annal.fetch('/dicom-web/servers/store/qido', request)).status;
    };
    await annal.fetch('/tools/log-level', { method: 'PUT', body: 'trace' });
    // each has asked at its start, and renewed its own since
    await until(async () => {
      expect(await ask()).toBe(200);
      return google.tokens.length >= 4 * WORKERS;
    });
    expect(new Set(google.served.map(({ token }) => token)).size).toBeGreaterThan(WORKERS);
    expect(google.turnedAway).toBe(0);
    const shown = await Promise.all(
      ['/events', '/dicom-web/servers?expand', '/tools/metrics-prometheus'].map(async (path) =>
        (await annal.fetch(path)).text(),
      ),
    );
    expect(annal.log).toContain('/dicomWeb/studies');
    for (const secret of google.secrets) expect(annal.log + shown.join()).not.toContain(secret);
  });
});
