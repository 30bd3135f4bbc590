import type { KnownExport } from '../../ports/export-lookup.js';
import { RecordingPorts } from '../../testing/fakes.js';
import { type ExportReport, RecordExport, RecordExports } from './record-export.js';
import { RecordExportHandler, RecordExportsHandler } from './record-export.handler.js';
import type { ExportRecorded } from './export-recorded.js';

const context = {
  source: 'test',
  actor: { protocol: 'http' as const, user: 'alice' },
  correlationId: 'c',
  now: new Date(0),
};
const report: ExportReport = {
  id: 'e',
  protocol: 'orthanc',
  destination: { kind: 'peer', name: 'b', address: 'http://peer:8042/' },
  resources: ['s', 'gone'],
  outcome: 'pending',
  listed: true,
};
const STUDY = { level: 'Study', id: 's', patient: 'p', study: 's' } as const;

describe('recording an export', () => {
  let ports: RecordingPorts;
  let known: KnownExport | undefined;
  beforeEach(() => {
    ports = new RecordingPorts();
    ports.lines.push(STUDY);
    known = undefined;
  });
  const record = (changes: Partial<ExportReport> = {}): Promise<void> =>
    new RecordExportHandler(ports.writer, { findExport: async () => known }, ports.lookup).execute(
      new RecordExport({ ...report, ...changes }, context),
    );
  const data = (): ExportRecorded['data'][] => ports.appended.map((event) => event.data as ExportRecorded['data']);

  it('appends who sends what where, naming resources and those above them', async () => {
    await record();
    expect(ports.appended).toMatchObject([
      {
        type: 'annal.export.recorded.v1',
        subject: 'exports/e',
        actor: { protocol: 'http', user: 'alice' },
        data: { ...report, first: 0, resources: [STUDY, { id: 'gone' }] },
      },
    ]);
  });

  it('appends nothing that was recorded before, and nothing after a success', async () => {
    known = { outcome: 'pending', instances: null, failed: null, bytes: null, errorCode: null, resources: 2 };
    await record();
    expect(data()).toEqual([]);
    await record({ outcome: 'failure', resources: [], instances: 1, failed: 2, errorCode: 9 });
    expect(data()).toMatchObject([{ outcome: 'failure', resources: [], instances: 1, failed: 2, errorCode: 9 }]);
    known = { outcome: 'failure', instances: 1, failed: 2, bytes: null, errorCode: 9, resources: 2 };
    await record({ outcome: 'failure', resources: [], instances: 1, failed: 2, errorCode: 9 });
    expect(data()).toHaveLength(1);
    // what is pending changes no outcome, but may say that more arrived
    await record({ outcome: 'pending', resources: [] });
    expect(data()).toHaveLength(1);
    await record({ outcome: 'pending', resources: [], instances: 2, arrived: [{ id: 's', instances: 2 }] });
    expect(data()).toHaveLength(2);
    await record({ outcome: 'failure', resources: [], errorCode: 7 });
    expect(data()).toHaveLength(3);
    known = { outcome: 'success', instances: 3, failed: 0, bytes: null, errorCode: null, resources: 2 };
    await record({ outcome: 'failure' });
    expect(data()).toHaveLength(3);
  });

  it('takes it from the report what stands above something that is not kept here', async () => {
    const line = { level: 'Instance', id: 'gone', patient: 'p2', study: 's2', series: 'r2' } as const;
    await record({ lines: [line, { ...STUDY, patient: 'other' }] });
    expect(data()[0]!.resources).toEqual([STUDY, line]);
    expect(data()[0]).not.toHaveProperty('lines');
  });

  it('cuts a long list, and says where each part of it begins', async () => {
    await record({ resources: Array.from({ length: 1001 }, (_, index) => `i${index}`) });
    expect(data().map(({ first, resources }) => [first, resources.length])).toEqual([
      [0, 500],
      [500, 500],
      [1000, 1],
    ]);
  });

  it('says how many instances of each there are, and of how many of them some arrived', async () => {
    await record({ asked: new Map([['s', 3]]) });
    expect(data()[0]!.resources).toEqual([{ ...STUDY, instances: 3 }, { id: 'gone' }]);
    const arrived = Array.from({ length: 501 }, (_, index) => ({ id: `i${index}`, instances: 1 }));
    await record({ resources: [], arrived });
    const parts = data().slice(1);
    expect(parts.map((one) => one.arrived!.length)).toEqual([500, 1]);
    expect(parts.flatMap((one) => one.arrived)).toEqual(arrived);
  });

  it('appends a long list together, so that all of it is recorded or none', async () => {
    await record({ resources: Array.from({ length: 2000 }, (_, index) => `i${index}`) });
    expect(data()).toHaveLength(4);
    expect(ports.steps).toEqual(['lookup', 'append']);
  });

  it('writes down no credentials, and nothing that no table could hold', async () => {
    const address = 'https://alice:secret@peer/dicom-web/?token=secret#secret';
    await record({ destination: { kind: 'dicomweb', name: 'a\0b\ud800', address } });
    expect(data()[0]!.destination).toEqual({ kind: 'dicomweb', name: 'ab\ufffd', address: 'https://peer/dicom-web/' });
  });

  it('does not hide that it could not be written', async () => {
    ports.failures.set('append', new Error('no log'));
    await expect(record()).rejects.toThrow('no log');
  });

  it('takes many at once', async () => {
    const exports = ['1', '2'].map((id) => ({ report: { ...report, id }, context }));
    await new RecordExportsHandler(ports.writer, ports.lookup).execute(new RecordExports(exports));
    expect(data().map(({ id }) => id)).toEqual(['1', '2']);
    expect(ports.steps).toEqual(['lookup', 'append']);
  });

  it('takes five thousand reads at once, of which Kafka takes less together', async () => {
    const resources = Array.from({ length: 5000 }, (_, index) => `i${index}`);
    const exports = [{ report: { ...report, resources }, context }];
    await new RecordExportsHandler(ports.writer, ports.lookup).execute(new RecordExports(exports));
    expect(data().flatMap((one) => one.resources.map(({ id }) => id))).toEqual(resources);
    expect(ports.steps).toEqual(['lookup', 'append', 'append', 'append']);
  });
});
