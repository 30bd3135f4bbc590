import { COLLECTIONS, envelope, type EventEnvelope, type ResourceDeleted } from '@annal/domain';
import { storedEvent, testContext } from '../../../../../test/support/stored-event.js';
import { type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const sample = (n: number): ReturnType<typeof storedEvent> =>
  storedEvent({ patient: `P${n}`, study: `${n}`, series: `${n}.1`, instance: `${n}.1.1` });
const [first, second] = [sample(1), sample(2)];
const { ids } = first.data;
const other = second.data.ids;
const STUDY = `/studies/${ids.study}`;

describe('labels', () => {
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp({ Annal: { Limits: { MaxLabelsPerResource: 5 } } });
  });
  afterAll(() => reading.close());
  beforeEach(async () => {
    await reading.log.append([sample(1), sample(2)]);
  });
  afterEach(async () => {
    await reading.log.append([ids, other].map(({ patient }) => deleted('Patient', patient)));
  });

  async function send(method: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(reading.app.url + path, { method });
    return { status: response.status, text: await response.text() };
  }
  const list = async (path: string): Promise<unknown> => (await reading.ask(`${path}/labels`)).json;

  it('are added to and removed from resources of every level, as often as one likes', async () => {
    for (const path of [`/patients/${ids.patient}`, STUDY, `/series/${ids.series}`, `/instances/${ids.instance}`]) {
      expect(await list(path)).toEqual([]);
      for (const label of ['b', 'a', 'Zeta_9-x', 'a', '_']) {
        expect(await send('PUT', `${path}/labels/${label}`)).toEqual({ status: 200, text: '' });
      }
      expect(await list(path)).toEqual(['Zeta_9-x', '_', 'a', 'b']);
      expect(await send('GET', `${path}/labels/a`)).toEqual({ status: 200, text: '' });
      expect(await send('GET', `${path}/labels/A`)).toEqual({ status: 404, text: '' });
      for (let time = 0; time < 2; time++) {
        expect(await send('DELETE', `${path}/labels/a`)).toEqual({ status: 200, text: '' });
      }
      expect(await list(path)).toEqual(['Zeta_9-x', '_', 'b']);
    }
    expect((await reading.ask('/system')).json).toMatchObject({ HasLabels: true });
  });

  it('consist of letters, digits, _ and -, 64 at most', async () => {
    const longest = 'x'.repeat(64);
    expect((await send('PUT', `${STUDY}/labels/${longest}`)).status).toBe(200);
    for (const bad of [`${longest}x`, 'a%20b', 'a.b', '%C3%A9', 'a+b', 'a:b', '%20a', 'a%0ab']) {
      for (const method of ['PUT', 'DELETE']) {
        for (const path of [STUDY, '/studies/nope']) {
          expect(await send(method, `${path}/labels/${bad}`)).toMatchObject({
            status: 400,
            text: expect.stringContaining('A label must be a non-empty, alphanumeric string') as string,
          });
        }
      }
    }
    expect(await list(STUDY)).toEqual([longest]);
  });

  it('are so many of one resource and no more', async () => {
    for (const label of 'abcde') expect((await send('PUT', `${STUDY}/labels/${label}`)).status).toBe(200);
    expect(await send('PUT', `${STUDY}/labels/f`)).toMatchObject({
      status: 413,
      text: expect.stringContaining('A resource has 5 labels at most') as string,
    });
    expect((await send('PUT', `${STUDY}/labels/a`)).status).toBe(200);
  });

  it('stay within the limit whoever adds them at once', async () => {
    const added = await Promise.all([...'abcdefghij'].map((label) => send('PUT', `${STUDY}/labels/${label}`)));
    expect(added.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(await list(STUDY)).toHaveLength(5);
  });

  it('answer 404 for an unknown resource, also under a wrong level', async () => {
    for (const path of ['/studies/nope', `/patients/${ids.study}`]) {
      for (const [method, route] of [['GET', ''], ...['GET', 'PUT', 'DELETE'].map((one) => [one, '/a'])]) {
        expect(await send(method!, `${path}/labels${route}`)).toMatchObject({
          status: 404,
          text: expect.stringContaining('"OrthancStatus" : 17') as string,
        });
      }
    }
  });

  it('are found: all, any or none of them; and listed over all resources', async () => {
    for (const label of ['a', 'b']) await send('PUT', `${STUDY}/labels/${label}`);
    await send('PUT', `/studies/${other.study}/labels/b`);
    await send('PUT', `/instances/${ids.instance}/labels/c`);
    const find = async (body: object): Promise<unknown> => {
      const query = { Level: 'Study', Query: {}, ...body };
      const found = (await reading.ask<unknown[]>('/tools/find', query)).json;
      expect((await reading.ask('/tools/count-resources', query)).json).toEqual({ Count: found.length });
      return found;
    };
    expect(await find({ Labels: ['a', 'b'] })).toEqual([ids.study]);
    expect(await find({ Labels: ['a', 'b'], LabelsConstraint: 'Any' })).toEqual([ids.study, other.study]);
    expect(await find({ Labels: ['a'], LabelsConstraint: 'None' })).toEqual([other.study]);
    expect(await find({ Labels: ['a', 'b'], LabelsConstraint: 'None' })).toEqual([]);
    expect(await find({ Labels: ['c'], LabelsConstraint: 'None' })).toEqual([ids.study, other.study]);
    expect(await find({ Labels: [], LabelsConstraint: 'None' })).toEqual([ids.study, other.study]);
    expect(await find({ Labels: ['A'] })).toEqual([]);
    expect(await find({ Labels: ['a', 'a'] })).toEqual([ids.study]);
    expect(await find({ Labels: ['a'], Level: 'Patient' })).toEqual([]);
    expect((await reading.ask('/tools/labels')).json).toEqual(['a', 'b', 'c']);
    const expanded = { Level: 'Study', Query: {}, Labels: ['a'], ResponseContent: ['Labels', 'RequestedTags'] };
    expect((await reading.ask('/tools/find', { ...expanded, RequestedTags: ['PatientName'] })).json).toEqual([
      { ID: ids.study, Labels: ['a', 'b'], RequestedTags: { PatientName: 'NAME^P1' }, Type: 'Study' },
    ]);
  });

  it('are shown in lists and of single resources, anew after each change', async () => {
    const shown = async (): Promise<unknown[]> => [
      (await reading.ask<{ Labels: unknown }[]>('/studies?expand')).json[0]!.Labels,
      (await reading.ask<{ Labels: unknown }>(STUDY)).json.Labels,
    ];
    expect(await shown()).toEqual([[], []]);
    await send('PUT', `${STUDY}/labels/a`);
    expect(await shown()).toEqual([['a'], ['a']]);
    await send('DELETE', `${STUDY}/labels/a`);
    expect(await shown()).toEqual([[], []]);
  });

  it('are in the log where something changed, and not in /changes', async () => {
    const before = (await reading.ask<{ Last: number }>('/changes?last')).json.Last;
    const end = await reading.log.end();
    for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE']) await send(method, `${STUDY}/labels/a`);
    expect((await reading.ask('/changes?last')).json).toMatchObject({ Last: before });
    const events = await reading.log.read(end, 1000);
    expect(events.map(({ type }) => type)).toEqual(['annal.label.added.v1', 'annal.label.removed.v1']);
    expect(events.at(-1)).toMatchObject({
      subject: `studies/${ids.study}`,
      actor: { protocol: 'http', remoteAddress: '127.0.0.1' },
      data: { level: 'Study', id: ids.study, label: 'a' },
    });
  });

  it('go with their resource, and do not come back with it', async () => {
    await send('PUT', `${STUDY}/labels/a`);
    await reading.log.append([deleted('Study', ids.study)]);
    expect((await reading.ask('/tools/labels')).json).toEqual([]);
    await reading.log.append([sample(1)]);
    expect(await list(STUDY)).toEqual([]);
  });
});

function deleted(level: 'Patient' | 'Study', id: string): EventEnvelope {
  const event = { type: 'annal.resource.deleted.v1', data: { level, id } } as const;
  return envelope<ResourceDeleted>(event, `${COLLECTIONS[level]}/${id}`, testContext());
}
