import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

describe('what every level answers', () => {
  const events = ['1.1', '1.2'].map((instance, index) =>
    instanceWith({ patient: 'A', study: '1', series: `1.${index}`, instance, size: 10 }, [
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

  it('leads from a study and a series to what is above', async () => {
    expect((await reading.ask(`/studies/${second!.study}/patient`)).json).toMatchObject({ ID: first!.patient });
    expect((await reading.ask(`/series/${second!.series}/study`)).json).toMatchObject({ ID: first!.study });
  });
});
