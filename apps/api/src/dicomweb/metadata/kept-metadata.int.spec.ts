import { encodeHeader } from '@annal/dicom';
import { envelope, type RecordedEvent } from '@annal/domain';
import { migrate, openPool, Session } from '@annal/platform';
import { project } from '@annal/projections';
import fc from 'fast-check';
import type pg from 'pg';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../../../../libs/platform/src/postgres/testing/test-database.js';
import { emptyReadModels } from '../../../../../test/support/archive-state.js';
import { history, recorded } from '../../../../../test/support/history.js';
import { storedEvent, testContext } from '../../../../../test/support/stored-event.js';
import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

let clock = Date.UTC(2026);

const STUDIES = ['1.1', '1.2', '2.1', '2.2'];

/** With a time of its own, as each archive that is begun anew has others, and a header: nothing else tells which file an instance has. */
function told(recordedEvent: RecordedEvent, number: number): RecordedEvent {
  const event = { ...recordedEvent, time: new Date(clock++).toISOString() };
  if (!('sealed' in event) || !event.sealed || !('header' in event.sealed)) return event;
  const [, id] = event.subject.split('/');
  const dataset = [
    [0x00204000, 'LT', `${id} ${number}`],
    [0x7fe00010, 'OW', { o: 500, n: 8 }],
  ] as const;
  const header = encodeHeader({ version: 1, syntax: '1.2.840.10008.1.2.1', meta: [], dataset }).toString('base64');
  return { ...event, sealed: { ...event.sealed, header } };
}

describe('metadata that are kept ready', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let session: Session;
  let apps: TestApp[];
  beforeAll(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    pool = openPool(database.connection, 'test', 4);
    session = new Session(database.connection, 'test');
    const start = (size?: number): Promise<TestApp> =>
      startTestApp(
        { AuthenticationEnabled: false, Annal: { Limits: { MetadataCacheSize: size ?? 1_000_000 } } },
        { pool },
      );
    // two that keep them, and one that has no room to
    apps = [await start(), await start(), await start(1)];
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await pool.end();
    await session.reset();
    await database.close();
  });

  const ask = async (app: TestApp, study: string): Promise<unknown> => {
    const headers = { forwarded: 'host=h;proto=http' };
    const answer = await fetch(`${app.url}/dicom-web/studies/${study}/metadata`, { headers });
    const text = await answer.text();
    return { status: answer.status, etag: answer.headers.get('etag'), text: answer.ok ? text : '' };
  };

  it('are those that are made anew, whatever is stored, deleted and read again', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        await emptyReadModels(session);
        const tags = new Map<unknown, string>();
        for (const [number, event] of recorded(events).entries()) {
          await project([told(event, number)], session.execute);
          if (number % 3 !== 0) continue;
          for (const study of STUDIES) {
            const [first, second, fresh] = await Promise.all(apps.map((app) => ask(app, study)));
            expect([first, second]).toEqual([fresh, fresh]);
            const { status, etag, text } = fresh as { status: number; etag: string; text: string };
            if (status !== 200) continue;
            compared++;
            expect(tags.get(etag) ?? text).toBe(text);
            tags.set(etag, text);
          }
        }
      }),
      { numRuns: 12 },
    );
    expect(compared).toBeGreaterThan(5);
  });

  it('stay when a series becomes stable', async () => {
    await emptyReadModels(session);
    const stored = storedEvent({ patient: 'P', study: '3', series: '3.1', instance: '3.1.1' });
    const id = stored.data.ids.series;
    const isStable = { type: 'annal.resource.stable.v1', data: { level: 'Series', id, asOf: 1_000_000 } } as const;
    const [created, first, second] = recorded([stored, envelope(isStable, `series/${id}`, testContext())]);
    await project([created!, told(first!, 0)], session.execute);
    const before = await ask(apps[0]!, '3');
    expect(before).toMatchObject({ status: 200 });
    await project([second!], session.execute);
    expect((await pool.query('SELECT 1 FROM series WHERE stable AND id = $1', [id])).rowCount).toBe(1);
    expect(await ask(apps[0]!, '3')).toEqual(before);
  });
});
