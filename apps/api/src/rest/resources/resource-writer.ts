import type { DicomDictionary, OrthancTags, TagFormat } from '@annal/dicom';
import { COLLECTIONS, DICOM_CONTENT_TYPE, type Level } from '@annal/domain';
import { childLevel, parentLevel, type ResourceRow } from '@annal/projections';
import { convertTags } from './convert-tags.js';
import { MainTagsWriter } from './main-tags-writer.js';
import type { MetadataNames } from '../metadata/metadata-names.js';
import { metadataOf } from '../metadata/metadata-of.js';
import type { ResourceContents } from './resource-contents.js';

/** Writes resources of a level as JSON text, keys in alphabetical order. */
export class ResourceWriter {
  private readonly tags: MainTagsWriter;
  private readonly parentKey: string;
  private readonly childrenKey: string;

  constructor(
    dictionary: DicomDictionary,
    private readonly names: MetadataNames,
    private readonly level: Level,
    private readonly format: TagFormat,
  ) {
    this.tags = new MainTagsWriter(dictionary, format);
    this.parentKey = level === 'Patient' ? '' : `Parent${parentLevel(level)!}`;
    const children = level === 'Instance' ? '' : COLLECTIONS[childLevel(level)!];
    this.childrenKey = children.charAt(0).toUpperCase() + children.slice(1);
  }

  /** @param requested in the form `full` */
  write(row: ResourceRow, contents: ResourceContents, requested?: OrthancTags): string {
    const { level } = this;
    // Orthanc has sequences in its metadata: without these it shows none
    const hasSequences = contents.metadata || contents.details;
    const children = contents.children && level !== 'Instance' ? `,"${this.childrenKey}":${listOf(row.children)}` : '';
    let text = '';
    if (contents.attachments) text += `"Attachments":${JSON.stringify(attachmentsOf(level, row))},`;
    if (contents.details && level === 'Series') text += `"ExpectedNumberOfInstances":${row.expectedInstances},`;
    if (contents.details && level === 'Instance') text += `"FileSize":${row.size},"FileUuid":"${row.blobKey}",`;
    text += `"ID":"${row.id}"`;
    if (contents.details && level === 'Instance') text += `,"IndexInSeries":${row.indexInSeries}`;
    if (level === 'Series') text += children;
    if (contents.stable && level !== 'Instance') text += `,"IsStable":${row.stable}`;
    if (contents.labels) text += `,"Labels":${row.labels ?? '[]'}`;
    if (contents.details && level !== 'Instance') text += `,"LastUpdate":"${row.lastUpdate}"`;
    if (contents.mainTags) {
      text += `,"MainDicomTags":${this.tags.writeText(row.mainTags!, hasSequences ? row.sequences : null)}`;
    }
    if (contents.metadata) text += `,"Metadata":${this.metadata(row)}`;
    if (contents.parent && level !== 'Patient') text += `,"${this.parentKey}":"${row.parentId}"`;
    if (contents.mainTags && level === 'Study') {
      const sequences = hasSequences ? row.patientSequences : null;
      text += `,"PatientMainDicomTags":${this.tags.writeText(row.patientTags!, sequences)}`;
    }
    if (requested) text += `,"RequestedTags":${JSON.stringify(convertTags(requested, this.format))}`;
    if (level === 'Study') text += children;
    if (contents.status && level === 'Series') text += `,"Status":"${row.status}"`;
    if (level === 'Patient') text += children;
    return `{${text},"Type":"${level}"}`;
  }

  private metadata(row: ResourceRow): string {
    const named = [...metadataOf(this.level, row)].map(([key, { value }]): [string, string] => [
      this.names.nameOf(key),
      value,
    ]);
    return JSON.stringify(Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1))));
  }
}

/** Identifiers have no character that JSON escapes. */
function listOf(children: string | undefined): string {
  return children ? `["${children.replaceAll(',', '","')}"]` : '[]';
}

function attachmentsOf(level: Level, row: ResourceRow): readonly unknown[] {
  const attached = row.attachments ? (JSON.parse(row.attachments) as unknown[]) : [];
  if (level !== 'Instance') return attached;
  const file = {
    CompressedMD5: row.storedMd5,
    CompressedSize: row.storedSize,
    ContentType: DICOM_CONTENT_TYPE,
    UncompressedMD5: row.md5,
    UncompressedSize: row.size,
    Uuid: row.blobKey,
  };
  return [file, ...attached];
}
