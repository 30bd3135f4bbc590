import { BlobMissing, type BlobStore } from '@annal/domain';
import { Readable } from 'node:stream';
import { buildInstance } from '../../../dicom/src/testing/index.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { type CapturedLog, captureLog } from '../../../../test/support/captured-log.js';
import { TemporaryConfiguration } from '../config/testing/temporary-configuration.js';
import { instanceRecovery } from './recover-instance.js';
import type { RecoverInstance } from './vault.js';

const ids = { patientId: 'P', studyUid: '1', seriesUid: '1.1', sopUid: '1.1.1' };
const file = buildInstance({ ...ids, patientName: 'DOE^JOHN' });
const envelope = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1', size: file.length });
const event = { ...envelope, position: { partition: 0, offset: 42 } };

describe('what an event said whose key is lost', () => {
  const files = new TemporaryConfiguration();
  const configuration = files.loadContent({}).configuration!;
  let log: CapturedLog;
  beforeEach(() => void (log = captureLog()));
  afterAll(() => files.remove());
  const recovering = (stream: BlobStore['stream']): ReturnType<RecoverInstance> =>
    instanceRecovery(configuration, { stream }, log.logger)(event);

  it('is read from its file', async () => {
    const recovered = await recovering(async (_key, start, end) => Readable.from([file.subarray(start, end)]));
    expect(recovered?.tags.main.Patient).toMatchObject({ '00100010': 'DOE^JOHN' });
    expect(log.complaints).toEqual([]);
  });

  it('is not known where the file is gone, cut off or no DICOM', async () => {
    const missing = async (key: string): Promise<Readable> => Promise.reject(new BlobMissing(key));
    expect(await recovering(missing)).toBeUndefined();
    expect(await recovering(async () => Readable.from([file.subarray(0, 300)]))).toBeUndefined();
    expect(await recovering(async () => Readable.from([Buffer.from('no DICOM')]))).toBeUndefined();
  });

  it.each(Object.entries({ patientId: 'Q', studyUid: '2', seriesUid: '1.2', sopUid: '1.1.2' }))(
    'is not known where its file holds something else, of which a warning names the event: by its %s',
    async (name, other) => {
      const exchanged = buildInstance({ ...ids, [name]: other, patientName: 'ROE^JANE' });
      const of = async (_key: string, start?: number, end?: number): Promise<Readable> =>
        Readable.from([exchanged.subarray(start, end)]);
      expect(await recovering(of)).toBeUndefined();
      expect(log.complaints).toEqual([
        expect.stringMatching(/^Blob .* does not hold the instance of the event at offset 42/),
      ]);
      expect(log.complaints[0]).toContain(event.data.blob.key);
      expect(log.text).not.toContain('ROE');
    },
  );

  it.each(['EACCES', 'EIO'])(
    'is looked for another time where the file cannot be read now (%s): the error names event, blob and what to do',
    async (code) => {
      const denied = Object.assign(new Error(`${code}: /somewhere`), { code });
      const recovered = recovering(async () => Promise.reject(denied));
      await expect(recovered).rejects.toMatchObject({ code, cause: denied });
      const { message } = (await recovered.catch((error: unknown) => error)) as Error;
      for (const part of ['event at offset 42', event.data.blob.key, code, 'operations.md'])
        expect(message).toContain(part);
      expect(message).not.toContain('/somewhere');
    },
  );
});
