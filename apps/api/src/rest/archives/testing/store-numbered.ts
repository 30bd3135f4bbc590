import { type InstanceTags, type ResourceIds, resourceIds } from '@annal/domain';
import type { SampleInstance } from '../../../../../../test/support/stored-event.js';
import { instanceWith, type ReadingApp } from '../../testing/reading-app.js';

/** Stores a CT instance with a number, in a study with accession number and descriptions. */
export async function storeNumbered(
  reading: Pick<ReadingApp, 'log'>,
  sample: SampleInstance,
  number: string,
): Promise<{ readonly ids: ResourceIds; readonly blobKey: string }> {
  const described = {
    Study: { '00080050': 'A', '00081030': 'Study' },
    Series: { '0008103e': 'Ser' },
  };
  const event = instanceWith({ ...sample, tags: { ...described, ...sample.tags } }, [
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x0008103e, 'LO', 'Ser'],
    [0x00200013, 'IS', number],
  ]);
  const tags = JSON.parse(Buffer.from(event.sealed!.tags!, 'base64').toString()) as InstanceTags;
  const sealed = Buffer.from(JSON.stringify({ ...tags, indexInSeries: number })).toString('base64');
  await reading.log.append([{ ...event, sealed: { ...event.sealed!, tags: sealed } }]);
  const { patient, study, series, instance } = sample;
  const ids = resourceIds({
    patientId: patient,
    studyInstanceUid: study,
    seriesInstanceUid: series,
    sopInstanceUid: instance,
  });
  return { ids, blobKey: event.data.blob.key };
}
