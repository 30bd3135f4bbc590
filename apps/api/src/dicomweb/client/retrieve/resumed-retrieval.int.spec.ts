import { resourceIds } from '@annal/domain';
import { buildInstance } from '../../../../../../libs/dicom/src/testing/instance-builder.js';
import { until } from '../../../../../../test/support/processes.js';
import { startWritingApp, type WritingApp } from '../../../rest/testing/writing-app.js';
import { type FakeAnswer, FakeServer, PARTS, partsOf } from '../testing/fake-server.js';

const PATIENT = 'P';
const study = '1.2.7';

interface StoredFile {
  readonly series: string;
  readonly instance: string;
  /** Orthanc's identifier. */
  readonly id: string;
  readonly bytes: Buffer;
}

function file(seriesNumber: number, instanceNumber: number): StoredFile {
  const series = `${study}.${seriesNumber}`;
  const instance = `${series}.${instanceNumber}`;
  const ids = { patientId: PATIENT, studyInstanceUid: study, seriesInstanceUid: series, sopInstanceUid: instance };
  const bytes = buildInstance({ patientId: PATIENT, studyUid: study, seriesUid: series, sopUid: instance });
  return { series, instance, id: resourceIds(ids).instance, bytes };
}

const FILES = [file(1, 1), file(1, 2), file(1, 3), file(2, 1), file(2, 2)];
const STUDY = `/dicom-web/studies/${study}`;
/** What arrives before the job is interrupted: some of a series. */
const ARRIVED = FILES.slice(0, 2);

/** An item of QIDO-RS. */
function itemOf({ series, instance }: StoredFile): object {
  const values = { '00080018': instance, '0020000E': series, '00100020': PATIENT };
  return Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, { vr: 'LO', Value: [value] }]));
}

describe('a retrieval that was interrupted', () => {
  let annal: WritingApp;
  let other: FakeServer;
  const start = async (options: object = {}): Promise<void> => {
    other = await FakeServer.start();
    annal = await startWritingApp({ DicomWeb: { Servers: { b: [`${other.url}/dicom-web/`] } }, ...options });
  };
  afterEach(async () => {
    await annal.close();
    await other.close();
  });

  /** Interrupts the retrieval of a study in which two instances have come, and goes on; what was asked for since, and the job. */
  const resumed = async (resource: object, search: FakeAnswer): Promise<[string[], Record<string, unknown>]> => {
    other.answer = (_, response) =>
      void response.writeHead(200, { 'Content-Type': PARTS }).write(
        partsOf(
          ARRIVED.map(({ bytes }) => bytes),
          { end: '\r\n--xx\r\n' },
        ),
      );
    const body = JSON.stringify({ ...resource, Synchronous: false });
    const { ID } = (await annal.send('POST', '/dicom-web/servers/b/retrieve', body)).json as { ID: string };
    const shown = async (): Promise<Record<string, unknown>> =>
      (await annal.send('GET', `/jobs/${ID}`)).json as Record<string, unknown>;
    await until(async () => {
      const answers = await Promise.all(ARRIVED.map(({ id }) => annal.send('GET', `/instances/${id}`)));
      return answers.every(({ status }) => status === 200);
    });
    await annal.send('POST', `/jobs/${ID}/cancel`);
    await until(async () => (await shown()).State === 'Failure');
    other.seen.length = 0;
    other.answer = (request, response) => {
      if (/\/instances\?/.test(request.url)) return search(request, response);
      const files = FILES.filter(({ series, instance }) => {
        const path = `${STUDY}/series/${series}/instances/${instance}`;
        return `${path}/`.startsWith(`${request.url.split('?')[0]}/`);
      });
      response.writeHead(200, { 'Content-Type': PARTS }).end(partsOf(files.map(({ bytes }) => bytes)));
    };
    await annal.send('POST', `/jobs/${ID}/resubmit`);
    await until(async () => ['Success', 'Failure'].includes((await shown()).State as string));
    return [other.seen.map(({ url }) => url), await shown()];
  };
  /** The answer of a server that knows `offset`, and gives so many at once. */
  const search =
    (most: number, files = FILES): FakeAnswer =>
    ({ url }, response) => {
      const offset = Number(/offset=(\d+)/.exec(url)![1]);
      const series = /series\/([^/]+)\//.exec(url)?.[1];
      const all = files.filter((one) => series === undefined || one.series === series);
      response.end(JSON.stringify(all.slice(offset, offset + most).map(itemOf)));
    };

  it.each([1000, 2])('asks for what is missing, from a server that tells %d instances at once', async (most) => {
    await start();
    const [urls, job] = await resumed({ Resources: [{ Study: study }] }, search(most));
    const asked = urls.filter((url) => !url.includes('?'));
    expect(asked).toEqual([
      `${STUDY}/series/${FILES[2]!.series}/instances/${FILES[2]!.instance}`,
      `${STUDY}/series/${FILES[3]!.series}`,
    ]);
    expect(job).toMatchObject({ State: 'Success', Content: { ReceivedInstancesCount: String(FILES.length) } });
    const { ReceivedInstances } = job.Content as { ReceivedInstances: string[] };
    expect(ReceivedInstances.sort()).toEqual(FILES.map(({ id }) => id).sort());
    for (const { id, bytes } of FILES) {
      const answer = await annal.send('GET', `/instances/${id}/file`);
      expect(bytes.equals(answer.bytes)).toBe(true);
    }
  });

  it('asks for what is missing of a series', async () => {
    await start();
    const { series } = FILES[0]!;
    const [urls, job] = await resumed({ Resources: [{ Study: study, Series: series }] }, search(1000));
    expect(urls.filter((url) => !url.includes('?'))).toEqual([
      `${STUDY}/series/${series}/instances/${FILES[2]!.instance}`,
    ]);
    expect(job).toMatchObject({ State: 'Success', Content: { ReceivedInstancesCount: '3' } });
  });

  it.each<[string, FakeAnswer]>([
    ['fails', (_, response) => void response.writeHead(500).end()],
    ['knows nothing of it', (_, response) => void response.writeHead(204).end()],
    ['breaks off', (_, response) => void response.destroy()],
    ['is no JSON', (_, response) => void response.end('<p>')],
    ['is no DICOM JSON', (_, response) => void response.end('[{}]')],
    [
      'has no identifiers of patients',
      (_, response) =>
        void response.end(JSON.stringify(FILES.map(itemOf).map((item) => ({ ...item, '00100020': { vr: 'LO' } })))),
    ],
    ['is the same for every page', (_, response) => void response.end(JSON.stringify(FILES.slice(0, 3).map(itemOf)))],
  ])('asks for all again where the search %s', async (_, answer) => {
    await start();
    const [urls, job] = await resumed({ Resources: [{ Study: study }] }, answer);
    expect(urls.at(-1)).toBe(STUDY);
    expect(job).toMatchObject({ State: 'Success', Content: { ReceivedInstancesCount: String(FILES.length) } });
  });

  it('asks for all again where the search finds more than is taken from it', async () => {
    await start({ Annal: { Limits: { MaxMultipartParts: FILES.length } } });
    const [urls, job] = await resumed({ Resources: [{ Study: study }] }, search(2, [...FILES, file(2, 3)]));
    expect(urls.at(-1)).toBe(STUDY);
    expect(job).toMatchObject({ State: 'Success', Content: { ReceivedInstancesCount: String(FILES.length) } });
  });

  it.each([
    ['what is stored is replaced', { OverwriteInstances: true }, {}],
    ['it was asked for with arguments', {}, { Arguments: { a: 'b' } }],
  ])('asks for all again where %s', async (_, options, more) => {
    await start(options);
    const [urls] = await resumed({ Resources: [{ Study: study }], ...more }, search(1000));
    expect(urls.map((url) => url.split('?')[0])).toEqual([STUDY]);
  });
});
