import { BlobMissing, type BlobStore } from '@annal/domain';
import { Readable } from 'node:stream';
import { buildInstance } from '../../../dicom/src/testing/index.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { TemporaryConfiguration } from '../config/testing/temporary-configuration.js';
import { instanceRecovery } from './recover-instance.js';
import type { RecoverInstance } from './vault.js';

const file = buildInstance({ patientId: 'P', patientName: 'DOE^JOHN' });
const event = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1', size: file.length });

describe('what an event said whose key is lost', () => {
  const files = new TemporaryConfiguration();
  const configuration = files.loadContent({}).configuration!;
  afterAll(() => files.remove());
  const recovering = (stream: BlobStore['stream']): ReturnType<RecoverInstance> =>
    instanceRecovery(configuration, { stream })(event);

  it('is read from its file', async () => {
    const recovered = await recovering(async (_key, start, end) => Readable.from([file.subarray(start, end)]));
    expect(recovered?.tags.main.Patient).toMatchObject({ '00100010': 'DOE^JOHN' });
  });

  it('is not known where the file is gone, cut off or no DICOM', async () => {
    const missing = async (key: string): Promise<Readable> => Promise.reject(new BlobMissing(key));
    expect(await recovering(missing)).toBeUndefined();
    expect(await recovering(async () => Readable.from([file.subarray(0, 300)]))).toBeUndefined();
    expect(await recovering(async () => Readable.from([Buffer.from('no DICOM')]))).toBeUndefined();
  });

  it('is looked for another time where the file cannot be read now, and the event is named', async () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const recovered = recovering(async () => Promise.reject(denied));
    await expect(recovered).rejects.toMatchObject({
      message: expect.stringContaining(event.id) as string,
      code: 'EACCES',
      cause: denied,
    });
  });
});
