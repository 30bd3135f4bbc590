import { type AnnalConfiguration } from '../configuration.js';
import { type Findings } from '../source/source.js';

const METADATA = new Set([
  'IndexInSeries',
  'ReceptionDate',
  'RemoteAET',
  'ExpectedNumberOfInstances',
  'ModifiedFrom',
  'AnonymizedFrom',
  'LastUpdate',
  'Origin',
  'TransferSyntax',
  'SopClassUid',
  'RemoteIP',
  'CalledAET',
  'HttpUsername',
  'PixelDataOffset',
  'MainDicomTagsSignature',
  'MainDicomSequences',
  'PixelDataVR',
]);
const CONTENT_TYPES = new Set(['dicom', 'dicom-as-json', 'dicom-until-pixel-data']);

/** Names and numbers of user-defined metadata and attachments must be their own. */
export function checkUserDefined(configuration: AnnalConfiguration, findings: Findings): void {
  checkNames('UserMetadata', Object.entries(configuration.UserMetadata), METADATA, findings);
  const types = Object.entries(configuration.UserContentType).map(([name, { id }]) => [name, id] as const);
  checkNames('UserContentType', types, CONTENT_TYPES, findings);
}

function checkNames(
  option: string,
  entries: readonly (readonly [name: string, id: number])[],
  reserved: ReadonlySet<string>,
  findings: Findings,
): void {
  const taken = new Map<number, string>();
  for (const [name, id] of entries) {
    const other = taken.get(id);
    if (reserved.has(name)) findings.errors.push(`${option}.${name}: the name is built in, choose another one`);
    if (other !== undefined)
      findings.errors.push(`${option}.${name}: the number ${id} is that of ${other}, choose another one`);
    taken.set(id, name);
  }
}
