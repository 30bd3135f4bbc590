import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

describe('searching over HTTP', () => {
  const events = ['Éva', 'Eve', 'Bob'].map((name, index) =>
    instanceWith(
      {
        patient: `P${index}`,
        study: `1.${index}`,
        series: `1.${index}.1`,
        instance: `1.${index}.1.1`,
        tags: {
          Patient: { '00100010': name, ...(index === 0 && { '00100040': 'F' }) },
          Study: { '00080020': `2026010${index + 1}` },
        },
      },
      [[0x00280010, 'US', [index]]],
    ),
  );
  const studies = events.map(({ data }) => data.ids.study);
  const patients = events.map(({ data }) => data.ids.patient);
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp({ LimitFindResults: 2, LimitFindInstances: 1 });
    await reading.log.submit(events);
  });
  afterAll(() => reading.close());

  const find = async (query: object, options: object = {}): Promise<unknown> =>
    (await reading.ask('/tools/find', { Level: 'Study', Query: query, ...options })).json;

  it('by name regardless of case, but not of accents', async () => {
    expect(await find({ PatientName: 'e*' })).toEqual([studies[1]]);
    expect(await find({ PatientName: 'éVA' })).toEqual([studies[0]]);
    expect(await find({ PatientName: 'Eve\0' })).toEqual([]);
    expect(await find({ PatientName: 'eve' }, { CaseSensitive: true })).toEqual([]);
  });

  it('by ranges, lists, tags in digits, and tags that only headers have', async () => {
    expect(await find({ StudyDate: '20260102-' })).toEqual([studies[1], studies[2]]);
    expect(await find({ '0010,0020': 'P0\\P2' })).toEqual([studies[0], studies[2]]);
    expect(await find({ Rows: '1' })).toEqual([studies[1]]);
  });

  it('in the order, the parts and the contents asked for, within the configured limit', async () => {
    const order = [{ Type: 'DicomTag', Key: 'StudyDate', Direction: 'DESC' }];
    expect(await find({}, { OrderBy: order })).toEqual([studies[2], studies[1]]);
    expect(await find({}, { OrderBy: order, Since: 1, Limit: 1 })).toEqual([studies[1]]);
    expect(await find({}, { ResponseContent: ['Parent'], Limit: 1 })).toEqual([
      { ID: studies[0], ParentPatient: events[0]!.data.ids.patient, Type: 'Study' },
    ]);
  });

  it('shows what is no main tag and was looked for, beside what is requested', async () => {
    const shown = async (query: object, options: object): Promise<unknown> =>
      ((await find(query, options)) as readonly { readonly RequestedTags?: object }[])[0]!.RequestedTags;
    const query = { Rows: '1', ModalitiesInStudy: 'CT', PatientName: 'Eve', StudyDate: '20260101-' };
    expect(await shown(query, { Expand: true })).toEqual({ ModalitiesInStudy: 'CT', Rows: '1' });
    expect(await shown(query, { ResponseContent: ['Labels'], Short: true })).toEqual({
      '0008,0061': 'CT',
      '0028,0010': '1',
    });
    const requested = { Expand: true, RequestedTags: ['PatientID', 'Rows'] };
    expect(await shown({ Rows: '1' }, requested)).toEqual({ PatientID: 'P1', Rows: '1' });
    const path = { Expand: true, RequestedTags: ['0010,0020', '0028,0010/0040,0008'] };
    expect(await shown({ PatientName: 'Eve' }, path)).toEqual({ PatientID: 'P1', Rows: '1' });
    expect(await shown({ PatientName: 'Eve', Columns: '' }, { Expand: true })).toBeUndefined();
  });

  it('within the configured limit of instances, at their level alone', async () => {
    expect(await find({}, { Level: 'Instance' })).toHaveLength(1);
    expect(await find({}, { Level: 'Series' })).toHaveLength(2);
  });

  it('understands levels in singular and plural, and no others', async () => {
    for (const Level of ['study', 'Studies', 'STUDY']) {
      expect((await reading.ask('/tools/find', { Level, Query: {} })).status).toBe(200);
    }
    expect((await reading.ask('/tools/find', { Level: 'Nope', Query: {} })).status).toBe(400);
  });

  it('puts what lacks the tag first in ascending order, and last in descending', async () => {
    const ordered = (Key: string, Direction: string): Promise<unknown> =>
      find({}, { OrderBy: [{ Type: 'DicomTag', Key, Direction }], Level: 'Patient' });
    expect(await ordered('PatientSex', 'ASC')).toEqual([patients[1], patients[2]]);
    expect(await ordered('PatientSex', 'DESC')).toEqual([patients[0], patients[1]]);
  });

  it('takes a query of null, and Expand of null or a number, and a byte order mark', async () => {
    expect(await reading.ask('/tools/find', { Level: 'Study', Query: null, Expand: 0 })).toEqual({
      status: 200,
      json: studies.slice(0, 2),
    });
    expect(await find({}, { Expand: null })).toEqual(studies.slice(0, 2));
    expect(await find({}, { Expand: 1 })).toMatchObject([{ Type: 'Study' }, { Type: 'Study' }]);
    const body = '\ufeff{"Level": "Study", "Query": {}}';
    expect((await fetch(`${reading.app.url}/tools/find`, { method: 'POST', body })).status).toBe(200);
  });

  it('refuses what it does not understand', async () => {
    const wrong = [
      {},
      { Query: { Nope: '1' } },
      { Query: { PatientName: 5 } },
      { Query: { StudyDate: '2026*' } },
      { Query: {}, Limit: -1 },
      { Query: {}, Since: '1' },
      { Query: {}, Expand: 'yes' },
      { Query: {}, RequestedTags: 'Rows' },
      { Query: {}, RequestedTags: ['/0028,0010'] },
      { Query: { '0028,0010/0040,0008': '1' } },
      { Query: {}, OrderBy: [{ Type: 'DicomTag', Key: 'Rows', Direction: 'ASC' }] },
      { Query: {}, ResponseContent: ['Nope'] },
      { Query: {}, Labels: 'x' },
      { Query: {}, Expand: true, Simplify: 'yes' },
      { Query: {}, ParentSeries: 'x' },
    ];
    for (const body of wrong) {
      expect(await reading.ask('/tools/find', { Level: 'Study', ...body })).toMatchObject({ status: 400 });
    }
  });

  it('counts what it would find, without a limit', async () => {
    expect((await reading.ask('/tools/count-resources', { Level: 'Series', Query: { Modality: 'ct' } })).json).toEqual({
      Count: 3,
    });
    expect((await reading.ask('/tools/count-resources', { Level: 'Study', Query: { Rows: '1' } })).status).toBe(400);
    const upwards = { Level: 'Study', Query: {}, ParentSeries: 'x' };
    expect((await reading.ask('/tools/count-resources', upwards)).status).toBe(400);
  });

  it('looks identifiers up', async () => {
    const asked = (body: string): Promise<Response> =>
      fetch(`${reading.app.url}/tools/lookup`, { method: 'POST', body });
    const lookup = async (body: string): Promise<unknown> => (await asked(body)).json();
    expect(await lookup(' p1 ')).toEqual([
      { ID: events[1]!.data.ids.patient, Path: `/patients/${events[1]!.data.ids.patient}`, Type: 'Patient' },
    ]);
    expect(await lookup('1.2.1.1')).toMatchObject([{ Type: 'Instance' }]);
    expect(await lookup('1.2.1.1\0')).toMatchObject([{ Type: 'Instance' }]);
    for (const none of ['', '1.2\x001.1']) expect(await lookup(none)).toEqual([]);
    for (const pattern of ['*', 'p?']) expect((await asked(pattern)).status).toBe(400);
  });
});
