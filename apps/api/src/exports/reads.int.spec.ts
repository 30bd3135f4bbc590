import { AppendRefused, type ResourceIds, resourceIds } from '@annal/domain';
import { jest } from '@jest/globals';
import { until } from '../../../../test/support/processes.js';
import { instanceWith, type ReadingApp, startReadingApp } from '../rest/testing/reading-app.js';

type Row = Readonly<Record<string, unknown>>;
const ALL = ['wado-rs', 'wado-uri', 'ohif', 'file'];
const SERIES = { patient: 'P', study: '1.2', series: '1.2.3' };
const COUNT = 22;

function idsOf(number: number): ResourceIds {
  return resourceIds({
    patientId: 'P',
    studyInstanceUid: '1.2',
    seriesInstanceUid: '1.2.3',
    sopInstanceUid: `1.2.3.${number}`,
  });
}

describe('reads of clients', () => {
  let reading: ReadingApp | undefined;
  afterEach(() => reading?.close());

  const start = async (Exports: object, Limits: object = {}): Promise<ReadingApp> => {
    const file = Buffer.alloc(1000, 1);
    reading = await startReadingApp({ Annal: { Exports, Limits } }, file);
    const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);
    await reading.log.submit(
      numbers.map((number) => instanceWith({ ...SERIES, instance: `1.2.3.${number}`, size: file.length })),
    );
    return reading;
  };
  const read = async ({ app }: ReadingApp, ...paths: readonly string[]): Promise<readonly number[]> => {
    const statuses: number[] = [];
    for (const path of paths) {
      const answer = await fetch(app.url + path, { headers: { Accept: 'application/dicom+json, */*' } });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
    return statuses;
  };
  const rows = async (app: ReadingApp): Promise<readonly Row[]> =>
    (await app.ask<{ Exports: Row[] }>('/exports/report')).json.Exports;
  const metadata = (number: number): string => `/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.${number}/metadata`;
  const everything = [
    '/dicom-web/studies/1.2/metadata',
    metadata(1),
    `/instances/${idsOf(1).instance}/file`,
    `/studies/${idsOf(1).study}/ohif-dicom-json`,
  ];

  it('leave no trace where that is not wanted', async () => {
    const app = await start({});
    expect(await read(app, ...everything.slice(0, 3))).toEqual([200, 200, 200]);
    await app.close();
    reading = await startReadingApp();
    expect(await rows(reading)).toEqual([]);
  });

  it('are recorded together: once a client and way, however often something was read', async () => {
    const app = await start({ Reads: ALL, ReadsInterval: 3600 }, { MaxTracedReads: 5 });
    const [, , file] = everything;
    expect(await read(app, metadata(1), metadata(1), metadata(2), file!, file!)).toEqual([200, 200, 200, 200, 200]);
    // no reads, or of nothing
    await read(
      app,
      '/dicom-web/studies',
      '/dicom-web/studies/1.2/instances',
      metadata(99),
      `/instances/${idsOf(1).instance}`,
    );
    await read(app, '/dicom-web/studies/9.9/metadata', '/instances/nope/file');
    expect(await rows(app)).toEqual([]);
    // as many as are remembered
    await read(app, metadata(3), metadata(4));
    await until(async () => (await rows(app)).length > 0);
    const found = await rows(app);
    const wado = {
      Protocol: 'wado-rs',
      Origin: 'dicomweb',
      DestinationKind: 'client',
      Outcome: 'success',
      InstancesCount: 1,
    };
    expect(found).toMatchObject([
      ...[1, 2, 3, 4].map((number) => ({ ...wado, ID: idsOf(number).instance, RemoteAddress: '127.0.0.1' })),
      { Protocol: 'file', Origin: 'http', ID: idsOf(1).instance, InstancesCount: 1 },
    ]);
    expect(new Set(found.map(({ Export }) => Export)).size).toBe(2);
  });

  it('of many instances of a series are recorded as the series', async () => {
    const app = await start({ Reads: ['wado-rs'], ReadsInterval: 3600 }, { MaxTracedReads: COUNT + 1 });
    await read(app, ...Array.from({ length: COUNT }, (_, index) => metadata(index + 1)), everything[0]!);
    await until(async () => (await rows(app)).length > 0);
    const found = await rows(app);
    expect(found.map(({ ResourceType, ID }) => [ResourceType, ID])).toEqual([
      ['Series', idsOf(1).series],
      ['Study', idsOf(1).study],
    ]);
    // of a study, nobody counted them
    expect(found.map(({ InstancesCount }) => InstancesCount)).toEqual([COUNT, undefined]);
  });

  it('are recorded later where that was not possible', async () => {
    const app = await start({ Reads: ['file'], ReadsInterval: 0.02 });
    const submit = jest.spyOn(app.log, 'submit').mockRejectedValue(new AppendRefused('no log'));
    await read(app, everything[2]!);
    await until(() => submit.mock.calls.length > 1);
    submit.mockRestore();
    await until(async () => (await rows(app)).length > 0);
    expect(await rows(app)).toMatchObject([{ Protocol: 'file', ID: idsOf(1).instance }]);
  });
});
