import { depthOf, type Level, LEVELS } from '@annal/domain';
import { childLevel, LEVEL_TABLES, parentLevel } from './level-tables.js';
import { compactTimeSql } from './metadata-sql.js';

/** What a version is of: the resource's row, or that and the rows above it up to the study's. */
export type VersionOf = 'row' | 'lineage';

/** What is to be read of resources, beside key and identifier. */
export interface RowContents {
  /** Main tags of the resource and, of a study, those of its patient. */
  readonly mainTags?: boolean;
  /** Main tags of the levels above. */
  readonly ancestorTags?: boolean;
  readonly children?: boolean;
  readonly parent?: boolean;
  readonly status?: boolean;
  readonly stable?: boolean;
  readonly metadata?: boolean;
  readonly labels?: boolean;
  /** LastUpdate, expected instances, index in the series. */
  readonly details?: boolean;
  /** What users attached. */
  readonly attachments?: boolean;
  /** Where and how large the file of an instance is. */
  readonly file?: boolean;
  /** The key of the first instance at or below. */
  readonly firstInstance?: boolean;
  readonly version?: boolean | VersionOf;
  /** SQL of further texts, by the name under which they appear. */
  readonly computed?: Readonly<Record<string, string>>;
}

/** A resource as read; what was not asked for is absent. JSON stays text, to be parsed by who needs it. */
export interface ResourceRow {
  readonly key: number;
  readonly id: string;
  /**
   * Another one after each change of what is read of a resource, but for `computed` and, of its row alone,
   * `ancestorTags`.
   */
  readonly version?: string;
  /** Main tags by eight hexadecimal digits, as JSON, own and of the levels above. */
  readonly mainTags?: string;
  readonly patientTags?: string;
  readonly studyTags?: string;
  readonly seriesTags?: string;
  /** Main tags that are sequences: the metadata MainDicomSequences. */
  readonly sequences?: string | null;
  readonly patientSequences?: string | null;
  readonly studySequences?: string | null;
  readonly seriesSequences?: string | null;
  readonly parentId?: string;
  /** Identifiers joined by commas. */
  readonly children?: string;
  readonly status?: string;
  readonly stable?: boolean;
  /** JSON. */
  readonly metadata?: string;
  /** JSON: by number `{ value, revision, … }`; null: none. */
  readonly userMetadata?: string | null;
  /** A JSON list; null: none. */
  readonly labels?: string | null;
  /** `20261121T130941`. */
  readonly lastUpdate?: string | null;
  readonly expectedInstances?: number | null;
  readonly indexInSeries?: number | null;
  readonly blobKey?: string;
  readonly size?: number;
  readonly md5?: string;
  readonly storedSize?: number;
  readonly storedMd5?: string;
  readonly compression?: number;
  /** What users attached, by their numbers, as Orthanc shows it: JSON; null: nothing. */
  readonly attachments?: string | null;
  readonly firstInstance?: number;
  readonly computed?: Readonly<Record<string, string>>;
}

/** The columns of a SELECT for {@link ResourceRow}. */
export function rowColumns(level: Level, contents: RowContents): string {
  const { alias } = LEVEL_TABLES[level];
  const columns = [`${alias}.key`, `${alias}.id`];
  const above = LEVELS.slice(0, depthOf(level));
  if (contents.version) columns.push(`${versionSql(level, versionOf(contents))} AS version`);
  if (contents.mainTags) columns.push(...tagColumns(level, ''));
  const shown = contents.ancestorTags ? above : contents.mainTags && level === 'Study' ? above : [];
  for (const each of shown) columns.push(...tagColumns(each, each.toLowerCase()));
  if (contents.parent && level !== 'Patient')
    columns.push(
      `${level === 'Study' ? 't.parent_id' : `${LEVEL_TABLES[parentLevel(level)!].alias}.id`} AS "parentId"`,
    );
  if (contents.children && level !== 'Instance') columns.push(childrenColumn(level));
  if (contents.status && level === 'Series') columns.push(`${SERIES_STATUS} AS status`);
  if (contents.stable && level !== 'Instance') columns.push(`${alias}.stable`);
  if (contents.metadata) {
    columns.push(`${alias}.metadata::text AS metadata`, `${alias}.user_metadata::text AS "userMetadata"`);
  }
  if (contents.labels) columns.push(`array_to_json(${alias}.labels)::text AS labels`);
  if ((contents.details || contents.metadata) && level !== 'Instance') {
    columns.push(`${compactTimeSql(`${alias}.updated_at`)} AS "lastUpdate"`);
  }
  if (contents.details && level === 'Series') columns.push(`s.expected_instances AS "expectedInstances"`);
  if (contents.details && level === 'Instance') columns.push(`i.index_in_series AS "indexInSeries"`);
  if (contents.attachments) columns.push(`${attachmentsSql(alias)} AS attachments`);
  if (contents.file && level === 'Instance') columns.push(FILE_COLUMNS);
  if (contents.firstInstance) columns.push(`${firstInstanceSql(level)} AS "firstInstance"`);
  const computed = Object.entries(contents.computed ?? {});
  if (computed.length > 0) {
    columns.push(`json_build_object(${computed.map(([name, sql]) => `'${name}', ${sql}`).join(', ')}) AS computed`);
  }
  return columns.join(', ');
}

/**
 * SQL for the version of a resource: its key, a dot, and the transaction that wrote its row. Each fold that changes a
 * resource, or what is below it, writes its row; the parent's identifier and, of a study, its patient's tags never change.
 * That of a lineage goes on with the transactions that wrote the rows above, up to the study's.
 */
export function versionSql(level: Level, of: VersionOf): string {
  const rows = of === 'row' ? [level] : LEVELS.slice(depthOf(highestVersioned(level, of)), depthOf(level) + 1);
  const written = rows.toReversed().map((each) => `'.' || ${LEVEL_TABLES[each].alias}.xmin`);
  return [`${LEVEL_TABLES[level].alias}.key`, ...written].join(' || ');
}

/** The highest level that a version speaks of. */
export function highestVersioned(level: Level, of: VersionOf): Level {
  return of === 'row' || level === 'Patient' ? level : 'Study';
}

function versionOf({ version }: RowContents): VersionOf {
  return version === 'lineage' ? 'lineage' : 'row';
}

/** The highest level that the columns speak of. */
export function highestOf(level: Level, contents: RowContents): Level {
  if (level === 'Patient' || level === 'Study') return level;
  if (contents.ancestorTags || contents.version === 'lineage') return 'Study';
  return contents.parent ? parentLevel(level)! : level;
}

const FILE_COLUMNS =
  'i.blob_key AS "blobKey", i.size, i.md5, i.stored_size AS "storedSize", i.stored_md5 AS "storedMd5", i.compression';

function attachmentsSql(alias: string): string {
  return `(SELECT json_agg(json_build_object('CompressedMD5', a.stored_md5, 'CompressedSize', a.stored_size,
      'ContentType', a.content_type, 'UncompressedMD5', a.md5, 'UncompressedSize', a.size, 'Uuid', a.blob_key)
      ORDER BY a.content_type)::text FROM attachments a WHERE a.resource_key = ${alias}.key)`;
}

function tagColumns(level: Level, prefix: string): string[] {
  if (prefix === 'patient')
    return ['t.patient_tags::text AS "patientTags"', 't.patient_sequences AS "patientSequences"'];
  const { alias } = LEVEL_TABLES[level];
  const [tags, sequences] = prefix === '' ? ['mainTags', 'sequences'] : [`${prefix}Tags`, `${prefix}Sequences`];
  return [`${alias}.main_tags::text AS "${tags}"`, `${alias}.metadata->>'MainDicomSequences' AS "${sequences}"`];
}

function childrenColumn(level: Level): string {
  const { table, parentColumn } = LEVEL_TABLES[childLevel(level)!];
  return `(SELECT string_agg(c.id, ',' ORDER BY c.key) FROM ${table} c WHERE c.${parentColumn} = ${LEVEL_TABLES[level].alias}.key) AS children`;
}

function firstInstanceSql(level: Level): string {
  switch (level) {
    case 'Instance':
      return 'i.key';
    case 'Series':
      return '(SELECT min(f.key) FROM instances f WHERE f.series_key = s.key)';
    case 'Study':
      return '(SELECT min(f.key) FROM series g JOIN instances f ON f.series_key = g.key WHERE g.study_key = t.key)';
    case 'Patient':
      return `(SELECT min(f.key) FROM studies h JOIN series g ON g.study_key = h.key
        JOIN instances f ON f.series_key = g.key WHERE h.patient_key = p.key)`;
  }
}

/** Orthanc's word on whether all instances of a series are there, as far as one of them told how many there should be. */
const SERIES_STATUS = `CASE WHEN s.expected_instances IS NULL THEN 'Unknown' ELSE (
  SELECT CASE WHEN count(n.index_in_series) < count(*) THEN 'Unknown'
    WHEN min(n.index_in_series) < 1 OR max(n.index_in_series) > s.expected_instances
      OR count(DISTINCT n.index_in_series) < count(*) THEN 'Inconsistent'
    WHEN count(*) = s.expected_instances THEN 'Complete' ELSE 'Missing' END
  FROM instances n WHERE n.series_key = s.key) END`;
