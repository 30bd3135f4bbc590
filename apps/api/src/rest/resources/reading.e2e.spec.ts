import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

type Resource = Record<string, unknown> & { readonly ID: string };

describe('reading resources', () => {
  const file = Buffer.from('0123456789');
  const events = ['A', 'B'].flatMap((patient) =>
    [1, 2].flatMap((series) =>
      [1, 2].map((instance) =>
        instanceWith(
          {
            patient,
            study: `1.${patient.charCodeAt(0)}`,
            series: `1.${patient.charCodeAt(0)}.${series}`,
            instance: `1.${patient.charCodeAt(0)}.${series}.${instance}`,
            size: file.length,
            tags: { Series: { '00080060': series === 1 ? 'CT' : 'MR' }, Study: { '00081030': `Study of ${patient}` } },
          },
          [
            [0x00280010, 'US', [series * 100]],
            [0x7fe00010, 'OB', { o: 4, n: 3 }],
          ],
        ),
      ),
    ),
  );
  const ids = events.map(({ data }) => data.ids);
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp({}, file);
    for (const event of events) await reading.log.submit([event]);
  });
  afterAll(() => reading.close());

  const studies = [...new Set(ids.map(({ study }) => study))];

  it('lists identifiers in the order in which they came, and parts of the list', async () => {
    expect((await reading.ask('/studies')).json).toEqual(studies);
    expect((await reading.ask('/instances?since=3&limit=2')).json).toEqual([ids[3]!.instance, ids[4]!.instance]);
    expect((await reading.ask('/instances?since=6&limit=0')).json).toEqual([ids[6]!.instance, ids[7]!.instance]);
    expect((await reading.ask('/instances?since=8&limit=5')).json).toEqual([]);
  });

  it('refuses a limit without a beginning, and numbers that are none', async () => {
    for (const query of ['limit=1', 'since=1', 'since=a&limit=1', 'since=-1&limit=1']) {
      expect((await reading.ask(`/studies?${query}`)).status).toBe(400);
    }
    expect((await reading.ask('/studies?expand=perhaps')).status).toBe(400);
    expect((await reading.ask('/studies?expand&response-content=Nothing')).status).toBe(400);
    expect((await reading.ask('/studies?expand&requestedTags=Nothing')).status).toBe(400);
  });

  it('expands studies with their patients and series', async () => {
    const { json } = await reading.ask<Resource[]>('/studies?expand');
    expect(json.map(({ ID }) => ID)).toEqual(studies);
    expect(json[0]).toEqual({
      ID: ids[0]!.study,
      IsStable: false,
      Labels: [],
      LastUpdate: '20261121T130941',
      MainDicomTags: { StudyDate: '20260101', StudyDescription: 'Study of A', StudyInstanceUID: '1.65' },
      ParentPatient: ids[0]!.patient,
      PatientMainDicomTags: { PatientID: 'A', PatientName: 'NAME^A' },
      Series: [ids[0]!.series, ids[2]!.series],
      Type: 'Study',
    });
  });

  it('shows of each resource what is named, in the format that is named', async () => {
    const [study] = (await reading.ask<Resource[]>('/studies?response-content=MainDicomTags&full')).json;
    expect(Object.keys(study!)).toEqual(['ID', 'MainDicomTags', 'PatientMainDicomTags', 'Type']);
    expect(study!.PatientMainDicomTags).toEqual({
      '0010,0010': { Name: 'PatientName', Type: 'String', Value: 'NAME^A' },
      '0010,0020': { Name: 'PatientID', Type: 'String', Value: 'A' },
    });
    const { json } = await reading.ask<Resource>(`/series/${ids[0]!.series}?short`);
    expect(json.MainDicomTags).toEqual({ '0008,0060': 'CT', '0020,000e': '1.65.1' });
    expect(json).toMatchObject({ ExpectedNumberOfInstances: null, Status: 'Unknown', ParentStudy: ids[0]!.study });
  });

  it('answers tags that are asked for from main tags, from what is counted, and from headers', async () => {
    const names =
      'PatientName;StudyDescription;AccessionNumber;ModalitiesInStudy;NumberOfStudyRelatedInstances;Rows;PatientAge';
    const { json } = await reading.ask<Resource>(`/studies/${ids[4]!.study}?requestedTags=${names}`);
    expect(json.RequestedTags).toEqual({
      ModalitiesInStudy: 'CT\\MR',
      NumberOfStudyRelatedInstances: '4',
      PatientAge: null,
      PatientName: 'NAME^B',
      Rows: '100',
      StudyDescription: 'Study of B',
    });
  });

  it('leads from every level to every other', async () => {
    const at = ids[5]!;
    const { json: series } = await reading.ask<Resource[]>(`/patients/${at.patient}/series?expand=false`);
    expect(series).toEqual([ids[4]!.series, ids[6]!.series]);
    const { json: instances } = await reading.ask<Resource[]>(`/studies/${at.study}/instances`);
    expect(instances.map(({ ID }) => ID)).toEqual(ids.slice(4).map(({ instance }) => instance));
    for (const [path, id] of [
      [`/instances/${at.instance}/series`, at.series],
      [`/instances/${at.instance}/study`, at.study],
      [`/instances/${at.instance}/patient`, at.patient],
      [`/series/${at.series}/patient`, at.patient],
    ]) {
      expect((await reading.ask<Resource>(path!)).json.ID).toBe(id);
    }
  });

  it('says 404 of what is not there, with a body below a resource', async () => {
    expect(await reading.ask('/studies/nope')).toEqual({ status: 404, json: undefined });
    for (const path of [
      '/studies/nope/series',
      '/instances/nope/tags',
      '/series/nope/statistics',
      '/series/nope/metadata',
    ]) {
      expect(await reading.ask(path)).toMatchObject({ status: 404, json: { OrthancStatus: 17 } });
    }
    expect((await reading.ask(`/series/${ids[0]!.study}`)).status).toBe(404);
  });

  it('shows tags, modules and the file meta information from headers', async () => {
    const path = `/instances/${ids[2]!.instance}`;
    expect((await reading.ask(`${path}/tags?short`)).json).toMatchObject({ '0028,0010': '200', '0010,0020': 'A' });
    expect((await reading.ask(`${path}/simplified-tags`)).json).toMatchObject({ Rows: '200' });
    expect((await reading.ask(`${path}/header?simplify`)).json).toEqual({ TransferSyntaxUID: '1.2.840.10008.1.2.1' });
    expect((await reading.ask(`/studies/${ids[2]!.study}/module-patient?simplify`)).json).toEqual({
      PatientID: 'A',
      PatientName: 'NAME^A',
    });
    const { json: shared } = await reading.ask<Record<string, string>>(
      `/studies/${ids[2]!.study}/shared-tags?simplify`,
    );
    expect(Object.keys(shared)).toEqual(['PatientID', 'PatientName', 'StudyInstanceUID']);
    const { json: all } = await reading.ask<object>(`/series/${ids[2]!.series}/instances-tags?simplify`);
    expect(Object.keys(all)).toEqual([ids[2]!.instance, ids[3]!.instance]);
  });

  it('counts the whole and every part', async () => {
    expect((await reading.ask('/statistics')).json).toMatchObject({
      CountInstances: 8,
      CountPatients: 2,
      TotalDiskSize: '80',
    });
    expect((await reading.ask(`/studies/${ids[0]!.study}/statistics`)).json).toMatchObject({
      CountInstances: 4,
      CountSeries: 2,
      DiskSize: '40',
      DiskSizeMB: 0,
    });
  });

  it('lists metadata by name and by number, with an ETag for each value', async () => {
    const path = `/series/${ids[0]!.series}/metadata`;
    expect((await reading.ask(path)).json).toEqual(['RemoteAET', 'LastUpdate', 'MainDicomTagsSignature']);
    expect((await reading.ask(`${path}?numeric`)).json).toEqual([3, 7, 15]);
    const answer = await fetch(`${reading.app.url}${path}/7`);
    expect(await answer.text()).toBe('20261121T130941');
    const headers = { 'If-None-Match': answer.headers.get('etag')! };
    expect((await fetch(`${reading.app.url}${path}/LastUpdate`, { headers })).status).toBe(304);
    expect((await fetch(`${reading.app.url}${path}/Origin`)).status).toBe(404);
  });

  it('sends the file, or its data set as JSON or XML', async () => {
    const url = `${reading.app.url}/instances/${ids[0]!.instance}/file`;
    const answer = await fetch(`${url}?filename=a%22b/c.dcm`);
    expect(answer.headers.get('content-type')).toBe('application/dicom');
    expect(answer.headers.get('content-disposition')).toBe('filename="a%22b%2Fc.dcm"');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(file);
    const json = await fetch(url, { headers: { Accept: 'application/dicom+json' } });
    expect(await json.json()).toMatchObject({ '7FE00010': { vr: 'OB', InlineBinary: file.toString('base64', 4, 7) } });
    const xml = await fetch(url, { headers: { Accept: 'application/dicom+xml' } });
    expect(await xml.text()).toContain('keyword="PatientID"');
  });

  it('refuses to write more than 64 MiB of values into a data set as JSON or XML', async () => {
    const place = { patient: 'L', study: '9', series: '9.1', instance: '9.1.1', size: file.length };
    const half = 32 * 1024 * 1024;
    const large = instanceWith(place, [
      [0x00420011, 'OB', { o: 0, n: half }],
      [0x7fe00010, 'OB', { o: half, n: half + 2 }],
    ]);
    await reading.log.submit([large]);
    const url = `${reading.app.url}/instances/${large.data.ids.instance}/file`;
    for (const form of ['json', 'xml']) {
      const answer = await fetch(url, { headers: { Accept: `application/dicom+${form}` } });
      expect([answer.status, await answer.json()]).toMatchObject([
        413,
        { Details: 'More than 67108864 bytes of values' },
      ]);
    }
    expect((await fetch(url)).status).toBe(200);
  });
});
