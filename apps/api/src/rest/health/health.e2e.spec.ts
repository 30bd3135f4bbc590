import type { EventLog } from '@annal/domain';
import { openPool } from '@annal/platform';
import { storedEvent } from '../../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../../test/support/test-log.js';
import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

describe('with a database', () => {
  let history: TestLog;
  let app: TestApp;
  let pool: ReturnType<typeof openPool>;
  beforeAll(async () => {
    history = await openTestLog();
    pool = openPool(history.database.connection, 'test', 2);
    await history.log.append([
      storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1', size: 3 * 1024 * 1024 }),
    ]);
    app = await startTestApp({ Name: '<b>"Us" & them</b>' }, { eventLog: history.log, pool: pool });
  });
  afterAll(async () => {
    await app.close();
    await pool.end();
    await history.close();
  });

  const get = async (path: string): Promise<{ status: number; text: string }> => {
    const answer = await fetch(app.url + path);
    return { status: answer.status, text: await answer.text() };
  };

  it('is ready, without a lag', async () => {
    const { status, text } = await get('/health/ready');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      Checks: { Database: true, Fold: true, Log: true, Schema: true },
      Lag: 0,
      Status: 'ready',
    });
  });

  it('is not ready with read models of another version', async () => {
    await history.session.execute('UPDATE folded_position SET version = version + 1');
    try {
      const { status, text } = await get('/health/ready');
      expect(status).toBe(503);
      expect(JSON.parse(text)).toMatchObject({ Checks: { Database: true, Schema: false }, Status: 'not ready' });
      expect((await get('/health/live')).status).toBe(200);
    } finally {
      await history.session.execute('UPDATE folded_position SET version = version - 1');
    }
  });

  it.each([
    [10_000, 200, 'ready'],
    [10_001, 503, 'not ready'],
  ])('with read models that are %i events behind the log is answered %i', async (behind, status, Status) => {
    const { offset } = await history.log.end();
    const ahead = { logId: 'x', end: async () => ({ partition: 0, offset: offset + behind }) } as unknown as EventLog;
    const late = await startTestApp({}, { eventLog: ahead, pool });
    try {
      const answer = await fetch(`${late.url}/health/ready`);
      expect([answer.status, await answer.json()]).toEqual([
        status,
        { Checks: { Database: true, Fold: true, Log: true, Schema: true }, Lag: behind, Status },
      ]);
    } finally {
      await late.close();
    }
  });

  it('is not ready while an event stands in front of the fold, and says so in metrics', async () => {
    const { offset } = await history.log.end();
    await history.session.execute(
      `INSERT INTO parked_events ("offset", error) VALUES (${offset + 1}, 'the error'), (${offset}, 'of one that is folded')`,
    );
    try {
      const { status, text } = await get('/health/ready');
      expect([status, JSON.parse(text)]).toMatchObject([503, { Checks: { Fold: false }, Status: 'not ready' }]);
      expect(text).not.toContain('the error');
      expect((await get('/tools/metrics-prometheus')).text).toMatch(/^annal_parked_events 1 \d+$/m);
    } finally {
      await history.session.execute('DELETE FROM parked_events');
    }
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('shows in metrics how far the read models lag behind the log', async () => {
    expect((await get('/tools/metrics-prometheus')).text).toMatch(/^annal_fold_lag_events 0 \d+$/m);
    const { offset } = await history.log.end();
    const ahead = { logId: 'x', end: async () => ({ partition: 0, offset: offset + 7 }) } as unknown as EventLog;
    const late = await startTestApp({}, { eventLog: ahead, pool });
    try {
      const metrics = await (await fetch(`${late.url}/tools/metrics-prometheus`)).text();
      expect(metrics).toMatch(/^annal_fold_lag_events 7 \d+$/m);
      expect(metrics).toMatch(new RegExp(`^annal_folded_events ${offset + 1} `, 'm'));
    } finally {
      await late.close();
    }
  });

  it('shows how far the changes are published, where they are, and is ready whatever becomes of them', async () => {
    const { lastChange } = (
      await history.session.execute('SELECT change_seq AS "lastChange" FROM folded_position')
    )[0]![0] as { lastChange: number };
    await history.session.execute(
      `INSERT INTO changes_relay VALUES ('annal.changes', ${lastChange - 1}, 'refused', 'the reason', now())`,
    );
    try {
      const { status, text } = await get('/health/ready');
      expect([status, JSON.parse(text)]).toMatchObject([200, { Changes: { Lag: 1, State: 'refused' } }]);
      expect(text).not.toContain('the reason');
      const metrics = (await get('/tools/metrics-prometheus')).text;
      expect(metrics).toMatch(new RegExp(`^annal_changes_published ${lastChange - 1} \\d+$`, 'm'));
      expect(metrics).toMatch(/^annal_changes_relay_failing 1 \d+$/m);
      expect(metrics).toMatch(/^annal_changes_relay_refused 1 \d+$/m);
    } finally {
      await history.session.execute('DELETE FROM changes_relay');
    }
  });

  it('shows what the archive holds in metrics and on the start page', async () => {
    const metrics = (await get('/tools/metrics-prometheus')).text;
    expect(metrics).toMatch(/^orthanc_count_instances 1 \d+$/m);
    expect(metrics).toMatch(/^orthanc_disk_size_mb 3 \d+$/m);
    const page = (await get('/')).text;
    expect(page).toContain('<td><a href="../instances">instances</a></td><td>1</td>');
    expect(page).toContain('&lt;b&gt;&quot;Us&quot; &amp; them&lt;/b&gt;');
    expect(page).not.toContain('<b>');
  });

  it('has no metrics where they are switched off', async () => {
    await app.context.runtimeSettings.set('metricsEnabled', false);
    expect(await get('/tools/metrics-prometheus')).toEqual({ status: 200, text: '' });
  });
});

describe('without a database', () => {
  it('is not ready when no answer comes, and does not wait for one without an end', async () => {
    const silent = { query: () => new Promise<never>(() => undefined) };
    const log = { logId: 'x', end: async () => ({ partition: 0, offset: 0 }) } as unknown as EventLog;
    const app = await startTestApp({}, { pool: silent, eventLog: log });
    try {
      const answer = await fetch(`${app.url}/health/ready`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ Checks: { Database: false, Log: true }, Lag: null });
    } finally {
      await app.close();
    }
  });

  it('is alive and not ready, and says nothing of why', async () => {
    const lost = () => Promise.reject(new Error('connect ECONNREFUSED /run/secret'));
    const app = await startTestApp({}, { pool: { query: lost }, eventLog: { logId: 'x', end: lost } as never });
    try {
      expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
      const answer = await fetch(`${app.url}/health/ready`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({
        Checks: { Database: false, Fold: false, Log: false, Schema: false },
        Lag: null,
        Status: 'not ready',
      });
      const broken = await fetch(`${app.url}/tools/metrics-prometheus`);
      expect(broken.status).toBe(500);
      expect(await broken.text()).not.toContain('secret');
    } finally {
      await app.close();
    }
  });
});
