import type { Level, Outcome } from '@annal/domain';
import { depthOf } from '@annal/domain';
import { newChange } from '../changes.js';
import { AnnotationSet, type LoadedAnnotations } from './annotations.js';
import { compactDate } from './compact-date.js';
import { ExportSet } from './export-set.js';
import { JobSet, type LoadedJob } from './job-set.js';
import { RemoteChanges } from './remote-changes.js';
import type {
  ChangeRow,
  DeltaRow,
  GarbageRow,
  HeaderRow,
  InstanceRow,
  PatientRow,
  SeriesRow,
  StudyRow,
  WriteSet,
} from './rows.js';

/** What `fold_load` found: `[id, key, updated_pos, stable, blank]` of the patients, studies and series a batch touches. */
export interface LoadedState {
  readonly position: readonly [offset: number, changeSeq: number];
  readonly patients: readonly LoadedNode[] | null;
  readonly studies: readonly LoadedNode[] | null;
  readonly series: readonly LoadedNode[] | null;
  /** The identifiers of the instances that exist. */
  readonly instances: readonly string[] | null;
  /** Of the resources that were there before and whose annotations the batch touches. */
  readonly annotated: readonly LoadedAnnotations[] | null;
  readonly jobs: readonly LoadedJob[] | null;
}
export type LoadedNode = readonly [id: string, key: number, updatedPos: number, stable: boolean, blank: boolean];

/** A patient, study or series in the working set: there before, or made by this batch. */
export interface Node {
  readonly key: number;
  updatedPos: number;
  stable: boolean;
  /** Whether nothing but its identifier is known. */
  blank: boolean;
  /** Set while the row is to be inserted by this batch. */
  readonly row?: PatientRow | StudyRow | SeriesRow;
  /** Set once a row that was there before is touched. */
  delta?: DeltaRow;
  /** Set once a row that was there before, and blank, is filled in. */
  filling?: PatientRow | StudyRow | SeriesRow;
}

/** The state that a batch of events touches, held in memory; events are applied to it one by one, in log order. */
export class WorkingSet {
  readonly patients: Map<string, Node>;
  readonly studies: Map<string, Node>;
  readonly series: Map<string, Node>;
  readonly instances: Set<string>;
  readonly annotations: AnnotationSet;
  readonly jobs: JobSet;
  readonly remotes = new RemoteChanges();
  readonly exports = new ExportSet();
  readonly newInstances: InstanceRow[] = [];
  readonly headers: HeaderRow[] = [];
  readonly garbage: GarbageRow[] = [];
  readonly outcomes: { event_id: string; outcome: Outcome }[] = [];
  logId: string | null = null;
  private readonly changes: ChangeRow[] = [];
  private changeSeq: number;

  constructor(loaded: LoadedState) {
    this.changeSeq = loaded.position[1];
    this.patients = nodes(loaded.patients);
    this.studies = nodes(loaded.studies);
    this.series = nodes(loaded.series);
    this.instances = new Set(loaded.instances ?? []);
    this.jobs = new JobSet(loaded.jobs);
    this.annotations = new AnnotationSet(loaded.annotated, (level, id) => this.keyOfNew(level, id));
  }

  /** The key that the next change will have. */
  nextKey(): number {
    return ++this.changeSeq;
  }

  /** The key that the last change has. */
  get lastKey(): number {
    return this.changeSeq;
  }

  /** Logs the appearance of a resource under the key it was given. */
  logNew(level: Level, key: number, id: string, position: number, time: string): void {
    this.logChange(newChange(level), level, key, key, id, position, time);
  }

  /** Logs any other change of a resource. */
  log(type: number, level: Level, key: number, id: string, position: number, time: string): void {
    this.logChange(type, level, this.nextKey(), key, id, position, time);
  }

  /** The difference to write, the position folded up to included. */
  difference(offset: number): WriteSet {
    const patients = inserted<PatientRow>(this.patients);
    const studies = inserted<StudyRow>(this.studies);
    const series = inserted<SeriesRow>(this.series);
    const jobs = this.jobs.difference();
    const remotes = this.remotes.difference();
    const exports = this.exports.difference();
    return {
      ...some('patients', patients),
      ...some('studies', studies),
      ...some('series', series),
      ...some('instances', this.newInstances),
      ...some('headers', this.headers),
      ...some('patient_deltas', deltas(this.patients)),
      ...some('study_deltas', deltas(this.studies)),
      ...some('series_deltas', deltas(this.series)),
      ...some('changes', this.changes),
      ...some('garbage', this.garbage),
      ...some('outcomes', this.outcomes),
      ...this.fillings(),
      ...some('annotations', this.annotations.rows()),
      ...(jobs && { jobs }),
      ...(remotes && { remotes }),
      ...(exports && { exports }),
      totals: {
        offset,
        change_seq: this.changeSeq,
        log_id: this.logId,
        patients: patients.length,
        studies: studies.length,
        series: series.length,
        instances: this.newInstances.length,
        stored_size: this.newInstances.reduce((sum, row) => sum + row.stored_size, 0),
        size: this.newInstances.reduce((sum, row) => sum + row.size, 0),
      },
    };
  }

  private keyOfNew(level: Level, id: string): number | undefined {
    if (level === 'Instance') return this.newInstances.findLast((row) => row.id === id)?.key;
    return { Patient: this.patients, Study: this.studies, Series: this.series }[level].get(id)?.row?.key;
  }

  private fillings(): Pick<WriteSet, 'fillings'> {
    const of = <R>(nodes: ReadonlyMap<string, Node>): R[] =>
      [...nodes.values()].flatMap(({ filling }) => (filling ? [filling as R] : []));
    const [patients, studies, series] = [
      of<PatientRow>(this.patients),
      of<StudyRow>(this.studies),
      of<SeriesRow>(this.series),
    ];
    if (patients.length + studies.length + series.length === 0) return {};
    return { fillings: { patients, studies, series } };
  }

  private logChange(
    type: number,
    level: Level,
    seq: number,
    key: number,
    id: string,
    position: number,
    time: string,
  ): void {
    const date = compactDate(time);
    this.changes.push({ seq, position, type, level: depthOf(level), resource_key: key, resource_id: id, date });
  }
}

/** The delta of a node that was there before; creates it at first touch. */
export function deltaOf(node: Node): DeltaRow {
  return (node.delta ??= {
    key: node.key,
    studies: 0,
    series: 0,
    instances: 0,
    stored_size: 0,
    size: 0,
    updated_at: null,
    updated_pos: null,
    stable: node.stable,
  });
}

function nodes(loaded: readonly LoadedNode[] | null): Map<string, Node> {
  return new Map(
    (loaded ?? []).map(([id, key, updatedPos, stable, blank]) => [id, { key, updatedPos, stable, blank }]),
  );
}

function inserted<R>(map: ReadonlyMap<string, Node>): R[] {
  return [...map.values()].filter((node) => node.row !== undefined).map((node) => node.row as R);
}

/** Sorted by key, so that two folds never lock rows in opposite order. */
function deltas(map: ReadonlyMap<string, Node>): DeltaRow[] {
  return [...map.values()].flatMap((node) => node.delta ?? []).sort((a, b) => a.key - b.key);
}

function some<K extends string, R>(name: K, rows: R[]): Partial<Record<K, R[]>> {
  return rows.length === 0 ? {} : ({ [name]: rows } as Record<K, R[]>);
}
