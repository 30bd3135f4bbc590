import { envelope, type EventEnvelope, type InstanceReconstructed, type Level, type StoredBlob } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { type SampleInstance, storedEvent, testContext } from './stored-event.js';

/** An InstanceReconstructed event, as if this file had been read and said this. @param only undefined: all levels */
export function reconstructedEvent(
  sample: SampleInstance,
  file: StoredBlob,
  only?: Level,
): EventEnvelope<InstanceReconstructed> {
  const { data, sealed, subject } = storedEvent(sample);
  const reconstructed: InstanceReconstructed = {
    type: 'annal.instance.reconstructed.v1',
    data: { ids: data.ids, file, sealedAs: uuidv7(), ...(only === undefined ? {} : { only }) },
  };
  return envelope(reconstructed, subject, testContext(sample.now), sealed);
}
