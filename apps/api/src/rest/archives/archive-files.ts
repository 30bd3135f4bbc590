import type { ArchiveInstance, ArchiveSeries, StatementRunner } from '@annal/projections';
import { readArchiveInstances } from '@annal/projections';
import { OrthancError } from '../../http/errors/http-errors.js';
import { folderName, instanceName, type NameRules, UniqueNames } from './entry-names.js';
import { numbered, type NumberedInstance, singly } from './numbered-instances.js';

/** An instance on its way into an archive. */
export interface ArchiveFile {
  readonly path: string;
  readonly instance: ArchiveInstance;
  readonly series: ArchiveSeries;
  /** That of the file behind it. */
  readonly next: Place;
}

/** How far the files of an archive are looked at: the next one's series, its place there, and how many are in front of it. */
export interface Place {
  readonly series: number;
  readonly instance: number;
  readonly count: number;
}

/** Where the first file is. */
export function beginning(): Place {
  return { series: 0, instance: 0, count: 0 };
}

/** How instances are placed in an archive. */
export interface Arrangement extends NameRules {
  /** Whether it is a medium with a DICOMDIR, whose files are just numbered. */
  readonly media: boolean;
  /** Whether folders of series stand at the top. */
  readonly seriesAlone?: boolean;
  /** The number of a change: what came later is left out. */
  readonly asOf?: number;
}

const PATIENT_TAGS = ['00100020', '00100010'];
const STUDY_TAGS = ['00080050', '00081030'];
const MODALITY = '00080060';
const SERIES_TAGS = [MODALITY, '0008103e'];

type Tags = Readonly<Record<string, string | undefined>>;

/**
 * The instances of these series with their places in the archive, a series at a time; so memory grows with the largest
 * series, not with the archive.
 * @param ids of the resources that were asked for
 * @param from the first file
 * @throws OrthancError 404 when there is less than there was at first
 */
export async function* archiveFiles(
  runner: StatementRunner,
  all: readonly ArchiveSeries[],
  ids: readonly string[],
  arrangement: Arrangement,
  from: Place = beginning(),
): AsyncGenerator<ArchiveFile, void> {
  const folders = new Folders(arrangement);
  let { count } = from;
  for (const [index, series] of all.entries()) {
    // also of those that are passed over: names are made unique by those in front of them
    const folder = folders.enter(series);
    if (index < from.series) continue;
    const instances = await instancesOf(runner, series, ids, arrangement.asOf);
    for (const [at, { instance, number }] of instances.entries()) {
      const path = arrangement.media ? `IMAGES/IM${count}` : folder(number);
      if (index === from.series && at < from.instance) continue;
      count++;
      const isLast = at === instances.length - 1;
      const next = { series: index + (isLast ? 1 : 0), instance: isLast ? 0 : at + 1, count };
      yield { path, instance, series, next };
    }
  }
}

async function instancesOf(
  runner: StatementRunner,
  series: ArchiveSeries,
  ids: readonly string[],
  asOf: number | undefined,
): Promise<readonly NumberedInstance[]> {
  const instances = await readArchiveInstances(runner, series.key, series.whole ? undefined : ids, asOf);
  if (instances.length < series.instances) throw new OrthancError('InexistentItem', 'Deleted while it was archived');
  return series.whole ? numbered(instances) : singly(instances);
}

/** The folders of patients, studies and series, one within the other. */
class Folders {
  private readonly patients = new UniqueNames();
  private studies = new UniqueNames();
  private series = new UniqueNames();
  private patient = { id: '', path: '' };
  private study = { id: '', path: '' };

  constructor(private readonly rules: Arrangement) {}

  /** A function that names the files of a series, which comes after all others of its study and patient, or is the first. */
  enter({ patientId, studyId, patientTags, studyTags, seriesTags }: ArchiveSeries): (number: number) => string {
    if (patientId !== this.patient.id) {
      const name = folderName('Patient', values(patientTags, PATIENT_TAGS), this.rules);
      this.patient = { id: patientId, path: this.patients.unique(name) };
      this.studies = new UniqueNames();
    }
    if (studyId !== this.study.id) {
      const name = folderName('Study', values(studyTags, STUDY_TAGS), this.rules);
      this.study = { id: studyId, path: `${this.patient.path}/${this.studies.unique(name)}` };
      this.series = new UniqueNames();
    }
    const name = folderName('Series', values(seriesTags, SERIES_TAGS), this.rules);
    const own = this.series.unique(name);
    const path = this.rules.seriesAlone ? own : `${this.study.path}/${own}`;
    const files = new UniqueNames();
    const [modality] = values(seriesTags, [MODALITY]);
    return (number) => `${path}/${files.unique(instanceName(modality ?? '', number))}`;
  }
}

function values(tags: string, names: readonly string[]): readonly (string | undefined)[] {
  const parsed = JSON.parse(tags) as Tags;
  return names.map((name) => parsed[name]);
}
