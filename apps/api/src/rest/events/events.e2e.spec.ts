import { envelope, type EventLog, type Position, type ResourceDeleted } from '@annal/domain';
import { openPool } from '@annal/platform';
import { storedEvent, testContext } from '../../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../../test/support/test-log.js';
import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

interface Page {
  readonly Done: boolean;
  readonly Last: number;
  readonly Events: readonly { Offset: number; Type: string; Subject: string; Actor: object; Data: { id?: string } }[];
}

const sample = (instance: number) =>
  storedEvent({ patient: 'SECRET', study: '1.2', series: '1.2.3', instance: `1.2.3.${instance}` });
const deletion = (id: string) =>
  envelope<ResourceDeleted>({ type: 'annal.resource.deleted.v1', data: { level: 'Instance', id } }, `instances/${id}`, {
    ...testContext(),
    actor: { protocol: 'http', user: 'alice', remoteAddress: '127.0.0.1' },
  });

describe('/events', () => {
  let history: TestLog;
  let app: TestApp;
  let pool: ReturnType<typeof openPool>;
  const stored = [0, 1, 2, 3, 4].map(sample);
  const deleted = stored[2]!.data.ids.instance;

  beforeAll(async () => {
    history = await openTestLog();
    pool = openPool(history.database.connection, 'test', 2);
    for (const event of stored) await history.log.append([event]);
    await history.log.append([deletion(deleted)]);
    app = await startTestApp({}, { eventLog: history.log, pool: pool });
  });
  afterAll(async () => {
    await app.close();
    await pool.end();
    await history.close();
  });

  const read = async (query: string): Promise<Page> =>
    (await fetch(`${app.url}/events${query}`)).json() as Promise<Page>;
  const offsets = (page: Page): number[] => page.Events.map(({ Offset }) => Offset);

  it('gives the log in order, from its first event on', async () => {
    const page = await read('');
    expect(offsets(page)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(page).toMatchObject({ Done: true, Last: 6 });
    expect(page.Events[0]?.Type).toBe('annal.log.created.v1');
  });

  it('gives it by pages that fit together', async () => {
    let since = -1;
    const all: number[] = [];
    for (let done = false; !done;) {
      const page = await read(`?since=${since}&limit=3`);
      all.push(...offsets(page));
      since = page.Last;
      done = page.Done;
    }
    expect(all).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('filters by type and by resource', async () => {
    expect(offsets(await read('?type=annal.resource.deleted.v1'))).toEqual([6]);
    expect(offsets(await read('?type=annal.log;annal.resource'))).toEqual([0, 6]);
    expect(offsets(await read(`?resource=${deleted}`))).toEqual([3, 6]);
    expect(offsets(await read(`?resource=${stored[0]!.data.ids.patient}&limit=2&since=2`))).toEqual([3, 4]);
    expect(offsets(await read('?type=nope'))).toEqual([]);
  });

  it('says who did it, and nothing that was sealed', async () => {
    const page = await read('');
    expect(page.Events.at(-1)).toMatchObject({
      Actor: { protocol: 'http', user: 'alice', remoteAddress: '127.0.0.1' },
      Data: { level: 'Instance', id: deleted },
      Subject: `instances/${deleted}`,
    });
    const text = JSON.stringify(page);
    expect(text).not.toMatch(/sealed|SECRET/i);
    for (const { sealed } of stored) expect(text).not.toContain(sealed!.tags);
  });

  it.each(['?since=x', '?since=-2', '?limit=0', '?limit=1001', '?wait=61', '?since=1e3', '?limit=99999999999999999'])(
    'refuses %s',
    async (query) => {
      expect((await fetch(`${app.url}/events${query}`)).status).toBe(400);
    },
  );

  it('waits for what is to come', async () => {
    const { Last } = await read('?limit=1000');
    const waiting = read(`?since=${Last}&wait=30`);
    await history.log.append([sample(100)]);
    expect(offsets(await waiting)).toEqual([Last + 1]);
    expect(offsets(await read(`?since=${Last + 1}&wait=1`))).toEqual([]);
  });

  it('streams events as they come, and goes on where a stream broke', async () => {
    const { Last } = await read('?limit=1000');
    const stop = new AbortController();
    const open = async (headers: Record<string, string>): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
      const answer = await fetch(`${app.url}/events`, {
        headers: { Accept: 'text/event-stream', ...headers },
        signal: stop.signal,
      });
      expect(answer.headers.get('content-type')).toBe('text/event-stream');
      return answer.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    };
    const until = async (reader: ReadableStreamDefaultReader<Uint8Array>, mark: string): Promise<string> => {
      let text = '';
      while (!text.includes(mark)) text += Buffer.from((await reader.read()).value!).toString();
      return text;
    };
    const reader = await open({ 'Last-Event-ID': String(Last - 1) });
    expect(await until(reader, 'id:')).toContain(`id: ${Last}\n`);
    await history.log.append([sample(200)]);
    const next = await until(reader, `id: ${Last + 1}\n`);
    expect(next).toContain('event: annal.instance.stored.v1\n');
    stop.abort();
  });
});

describe('the limits of /events', () => {
  let app: TestApp;
  const events = 20_100;
  /** A log of events of one type, so long that one page does not look at all of it. */
  const log = {
    logId: 'x',
    end: async () => ({ partition: 0, offset: events - 1 }),
    read: async ({ offset }: Position, limit: number) =>
      Array.from({ length: Math.min(limit, events - 1 - offset) }, (_, i) => ({
        ...deletion('x'),
        position: { partition: 0, offset: offset + 1 + i },
      })),
  } as unknown as EventLog;
  beforeAll(async () => {
    app = await startTestApp({}, { eventLog: log });
  });
  afterAll(() => app.close());

  it('look at 20,000 events for one page, which then says where the next one begins', async () => {
    const read = async (query: string): Promise<unknown> => (await fetch(`${app.url}/events?${query}`)).json();
    expect(await read('type=annal.nope')).toEqual({ Done: false, Events: [], Last: 19_999 });
    expect(await read('type=annal.nope&since=19999')).toEqual({ Done: true, Events: [], Last: events - 1 });
    expect(await read('type=annal.nope&since=99')).toEqual({ Done: false, Events: [], Last: 20_099 });
  });

  it('keep 200 streams open, and take another one when one has ended', async () => {
    const stops: AbortController[] = [];
    const open = async (): Promise<number> => {
      const stop = new AbortController();
      const headers = { Accept: 'text/event-stream' };
      const answer = await fetch(`${app.url}/events?since=${events - 1}`, { headers, signal: stop.signal });
      if (answer.ok) stops.push(stop);
      else await answer.text();
      return answer.status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 201; i++) statuses.push(await open());
    expect(statuses).toEqual([...Array<number>(200).fill(200), 503]);
    stops.pop()!.abort();
    // the server learns of it a moment later
    while ((await open()) !== 200);
    expect(await open()).toBe(503);
    for (const stop of stops) stop.abort();
  });
});
