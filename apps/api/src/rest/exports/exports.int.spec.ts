import { DeleteResources, type ExportReport, RecordExport, resourceIds } from '@annal/domain';
import { CommandBus } from '@nestjs/cqrs';
import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const SAMPLE = { patient: '=HYPERLINK("x")', study: '1.2', series: '1.2.3', instance: '1.2.3.4' };
const ids = resourceIds({
  patientId: SAMPLE.patient,
  studyInstanceUid: '1.2',
  seriesInstanceUid: '1.2.3',
  sopInstanceUid: '1.2.3.4',
});

interface List {
  readonly Exports: readonly Record<string, unknown>[];
}

describe('exports', () => {
  let reading: ReadingApp;
  let seconds = 0;
  const context = (user = 'alice') => ({
    source: 'test',
    actor: { protocol: 'http', user, remoteAddress: '192.0.2.7' } as const,
    correlationId: 'c',
    now: new Date(Date.UTC(2026, 10, 22, 9, 0, seconds++)),
  });
  const record = (report: Partial<ExportReport>, user?: string): Promise<void> =>
    reading.app.get(CommandBus).execute(
      new RecordExport(
        {
          id: 'e1',
          protocol: 'orthanc',
          destination: { kind: 'peer', name: 'b', address: 'http://b/' },
          resources: [],
          outcome: 'pending',
          listed: true,
          ...report,
        },
        context(user),
      ),
    );
  const list = async (query = ''): Promise<unknown> => (await reading.ask(`/exports${query}`)).json;
  const numbers = async (query: string): Promise<unknown[]> =>
    (await reading.ask<List>(`/exports?${query}`)).json.Exports.map(({ Seq }) => Seq);
  const report = async (query: string): Promise<readonly Record<string, unknown>[]> =>
    (await reading.ask<List>(`/exports/report?${query}`)).json.Exports;

  beforeAll(async () => {
    reading = await startReadingApp();
    await reading.log.submit([instanceWith(SAMPLE)]);
    const all = [ids.patient, ids.study, ids.series, ids.instance];
    await record({ resources: all, asked: new Map(all.map((id) => [id, 1])) });
    await record({ outcome: 'success', instances: 4, failed: 0 }, 'job');
    const archive = { protocol: 'archive', destination: { kind: 'client' }, listed: false } as const;
    await record({ id: 'e2', ...archive, resources: [ids.study], outcome: 'aborted', bytes: 17 }, 'bob');
    const peer = { kind: 'peer', name: 'c' } as const;
    await record({ id: 'e3', destination: peer, resources: [ids.study], outcome: 'failure', errorCode: 9 });
  });
  afterAll(() => reading.close());

  it('are listed as Orthanc lists them, where that is wanted', async () => {
    const row = { Date: '20261122T090000', PatientID: SAMPLE.patient, RemoteModality: 'b' };
    const study = { ...row, StudyInstanceUID: '1.2' };
    const series = { ...study, SeriesInstanceUID: '1.2.3' };
    expect(await list()).toEqual({
      Done: true,
      Exports: [
        { ...row, ID: ids.patient, Path: `/patients/${ids.patient}`, ResourceType: 'Patient', Seq: 1 },
        { ...study, ID: ids.study, Path: `/studies/${ids.study}`, ResourceType: 'Study', Seq: 2 },
        { ...series, ID: ids.series, Path: `/series/${ids.series}`, ResourceType: 'Series', Seq: 3 },
        {
          ...series,
          ID: ids.instance,
          Path: `/instances/${ids.instance}`,
          ResourceType: 'Instance',
          SOPInstanceUID: '1.2.3.4',
          Seq: 4,
        },
        {
          ...study,
          Date: '20261122T090003',
          ID: ids.study,
          Path: `/studies/${ids.study}`,
          RemoteModality: 'c',
          ResourceType: 'Study',
          Seq: 5,
        },
      ],
      First: 1,
      Last: 5,
    });
  });

  it('are read by pages, as Orthanc reads them', async () => {
    expect(await list('?limit=2&since=1')).toMatchObject({ Done: false, First: 2, Last: 3 });
    expect(await numbers('limit=2&since=1')).toEqual([2, 3]);
    expect(await numbers('limit=5')).toEqual([1, 2, 3, 4, 5]);
    expect(await list('?limit=0&since=3')).toEqual({ Done: false, Exports: [], Last: 3 });
    expect(await list('?limit=0&since=5')).toEqual({ Done: true, Exports: [], Last: 5 });
    expect(await list('?since=100')).toEqual({ Done: true, Exports: [], Last: 100 });
    expect(await numbers('since=4&limit=x')).toEqual([1, 2, 3, 4, 5]);
    expect(await numbers('since=2&limit=-5')).toEqual([3, 4, 5]);
    expect(await list('?last&since=2')).toMatchObject({ Done: true, First: 5, Last: 5 });
  });

  it('are reported with who sent them where, and what became of them', async () => {
    const [first, , , fourth, archive, failed] = await report('');
    expect(first).toEqual({
      Begun: '2026-11-22T09:00:00.000Z',
      Reported: '2026-11-22T09:00:01.000Z',
      User: 'alice',
      RemoteAddress: '192.0.2.7',
      Origin: 'http',
      Protocol: 'orthanc',
      DestinationKind: 'peer',
      DestinationName: 'b',
      DestinationAddress: 'http://b/',
      ResourceType: 'Patient',
      ID: ids.patient,
      ParentPatient: ids.patient,
      PatientID: SAMPLE.patient,
      Outcome: 'success',
      InstancesCount: 1,
      FailedInstancesCount: 0,
      Export: 'e1',
      ExportOutcome: 'success',
      CorrelationId: 'c',
    });
    expect(fourth).toMatchObject({ SOPInstanceUID: '1.2.3.4', SeriesInstanceUID: '1.2.3', StudyInstanceUID: '1.2' });
    expect(archive).toMatchObject({
      User: 'bob',
      Protocol: 'archive',
      DestinationKind: 'client',
      Outcome: 'aborted',
      ExportBytes: 17,
    });
    expect(failed).toMatchObject({ DestinationName: 'c', Outcome: 'failure', ErrorCode: 9 });
  });

  it('are found by patient, by resource, by destination, by outcome and by time', async () => {
    const all = ['e1', 'e1', 'e1', 'e1', 'e2', 'e3'];
    const found = async (query: string): Promise<unknown[]> => (await report(query)).map(({ Export }) => Export);
    expect(await found(`patient=${encodeURIComponent(SAMPLE.patient)}`)).toEqual(all);
    expect(await found(`patient=${ids.patient}`)).toEqual(all);
    expect(await found('patient=SOMEBODY')).toEqual([]);
    // what a study is in was sent with it
    expect(await found(`resource=${ids.study}`)).toEqual(all);
    expect(await found(`resource=${ids.instance}&destination=c`)).toEqual(['e3']);
    expect(await found('outcome=failure,aborted')).toEqual(['e2', 'e3']);
    expect(await found('from=2026-11-22T09:00:02&to=2026-11-22T10:00:03%2B01:00')).toEqual(['e2']);
    expect(await found('to=2026-11-22')).toEqual([]);
    expect(await found('limit=5')).toEqual(all.slice(0, 5));
  });

  it.each(['format=xml', 'from=yesterday', 'outcome=lost', 'limit=-1', 'resource=x', 'patient=a&resource=b'])(
    'are not reported for %s',
    async (query) => {
      expect(await reading.ask(`/exports/report?${query}`)).toMatchObject({ status: 400 });
    },
  );

  it('are reported for spreadsheets, which take no text for a formula', async () => {
    const answer = await fetch(`${reading.app.url}/exports/report?format=csv&outcome=aborted`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="exports.csv"');
    const [heading, row, end] = (await answer.text()).split('\r\n');
    expect(heading).toMatch(/^Begun,Reported,User,.*,PatientID,.*,CorrelationId$/);
    expect(row).toContain(`,"'=HYPERLINK(""x"")",1.2,`);
    expect(end).toBe('');
  });

  it('are not listed any more once that is cleared, and still reported', async () => {
    const answer = await fetch(`${reading.app.url}/exports`, { method: 'DELETE' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await list()).toEqual({ Done: true, Exports: [], Last: 0 });
    expect(await list('?last')).toEqual({ Done: true, Exports: [], Last: 0 });
    expect(await report('')).toHaveLength(6);
    await record({ id: 'e4', resources: [ids.patient] });
    expect(await numbers('')).toEqual([6]);
  });

  it('say nothing of a patient who was deleted, and are found by his identifier all the same', async () => {
    await reading.app.get(CommandBus).execute(new DeleteResources([{ id: ids.patient }], context()));
    const [row] = (await reading.ask<List>('/exports')).json.Exports;
    expect(row).toMatchObject({ ID: ids.patient, PatientID: '', Seq: 6 });
    const rows = await report(`patient=${encodeURIComponent(SAMPLE.patient)}`);
    expect(rows).toHaveLength(7);
    expect(JSON.stringify(rows)).not.toContain('HYPERLINK');
  });
});

describe('a long list of exports', () => {
  const total = 12_000;
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp();
    await reading.execute(
      `INSERT INTO exports SELECT n, 'e' || n, 'orthanc', 'peer', 'b', NULL, '{"protocol":"http"}', 'c',
          '2026-11-22T09:00:00.000Z', 'success', 1, 0, NULL, NULL, '2026-11-22T09:00:00.000Z' FROM generate_series(1, ${total}) n;
        INSERT INTO export_resources SELECT n, 0, 0, 'p', 'p', NULL, NULL FROM generate_series(1, ${total}) n;
        INSERT INTO listed_exports SELECT n, n, 0, '20261122T090000' FROM generate_series(1, ${total}) n`,
    );
  });
  afterAll(() => reading.close());

  it('is answered whole, though it is read by pieces', async () => {
    const { json } = await reading.ask<List>('/exports?limit=1000000');
    expect(json.Exports.map(({ Seq }) => Seq)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    expect(json).toMatchObject({ Done: true, First: 1, Last: total });
    expect((await reading.ask('/exports?limit=7000')).json).toMatchObject({ Done: false, Last: 7000 });
    const { Exports } = (await reading.ask<List>('/exports/report')).json;
    expect(Exports.map(({ Export }) => Export)).toEqual(Array.from({ length: total }, (_, index) => `e${index + 1}`));
  });
});
