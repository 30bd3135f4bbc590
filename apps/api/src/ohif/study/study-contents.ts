import { readResources, relatedTo, type ResourceRow, type StatementRunner } from '@annal/projections';
import { OHIF_METADATA } from '../metadata/instance-summary.js';

const SERIES_NUMBER = '00200011';
const INSTANCE_NUMBER = '00200013';
const MODALITY = '00080060';

/** An instance of a study. */
export interface ListedInstance {
  /** Its key in the read models. */
  readonly key: number;
  readonly id: string;
  /** Its metadata 4202 as it is stored. */
  readonly kept: string | undefined;
}

/** A series with its instances by number. */
export interface ListedSeries {
  readonly modality: string;
  readonly instances: readonly ListedInstance[];
}

/** The series of a study by number, without those that have just lost their last instance; empty where it is unknown. */
export async function studyContents(pool: StatementRunner, id: string): Promise<readonly ListedSeries[]> {
  const [series, instances] = await Promise.all([
    readResources(pool, relatedTo('Series', 'Study', id), {}, { mainTags: true }),
    readResources(pool, relatedTo('Instance', 'Study', id), {}, { mainTags: true, metadata: true, parent: true }),
  ]);
  const bySeries = Map.groupBy(instances, ({ parentId }) => parentId!);
  return inOrder(series, SERIES_NUMBER)
    .map(({ row, tags }) => ({
      modality: tags[MODALITY] ?? '',
      instances: inOrder(bySeries.get(row.id) ?? [], INSTANCE_NUMBER).map(({ row: instance }) => listed(instance)),
    }))
    .filter((one) => one.instances.length > 0);
}

interface Tagged {
  readonly row: ResourceRow;
  readonly tags: Readonly<Record<string, string>>;
}

/** By a number in the main tags, what has none at the end, in the order of arrival where it is the same. */
function inOrder(rows: readonly ResourceRow[], tag: string): readonly Tagged[] {
  const numbered = rows.map((row) => {
    const tags = JSON.parse(row.mainTags!) as Readonly<Record<string, string>>;
    const number = Number.parseInt(tags[tag] ?? '', 10);
    return { row, tags, number: Number.isNaN(number) ? Infinity : number };
  });
  return numbered.sort((a, b) => (a.number === b.number ? a.row.key - b.row.key : a.number - b.number));
}

function listed({ key, id, userMetadata }: ResourceRow): ListedInstance {
  const users = JSON.parse(userMetadata ?? '{}') as Readonly<Record<string, { readonly value: string }>>;
  return { key, id, kept: users[OHIF_METADATA]?.value };
}
