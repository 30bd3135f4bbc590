import { randomUUID } from 'node:crypto';
import type { EventEnvelope, Sealed, SealedJobEvent } from '@annal/domain';
import { UnfoldableEvent } from '@annal/projections';
import { JobKeys } from './job-keys.js';
import { MasterKeys } from './master-keys.js';
import { memorySession } from './testing/memory-session.js';

describe('what events of jobs and of remotes say', () => {
  const keys = new JobKeys(memorySession(), new MasterKeys([]), 60_000);
  const [job, id] = [randomUUID(), randomUUID()];
  const event = (sealed: Sealed): EventEnvelope<SealedJobEvent> => ({ id, sealed }) as EventEnvelope<SealedJobEvent>;

  it.each([
    ['short, as it is', 1, undefined],
    ['long, deflated, so that Kafka takes it', 5000, true],
  ])('is sealed %s, and opened again', async (_, count, deflated) => {
    const text = JSON.stringify({ paths: Array(count).fill('studies/1.2.840.113619.2/series/1.2.840.113619.3') });
    const sealed = await keys.seal(job, id, text);
    expect(sealed.deflated).toBe(deflated);
    expect(sealed.value!.length < text.length).toBe(deflated === true);
    expect(await keys.open([event(sealed)])).toEqual([{ value: text, keyId: job }]);
    expect(await keys.openText(id, sealed)).toBe(text);
  });

  it('cannot be folded where it is said to be deflated, and is not', async () => {
    const sealed = await keys.seal(job, id, '{}');
    expect(await keys.open([event({ ...sealed, deflated: true })])).toEqual([expect.any(UnfoldableEvent)]);
  });
});
