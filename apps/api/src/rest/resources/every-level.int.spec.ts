import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

/** In the order of a file. */
const REQUEST = {
  Name: 'RequestAttributesSequence',
  Type: 'Sequence',
  Value: [
    {
      '0040,0007': { Name: 'ScheduledProcedureStepDescription', Type: 'String', Value: 'Head' },
      '0040,1001': { Name: 'RequestedProcedureID', Type: 'String', Value: 'R' },
    },
  ],
};

describe('what every level answers', () => {
  const sequences = { Series: JSON.stringify({ Sequences: { '0040,0275': REQUEST } }) };
  const events = ['1.1', '1.2'].map((instance, index) =>
    instanceWith({ patient: 'A', study: '1', series: `1.${index}`, instance, size: 10, sequences }, [
      [0x00201208, 'IS', '5'],
      [0x00280010, 'US', [100 + index]],
      [0x00081030, 'LO', 'Heart'],
      [0x00200011, 'IS', String(index)],
    ]),
  );
  const [first, second] = events.map(({ data }) => data.ids);
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp();
    for (const event of events) await reading.log.submit([event]);
  });
  afterAll(() => reading.close());

  const levels = [
    ['patients', first!.patient, 'PatientID', { CountInstances: 2, CountSeries: 2, CountStudies: 1, DiskSize: '20' }],
    ['studies', first!.study, 'StudyDescription', { CountInstances: 2, CountSeries: 2, DiskSize: '20' }],
    ['series', first!.series, 'SeriesNumber', { CountInstances: 1, DiskSize: '10' }],
    ['instances', first!.instance, 'SOPInstanceUID', { DiskSize: '10' }],
  ] as const;

  it.each(levels)('%s: the module and what it holds', async (level, id, tag, counts) => {
    const { json: module } = await reading.ask<object>(`/${level}/${id}/module?simplify`);
    expect(Object.keys(module)).toContain(tag);
    const { json: statistics } = await reading.ask<Record<string, unknown>>(`/${level}/${id}/statistics`);
    expect(statistics).toMatchObject(counts);
  });

  it.each(levels)('%s: tags as `simplify` says, whatever is asked for beside it', async (level, id) => {
    for (const format of ['simplify&short', 'simplify&full', 'full&short&simplify=false']) {
      for (const path of [`/${level}/${id}?${format}`, `/${level}/${id}/module?${format}`]) {
        const { json } = await reading.ask<{ MainDicomTags?: object }>(path);
        const names = Object.keys(json.MainDicomTags ?? json);
        expect(names.length).toBeGreaterThan(0);
        expect(names.filter((name) => name.includes(','))).toEqual([]);
      }
    }
  });

  it.each(levels)('%s: metadata by name, and their values', async (level, id) => {
    const { json: names } = await reading.ask<string[]>(`/${level}/${id}/metadata`);
    expect(names).toContain('MainDicomTagsSignature');
    const answer = await fetch(`${reading.app.url}/${level}/${id}/metadata/MainDicomTagsSignature`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain']);
    expect(await answer.text()).toMatch(/^\d{4},/);
  });

  it.each(levels.slice(0, 3))('%s: the tags of the instances below, and what they share', async (level, id) => {
    const { json: all } = await reading.ask<Record<string, object>>(`/${level}/${id}/instances-tags?short`);
    expect(Object.keys(all)).toEqual(level === 'series' ? [first!.instance] : [first!.instance, second!.instance]);
    expect(all[first!.instance]).toMatchObject({ '0028,0010': '100', '0008,1030': 'Heart' });
    const { json: shared } = await reading.ask<object>(`/${level}/${id}/shared-tags?short`);
    expect('0028,0010' in shared).toBe(level === 'series');
    expect(shared).toMatchObject({ '0008,1030': 'Heart' });
  });

  it.each(levels)(
    '%s: requested tags in alphabetical order, computed ones at their own level alone',
    async (level, id) => {
      const query = 'requested-tags=Rows;PatientID;NumberOfStudyRelatedInstances';
      const { json } = await reading.ask<{ readonly RequestedTags: object }>(`/${level}/${id}?${query}`);
      const counted = level === 'studies' ? ['NumberOfStudyRelatedInstances'] : [];
      expect(Object.keys(json.RequestedTags)).toEqual([...counted, 'PatientID', 'Rows']);
      const { json: full } = await reading.ask<{ readonly RequestedTags: object }>(`/${level}/${id}?${query}&full`);
      expect(Object.keys(full.RequestedTags)).toEqual(['0010,0020', ...(counted[0] ? ['0020,1208'] : []), '0028,0010']);
    },
  );

  it('shows main tags that are sequences with the rest of a resource, or with its metadata, as Orthanc', async () => {
    const shown = async (query: string): Promise<object> => {
      const { json } = await reading.ask<readonly { readonly MainDicomTags: object }[]>(`/series?${query}`);
      return json[0]!.MainDicomTags;
    };
    const { RequestAttributesSequence: value } = (await shown('expand')) as Record<string, readonly object[]>;
    expect(Object.keys(value![0]!)).toEqual(['RequestedProcedureID', 'ScheduledProcedureStepDescription']);
    expect(await shown('response-content=MainDicomTags;Metadata')).toHaveProperty('RequestAttributesSequence');
    expect(await shown('response-content=MainDicomTags')).not.toHaveProperty('RequestAttributesSequence');
  });

  it('leads from a study and a series to what is above, whatever tags are requested', async () => {
    const { json: patient } = await reading.ask(`/studies/${second!.study}/patient?requested-tags=Rows`);
    expect(patient).toMatchObject({ ID: first!.patient });
    expect(patient).not.toHaveProperty('RequestedTags');
    const unknown = `/series/${second!.series}/study?requestedTags=Nope`;
    expect((await reading.ask(unknown)).json).toMatchObject({ HttpStatus: 400, OrthancStatus: 8 });
    expect((await reading.ask(`/series/${second!.series}/study`)).json).toMatchObject({ ID: first!.study });
  });
});
