import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

type Resource = Record<string, unknown> & { readonly ID: string; readonly Type: string };

describe('POST /tools/bulk-content', () => {
  const events = ['A', 'B'].flatMap((patient) =>
    [1, 2].map((instance) =>
      instanceWith({
        patient,
        study: `${patient}.1`,
        series: `${patient}.1.1`,
        instance: `${patient}.1.1.${instance}`,
      }),
    ),
  );
  const [a1, , b1] = events.map(({ data }) => data.ids);
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp();
    for (const event of events) await reading.log.submit([event]);
  });
  afterAll(() => reading.close());

  const ask = async (body: object): Promise<Resource[]> =>
    (await reading.ask<Resource[]>('/tools/bulk-content', body)).json;
  const named = (resources: readonly Resource[]): string[] => resources.map(({ ID, Type }) => `${Type} ${ID}`);

  it('shows resources of any level in the order given, and passes over what is not there', async () => {
    const Resources = [b1!.study, a1!.instance, 'nope', a1!.instance, a1!.patient, b1!.series];
    expect(named(await ask({ Resources }))).toEqual([
      `Study ${b1!.study}`,
      `Instance ${a1!.instance}`,
      `Instance ${a1!.instance}`,
      `Patient ${a1!.patient}`,
      `Series ${b1!.series}`,
    ]);
    expect(await ask({ Resources: [] })).toEqual([]);
  });

  it('shows them as lists with expand do, with their metadata', async () => {
    const [shown] = await ask({ Resources: [a1!.series] });
    const { Metadata, ...rest } = shown!;
    expect(rest).toEqual((await reading.ask(`/series/${a1!.series}`)).json);
    expect(Metadata).toMatchObject({ RemoteAET: '' });
    const [without] = await ask({ Resources: [a1!.series], Metadata: false });
    expect(without).toEqual(rest);
    const [short] = await ask({ Resources: [a1!.series], Short: true, Full: true });
    expect(short!.MainDicomTags).toMatchObject({ '0008,0060': 'CT' });
    const [simple] = await ask({ Resources: [a1!.series], Simplify: true, Short: true, Full: true });
    expect(simple!.MainDicomTags).toMatchObject({ Modality: 'CT' });
    for (const wrong of [{ Simplify: 'yes' }, { Short: null }, { Full: 1 }]) {
      expect((await reading.ask('/tools/bulk-content', { Resources: [], ...wrong })).status).toBe(400);
    }
    const [full] = await ask({ Resources: [a1!.series], Full: true });
    expect(full!.MainDicomTags).toMatchObject({ '0008,0060': { Name: 'Modality', Type: 'String', Value: 'CT' } });
  });

  it.each([
    ['Patient', ['patient', 'patient']],
    ['study', ['study', 'study']],
    ['Series', ['series', 'series']],
  ] as const)('goes up and down to the level %s, each resource once, by identifier', async (Level, [key]) => {
    const expected = [a1![key], b1![key]].sort();
    for (const other of ['patient', 'study', 'series', 'instance'] as const) {
      const found = await ask({ Resources: [b1![other], a1![other], a1![other], 'nope'], Level });
      expect(found.map(({ ID }) => ID)).toEqual(expected);
    }
  });

  it('finds the instances of what is above them', async () => {
    const instances = events.slice(0, 2).map(({ data }) => data.ids.instance);
    const found = await ask({ Resources: [a1!.patient, a1!.instance], Level: 'Instances' });
    expect(found.map(({ ID }) => ID)).toEqual([...instances].sort());
  });

  it.each([
    [{}, 15, 'List of strings expected in field: Resources'],
    [{ Resources: 'x' }, 15, 'List of strings expected in field: Resources'],
    [{ Resources: [1] }, 15, 'List of strings expected in field: Resources'],
    [{ Resources: ['\0'] }, 8, 'A text has a NUL'],
    [{ Resources: [], Level: 1 }, 15, 'String value expected in field: Level'],
    [{ Resources: [], Level: 'x' }, 3, "Invalid resource type 'x'"],
    [{ Resources: [], Short: 'x' }, 15, 'Boolean value expected in field: Short'],
    [{ Resources: [], Full: 1 }, 15, 'Boolean value expected in field: Full'],
    [{ Resources: [], Metadata: null }, 15, 'Boolean value expected in field: Metadata'],
    [[], 8, 'The body must contain a JSON object'],
  ])('refuses %j', async (body, OrthancStatus, Details) => {
    const { status, json } = await reading.ask('/tools/bulk-content', body);
    expect([status, json]).toEqual([400, expect.objectContaining({ OrthancStatus, Details })]);
  });
});
