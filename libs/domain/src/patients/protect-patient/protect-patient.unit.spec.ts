import { RecordingPorts } from '../../testing/fakes.js';
import { ProtectPatient, ProtectPatientHandler } from './protect-patient.js';

const context = { source: 'test', actor: { protocol: 'http' as const }, correlationId: 'c', now: new Date(0) };

describe('protecting a patient', () => {
  let ports: RecordingPorts;
  beforeEach(() => {
    ports = new RecordingPorts();
    ports.annotations.isProtected = false;
  });
  const protect = (isProtected: boolean): Promise<string> =>
    new ProtectPatientHandler(ports.writer, ports.annotationLookup).execute(
      new ProtectPatient('p', isProtected, context),
    );

  it('appends what changes, and nothing else', async () => {
    expect(await protect(false)).toBe('done');
    expect(await protect(true)).toBe('done');
    expect(ports.appended.map(({ type, subject, data }) => [type, subject, data])).toEqual([
      ['annal.patient.protection-set.v1', 'patients/p', { id: 'p', protected: true }],
    ]);
  });

  it('says that the patient is not there', async () => {
    ports.outcomeOf = () => ({ kind: 'not-found' });
    expect(await protect(true)).toBe('not-found');
    ports.annotations.isProtected = undefined;
    expect(await protect(true)).toBe('not-found');
    expect(ports.appended).toHaveLength(1);
  });
});
