import type { Statement } from '@annal/projections';
import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { type Answer, startWritingApp, type WritingApp } from '../testing/writing-app.js';
import { ReadServices } from './resource.controller.js';

interface Stored {
  readonly ID: string;
  readonly ParentPatient: string;
  readonly ParentStudy: string;
  readonly ParentSeries: string;
}

describe('a single resource, kept', () => {
  let writing: WritingApp;
  let paths: readonly string[];
  let read = 0;
  const ask = (path: string, query = ''): Promise<Answer> => writing.send('GET', path + query);
  const store = async (sopUid: string, description: string): Promise<void> => {
    const file = buildInstance({ sopUid, extra: [[0x0008103e, 'LO', description]] });
    const { json } = await writing.send('POST', '/instances', file as never);
    const { ID, ParentPatient, ParentStudy, ParentSeries } = json as Stored;
    paths = [`/patients/${ParentPatient}`, `/studies/${ParentStudy}`, `/series/${ParentSeries}`, `/instances/${ID}`];
  };

  beforeAll(async () => {
    writing = await startWritingApp({ OverwriteInstances: true });
    const { pool } = writing.get(ReadServices);
    const query: <R>(statement: Statement) => Promise<{ rows: R[] }> = pool.query.bind(pool);
    pool.query = <R>(statement: Statement) => {
      if (statement.text?.includes('AS labels')) read++;
      return query<R>(statement);
    };
    await store('1.2.3.1', 'first');
  });
  afterAll(() => writing.close());

  it('is kept in each form once it was asked for again', async () => {
    for (const [query, times] of [
      ['', 2],
      ['?short', 1],
      ['?full', 1],
    ] as const) {
      for (const path of paths) {
        read = 0;
        const first = await ask(path, query);
        expect(first.status).toBe(200);
        for (let again = 0; again < 3; again++) expect((await ask(path, query)).text).toBe(first.text);
        expect(read).toBe(times);
      }
    }
  });

  it('is never that of another version', async () => {
    const [patient, study, series, instance] = paths as [string, string, string, string];
    for (const path of paths) {
      for (let again = 0; again < 2; again++) expect((await ask(path)).json).toMatchObject({ Labels: [] });
      await writing.send('PUT', `${path}/labels/seen`, '');
      expect((await ask(path)).json).toMatchObject({ Labels: ['seen'] });
    }
    await store('1.2.3.2', 'second');
    expect((await ask(series)).json).toMatchObject({ Instances: { length: 2 } });
    await store('1.2.3.1', 'third');
    expect((await ask(instance)).json).toMatchObject({ Labels: [] });
    await writing.send('DELETE', paths[3]!);
    expect((await ask(instance)).status).toBe(404);
    expect((await ask(series)).json).toMatchObject({ Instances: { length: 1 } });
    await writing.send('DELETE', patient);
    for (const path of [patient, study, series, instance]) expect((await ask(path)).status).toBe(404);
    await store('1.2.3.1', 'fourth');
    expect((await ask(series)).json).toMatchObject({ MainDicomTags: { SeriesDescription: 'fourth' }, Labels: [] });
  });

  it('shows tags that are requested beside the main ones as they are', async () => {
    const [, , series] = paths;
    expect((await ask(series!, '?requested-tags=SOPInstanceUID')).json).toMatchObject({ RequestedTags: {} });
    expect((await ask(series!)).json).not.toHaveProperty('RequestedTags');
  });
});
