import { AppendRefused } from '@annal/domain';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { prepareEvents } from './prepare-event.js';

describe('preparing an event for the log', () => {
  const clear = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1' });
  const event = { ...clear, sealed: { ...clear.sealed!, algorithm: 'aes-256-gcm' as const } };
  const prepare = (failure: Error): Promise<unknown> =>
    prepareEvents([event], [JSON.stringify(event)], () => Promise.reject(failure));

  it('refuses it, so that it may be sent again, where PostgreSQL goes away while the keys are asked for', async () => {
    const lost = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', errno: -32, syscall: 'write' });
    await expect(prepare(lost)).rejects.toBeInstanceOf(AppendRefused);
    await expect(prepare(new Error('Connection terminated unexpectedly'))).rejects.toBeInstanceOf(AppendRefused);
  });

  it('leaves other errors as they are', async () => {
    const defect = new TypeError('x is not a function');
    await expect(prepare(defect)).rejects.toBe(defect);
  });
});
