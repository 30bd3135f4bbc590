import { gunzipSync } from 'node:zlib';
import { type HeaderElement } from '@annal/dicom';
import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { instanceWith, type ReadingApp, startReadingApp } from '../../rest/testing/reading-app.js';
import { startWritingApp } from '../../rest/testing/writing-app.js';

interface Entry {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly url: string;
}

interface Answer {
  readonly studies: readonly (Readonly<Record<string, unknown>> & {
    readonly series: readonly (Readonly<Record<string, unknown>> & { readonly instances: readonly Entry[] })[];
  })[];
}

const decoded = (text: string): unknown => JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString());

const image = (number: number, more: readonly HeaderElement[] = []): readonly HeaderElement[] => [
  [0x00080060, 'CS', 'CT'],
  [0x00180050, 'DS', '2.5'],
  [0x00200011, 'IS', '3'],
  [0x00200013, 'IS', String(number)],
  [0x00200032, 'DS', `-1\\2\\${number}.5`],
  [0x00280010, 'US', [512]],
  ...more,
];

describe('what the viewer reads of a study', () => {
  let reading: ReadingApp;
  const first = instanceWith({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' }, image(2));
  const { ids } = first.data;
  const frames = instanceWith({ patient: 'P', study: '1', series: '1.2', instance: '1.2.1' }, [
    ...image(1),
    [0x00280008, 'IS', '3'],
    [0x7fe00010, 'OW', { o: 1000, n: 24 }],
  ]);
  const second = instanceWith({ patient: 'P', study: '1', series: '1.1', instance: '1.1.2' }, image(1));

  beforeAll(async () => {
    reading = await startReadingApp();
    await reading.log.append([first, frames, second]);
  });
  afterAll(() => reading.close());

  it('has study, series and instances with their attributes, and where the files are', async () => {
    const { json } = await reading.ask<Answer>(`/studies/${ids.study}/ohif-dicom-json`);
    expect(json.studies).toHaveLength(1);
    const { series, ...study } = json.studies[0]!;
    expect(study).toMatchObject({
      StudyInstanceUID: '1',
      PatientID: 'P',
      PatientName: 'NAME^P',
      AccessionNumber: '',
      NumInstances: 3,
    });
    expect(series.map(({ instances, ...attributes }) => [attributes, instances.length])).toEqual([
      [{ Modality: 'CT', SeriesInstanceUID: '1.1', SeriesNumber: 3, SliceThickness: 2.5 }, 2],
      [{ Modality: 'CT', SeriesInstanceUID: '1.2', SeriesNumber: 3, SliceThickness: 2.5 }, 3],
    ]);
    const [one] = series[0]!.instances.filter(({ metadata }) => metadata.SOPInstanceUID === '1.1.1');
    expect(one!.url).toBe(`dicomweb:../instances/${ids.instance}/file`);
    expect(one!.metadata).toMatchObject({
      StudyInstanceUID: '1',
      SeriesInstanceUID: '1.1',
      InstanceNumber: 2,
      ImagePositionPatient: [-1, 2, 2.5],
      Rows: 512,
    });
  });

  it('has an entry for each frame', async () => {
    const { json } = await reading.ask<Answer>(`/studies/${ids.study}/ohif-dicom-json`);
    const { instances } = json.studies[0]!.series[1]!;
    expect(instances.map(({ url }) => url)).toEqual(
      [1, 2, 3].map((frame) => `dicomweb:../instances/${frames.data.ids.instance}/file?frame=${frame}`),
    );
    expect(instances[0]!.metadata).toMatchObject({ NumberOfFrames: 3, Rows: 512 });
    for (const { metadata } of instances) expect(metadata.SOPInstanceUID).toBe('1.2.1');
    expect(JSON.stringify(instances)).not.toContain('PixelData');
  });

  it('shows an instance that says it has more frames than an answer may have as one picture', async () => {
    const many = instanceWith({ patient: 'Q', study: '2', series: '2.1', instance: '2.1.1' }, [
      [0x00280008, 'IS', '2000000000'],
    ]);
    await reading.log.append([many]);
    const { json } = await reading.ask<Answer>(`/studies/${many.data.ids.study}/ohif-dicom-json`);
    const [{ url }, ...others] = json.studies[0]!.series[0]!.instances as [Entry];
    expect([url, others]).toEqual([`dicomweb:../instances/${many.data.ids.instance}/file`, []]);
  });

  it('is not there for a study that is not there', async () => {
    for (const id of ['nope', ids.series]) {
      expect(await reading.ask(`/studies/${id}/ohif-dicom-json`)).toMatchObject({
        status: 404,
        json: { OrthancStatus: 17 },
      });
    }
  });

  it('is metadata 4202 of each instance, which no list shows', async () => {
    const path = `/instances/${ids.instance}/metadata`;
    const answer = await fetch(`${reading.app.url}${path}/4202`);
    const text = await answer.text();
    const { json } = await reading.ask<Answer>(`/studies/${ids.study}/ohif-dicom-json`);
    const entries = json.studies[0]!.series[0]!.instances;
    expect(decoded(text)).toEqual(entries.find(({ metadata }) => metadata.SOPInstanceUID === '1.1.1')!.metadata);
    const known = { 'If-None-Match': answer.headers.get('etag')! };
    expect((await fetch(`${reading.app.url}${path}/4202`, { headers: known })).status).toBe(304);
    expect((await reading.ask<string[]>(path)).json).not.toContain('4202');
    expect((await fetch(`${reading.app.url}${path}/4202`, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(`${reading.app.url}/series/${ids.series}/metadata/4202`)).status).toBe(404);
  });
});

describe('metadata 4202 that are not preloaded', () => {
  async function metadataAfterLooking(options: object): Promise<readonly (readonly string[])[]> {
    const app = await startWritingApp(options);
    try {
      const { ID, ParentStudy } = (await app.send('POST', '/instances', buildInstance({ modality: 'MR' })))
        .json as Record<string, string>;
      const listed = async (): Promise<string[]> =>
        (await app.send('GET', `/instances/${ID}/metadata`)).json as string[];
      const before = await listed();
      const look = async (): Promise<Answer> =>
        (await app.send('GET', `/studies/${ParentStudy}/ohif-dicom-json`)).json as Answer;
      const { metadata } = (await look()).studies[0]!.series[0]!.instances[0]!;
      const after = await listed();
      if (after.includes('4202')) {
        const kept = await app.send('GET', `/instances/${ID}/metadata/4202`);
        expect(decoded(kept.text)).toEqual(metadata);
        await look();
        const again = await app.send('GET', `/instances/${ID}/metadata/4202`);
        expect(again.headers.get('etag')).toBe(kept.headers.get('etag'));
      }
      return [before, after].map((names) => names.filter((name) => name === '4202'));
    } finally {
      await app.close();
    }
  }

  it('are made and kept at the first look', async () => {
    expect(await metadataAfterLooking({ OHIF: { Preload: false } })).toEqual([[], ['4202']]);
  });

  it.each([{ OHIF: { DataSource: 'dicom-web' } }, { OHIF: { DataSource: 'dicom-web', Preload: false } }])(
    'are not kept with %j',
    async (options) => {
      expect(await metadataAfterLooking(options)).toEqual([[], []]);
    },
  );
});
