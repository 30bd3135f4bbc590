import { ArchiveServer } from '../support/archive-server.js';
import { orphanBlobs } from '../support/archive-checks.js';
import { until } from '../support/processes.js';
import { sampleFile, type SampleFile } from '../support/sample-study.js';

describe('a worker killed between reserving room and storing', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());
  const of = (patient: string): SampleFile => sampleFile({ patient, study: 1, series: 1, instance: 1 });
  const status = (patient: string): Promise<number> =>
    server.upload(of(patient).bytes).then(
      (answer) => answer.status,
      () => 0,
    );

  it('leaves the room to others within seconds', async () => {
    server = await ArchiveServer.start({
      configuration: { MaximumPatientCount: 2, MaximumStorageMode: 'Reject', Annal: { Workers: 1 } },
      // of each worker, which counts for itself
      environment: { ANNAL_CRASH_POINT: 'store:blob-durable:2' },
    });
    expect(await status('A')).toBe(200);
    expect(await status('B')).toBe(0);
    await until(async () => (await status('C')) === 200);
    expect(await status('D')).toBe(507);
    expect(await orphanBlobs(server)).toHaveLength(1);
    expect(await server.json('/statistics')).toMatchObject({ CountPatients: 2, CountInstances: 2 });
  });
});
