import {
  type ArchiveInstance,
  readArchiveInstances,
  readArchiveSeries,
  type StatementRunner,
} from '@annal/projections';
import type { PeerStoreOrder } from './peer-store-order.js';

/** The last instance that was sent, by what the order of all goes by. */
export interface SentPlace {
  readonly series: string;
  readonly instance: string;
}

/** An instance to be sent, and where it stands. */
export interface InstanceToSend {
  readonly instance: ArchiveInstance;
  readonly place: SentPlace;
  /** Its Orthanc identifier, and those of all that it is in. */
  readonly line: readonly string[];
}

/**
 * The instances behind a place, in the order of the identifiers of patients, studies, series and instances: what is deleted
 * meanwhile does not move the others. A series at a time, so that memory does not grow with what is sent.
 */
export async function* instancesToSend(
  runner: StatementRunner,
  { ids, asOf }: Pick<PeerStoreOrder, 'ids' | 'asOf'>,
  after: SentPlace | null,
): AsyncGenerator<InstanceToSend, void> {
  for (const one of await readArchiveSeries(runner, ids, asOf)) {
    const above = [one.patientId, one.studyId, one.seriesId];
    const series = above.join(' ');
    if (after && series < after.series) continue;
    for (const instance of await readArchiveInstances(runner, one.key, one.whole ? undefined : ids, asOf)) {
      if (after && series === after.series && instance.id <= after.instance) continue;
      yield { instance, place: { series, instance: instance.id }, line: [...above, instance.id] };
    }
  }
}
