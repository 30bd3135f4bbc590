import type { InstanceStored, RecordedEvent } from '@annal/domain';
import { headerRow, instanceRow, patientRow, seriesRow, studyRow } from './described-rows.js';
import type { PatientRow, SeriesRow, StudyRow } from './rows.js';
import type { OpenedInstance } from './opened-instance.js';
import { deltaOf, type Node, type WorkingSet } from './working-set.js';

type Stored = RecordedEvent<InstanceStored>;

/**
 * Folds a stored instance: the first one wins, the next with the same identifiers is AlreadyStored and its blob garbage.
 * (An overwrite has been turned into a removal before this is called.)
 */
export function evolveInstanceStored(state: WorkingSet, event: Stored, opened: OpenedInstance): void {
  const { ids, blob } = event.data;
  const position = event.position.offset;
  if (state.instances.has(ids.instance)) {
    for (const key of [blob.key, event.sealed?.headerBlob]) {
      if (key !== undefined) state.garbage.push({ key, instance_id: ids.instance, position });
    }
    state.outcomes.push({ event_id: event.id, outcome: { kind: 'already-stored' } });
    return;
  }
  const instanceKey = state.nextKey();
  state.logNew('Instance', instanceKey, ids.instance, position, event.time);
  const ancestors = findOrCreate(state, event, opened);

  state.instances.add(ids.instance);
  state.newInstances.push(instanceRow(instanceKey, ancestors.series.key, event, opened));
  state.headers.push(headerRow(instanceKey, opened));
}

/** The instance's series, study and patient, counted up; those not there yet are made, in the order of the changes log. */
function findOrCreate(state: WorkingSet, event: Stored, opened: OpenedInstance): { series: Node } {
  const { ids } = event.data;
  const position = event.position.offset;
  let series = state.series.get(ids.series);
  let study = state.studies.get(ids.study);
  let patient = state.patients.get(ids.patient);
  const seriesKey = series?.key ?? state.nextKey();
  if (!series) state.logNew('Series', seriesKey, ids.series, position, event.time);
  const studyKey = study?.key ?? state.nextKey();
  if (!study) state.logNew('Study', studyKey, ids.study, position, event.time);
  const patientKey = patient?.key ?? state.nextKey();
  if (!patient) state.logNew('Patient', patientKey, ids.patient, position, event.time);

  const addedSeries = series ? 0 : 1;
  const addedStudies = study ? 0 : 1;
  const rows = {
    series: () => seriesRow(seriesKey, studyKey, event, opened),
    study: () => studyRow(studyKey, patientKey, event, opened),
    patient: () => patientRow(patientKey, event, opened),
  };
  if (series) fill(series, rows.series);
  else state.series.set(ids.series, (series = node(rows.series())));
  if (study) fill(study, rows.study);
  else state.studies.set(ids.study, (study = node(rows.study())));
  if (patient) fill(patient, rows.patient);
  else state.patients.set(ids.patient, (patient = node(rows.patient())));
  count(series, event, 0, 0);
  count(study, event, 0, addedSeries);
  count(patient, event, addedStudies, addedSeries);
  return { series };
}

function node(row: PatientRow | StudyRow | SeriesRow): Node {
  return { key: row.key, updatedPos: row.updated_pos, stable: false, blank: row.blank, row };
}

/** Takes what an instance says of an ancestor of which nothing was known. */
function fill(ancestor: Node, rowOf: () => PatientRow | StudyRow | SeriesRow): void {
  if (!ancestor.blank) return;
  const known = rowOf();
  if (known.blank) return;
  ancestor.blank = false;
  const { row } = ancestor;
  if (!row) ancestor.filling = known;
  else Object.assign(row, known, Object.fromEntries(Object.entries(row).filter(([name]) => KEPT.has(name))));
}

/** What an ancestor has of its own, whatever is said of it. */
const KEPT: ReadonlySet<string> = new Set<keyof PatientRow>([
  'studies_count',
  'series_count',
  'instances_count',
  'stored_size',
  'size',
  'updated_at',
  'updated_pos',
  'stable',
  'protected',
]);

/** Adds one instance (and what came into being with it) to an ancestor, which is unstable from now on. */
function count(ancestor: Node, event: Stored, studies: number, series: number): void {
  const { blob } = event.data;
  ancestor.updatedPos = event.position.offset;
  ancestor.stable = false;
  const { row } = ancestor;
  if (row) {
    row.instances_count += 1;
    row.stored_size += blob.storedSize;
    row.size += blob.size;
    row.updated_at = event.time;
    row.updated_pos = event.position.offset;
    row.stable = false;
    if ('series_count' in row) row.series_count += series;
    if ('studies_count' in row) row.studies_count += studies;
    return;
  }
  const delta = deltaOf(ancestor);
  delta.studies += studies;
  delta.series += series;
  delta.instances += 1;
  delta.stored_size += blob.storedSize;
  delta.size += blob.size;
  delta.updated_at = event.time;
  delta.updated_pos = event.position.offset;
  delta.stable = false;
}
