import { type BlobCompression, DICOM_CONTENT_TYPE, type Level } from '@annal/domain';
import { compressionOf } from '../compression.js';
import { joinsUp, LEVEL_TABLES } from './level-tables.js';
import type { StatementRunner } from './statement.js';

/** An attachment of a resource, or the DICOM file of an instance. Sizes in bytes, MD5 in hex, empty where not kept. */
export interface StoredAttachment {
  readonly contentType: number;
  /** How often it was changed. */
  readonly revision: number;
  readonly blobKey: string;
  readonly md5: string;
  readonly size: number;
  readonly storedMd5: string;
  readonly storedSize: number;
  readonly compression: BlobCompression;
}

/** What a resource has, by the numbers of the kinds. */
export interface AttachedResource {
  /** Orthanc identifier of the patient that the resource is, or belongs to. */
  readonly patientId: string;
  readonly attachments: readonly StoredAttachment[];
}

type Row = Omit<StoredAttachment, 'compression'> & { readonly compression: number };

/** The attachments of a resource, an instance's DICOM file included; undefined where there is no such resource. */
export async function readAttachments(
  runner: StatementRunner,
  level: Level,
  id: string,
): Promise<AttachedResource | undefined> {
  const { rows } = await runner.query<{ patientId: string; file: Row | null; attached: readonly Row[] | null }>({
    name: `annal_attachments_${level}`,
    text: STATEMENTS[level],
    values: [id],
  });
  const [row] = rows;
  if (!row) return undefined;
  const all = [...(row.file ? [row.file] : []), ...(row.attached ?? [])];
  return {
    patientId: row.patientId,
    attachments: all.map((one) => ({ ...one, compression: compressionOf(one.compression) })),
  };
}

const COLUMNS = `'blobKey', x.blob_key, 'md5', x.md5, 'size', x.size, 'storedMd5', x.stored_md5,
  'storedSize', x.stored_size, 'compression', x.compression`;
const FILE = `json_build_object('contentType', ${DICOM_CONTENT_TYPE}, 'revision', coalesce(i.revision, 0),
  ${COLUMNS.replaceAll('x.', 'i.')})`;

function statement(level: Level): string {
  const { table, alias } = LEVEL_TABLES[level];
  const above = level === 'Patient' ? '' : joinsUp(level, 'Study');
  return `SELECT ${level === 'Patient' ? 'p.id' : 't.parent_id'} AS "patientId",
      ${level === 'Instance' ? FILE : 'NULL::json'} AS file,
      (SELECT json_agg(json_build_object('contentType', x.content_type, 'revision', x.revision, ${COLUMNS})
        ORDER BY x.content_type) FROM attachments x WHERE x.resource_key = ${alias}.key) AS attached
    FROM ${table} ${alias}${above} WHERE ${alias}.id = $1`;
}

const STATEMENTS: Readonly<Record<Level, string>> = {
  Patient: statement('Patient'),
  Study: statement('Study'),
  Series: statement('Series'),
  Instance: statement('Instance'),
};
