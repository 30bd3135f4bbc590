import { encodeHeader } from '@annal/dicom';
import type { RecordedEvent } from '@annal/domain';
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
import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

const STUDIES = ['1.1', '1.2', '2.1', '2.2'];

/** With a header of its own: nothing else tells which file an instance has. */
function told(event: RecordedEvent, number: number): RecordedEvent {
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
});
