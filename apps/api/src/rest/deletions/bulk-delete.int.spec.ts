import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

describe('POST /tools/bulk-delete', () => {
  const events = ['A', 'B', 'C'].flatMap((patient) =>
    [1, 2].map((instance) =>
      instanceWith({
        patient,
        study: `${patient}.1`,
        series: `${patient}.1.1`,
        instance: `${patient}.1.1.${instance}`,
      }),
    ),
  );
  const ids = events.map(({ data }) => data.ids);
  let reading: ReadingApp;
  beforeEach(async () => {
    reading = await startReadingApp();
    for (const event of events) await reading.log.submit([event]);
  });
  afterEach(() => reading.close());

  it('deletes resources of several levels, and passes over what is not there', async () => {
    const Resources = [ids[0]!.patient, 'nope', ids[1]!.instance, ids[2]!.instance];
    expect(await reading.ask('/tools/bulk-delete', { Resources })).toEqual({ status: 200, json: undefined });
    expect((await reading.ask('/instances')).json).toEqual([ids[3], ids[4], ids[5]].map((id) => id!.instance));
    expect((await reading.ask('/patients')).json).toEqual([ids[2]!.patient, ids[4]!.patient]);
  });

  it.each([{}, { Resources: 'x' }, { Resources: [1] }])('deletes nothing for %j', async (body) => {
    expect(await reading.ask('/tools/bulk-delete', body)).toMatchObject({ status: 400, json: { OrthancStatus: 15 } });
    expect((await reading.ask('/instances')).json).toHaveLength(6);
  });
});
