import { envelope, type EventEnvelope, type InstanceStored, type ResourceDeleted } from '@annal/domain';
import { testContext } from './stored-event.js';

/** The event that deletes an instance. */
export function deletionOf({ data }: EventEnvelope<InstanceStored>): EventEnvelope<ResourceDeleted> {
  const id = data.ids.instance;
  return envelope<ResourceDeleted>(
    { type: 'annal.resource.deleted.v1', data: { level: 'Instance', id } },
    `instances/${id}`,
    testContext(),
  );
}
