import { randomUUID } from 'node:crypto';
import { PostgresJobLeases } from '@annal/platform';
import { until } from '../../../../../test/support/processes.js';
import { sampleFile } from '../../../../../test/support/sample-study.js';
import { startTestApp, testConfiguration, type TestApp } from '../../http/testing/test-app.js';
import { startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';
import { FakeServer, PARTS, partsOf } from './testing/fake-server.js';

const FILE = sampleFile({ patient: 'P', study: 1, series: 1, instance: 1 });

interface Shown {
  readonly State: string;
  readonly ErrorDetails: string;
}

describe('a job that another run of the server carries out', () => {
  let asked: WritingApp;
  let doing: TestApp;
  let leases: PostgresJobLeases;
  let other: FakeServer;
  beforeAll(async () => {
    other = await FakeServer.start();
    asked = await startWritingApp({ Annal: { Roles: ['api', 'projector'] } });
    expect((await asked.send('POST', '/instances', FILE.bytes)).status).toBe(200);
    const configuration = testConfiguration({ AuthenticationEnabled: false });
    leases = new PostgresJobLeases(asked.database, randomUUID());
    doing = await startTestApp({}, { ...asked.app.context, configuration, run: randomUUID(), jobLeases: leases });
  });
  afterAll(async () => {
    await doing.close();
    await leases.close();
    await asked.close();
    await other.close();
  });

  const done = async (path: string, body: object): Promise<Shown> => {
    const text = JSON.stringify({ ...body, Synchronous: false });
    const { json } = await asked.send('POST', `/dicom-web/servers/set/${path}`, text);
    let shown: Shown | undefined;
    await until(async () => {
      shown = (await asked.send('GET', `/jobs/${(json as { ID: string }).ID}`)).json as Shown;
      return shown.State === 'Success' || shown.State === 'Failure';
    });
    return shown!;
  };

  it('knows the DICOMweb server that a user of the first run set', async () => {
    const options = JSON.stringify([`${other.url}/dicom-web`]);
    expect((await asked.send('PUT', '/dicom-web/servers/set', options)).status).toBe(200);
    expect((await fetch(`${doing.url}/dicom-web/servers/set`)).status).toBe(404);
    const sent = JSON.stringify({ '00081199': { vr: 'SQ', Value: [{}] } });
    other.says(200, sent);
    expect(await done('stow', { Resources: [FILE.ids.study] })).toMatchObject({ ErrorDetails: '', State: 'Success' });
    other.says(200, partsOf([FILE.bytes]), PARTS);
    const retrieve = { Resources: [{ Study: '1' }] };
    expect(await done('retrieve', retrieve)).toMatchObject({ ErrorDetails: '', State: 'Success' });
    expect(await done('wado', { Uri: '/studies/1' })).toMatchObject({ ErrorDetails: '', State: 'Success' });
    expect(other.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });
});
