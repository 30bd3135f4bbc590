import type { DicomDictionary } from '@annal/dicom';
import { escapeXml } from './escape-xml.js';
import type { DicomJsonAttribute, DicomJsonDataSet, DicomJsonPersonName, DicomJsonValue } from './dicom-json-model.js';

type Names = Pick<DicomDictionary, 'knownNameOf'>;

const OPENING =
  '<?xml version="1.0" encoding="utf-8"?>\n' +
  '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM"' +
  ' xsi:schemaLocation="http://dicom.nema.org/PS3.19/models/NativeDICOM"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n';

/**
 * A data set in the Native DICOM Model (PS3.19 section A.1), from the DICOM JSON model.
 * @param names the dictionary whose names of attributes are written as keywords
 */
export function nativeDicomXml(dataset: DicomJsonDataSet, names: Names): string {
  return `${OPENING}${attributes(dataset, names, '  ')}</NativeDicomModel>\n`;
}

/** Ascending, which a parsed object does not keep for keys that look like numbers. */
function attributes(dataset: DicomJsonDataSet, names: Names, indent: string): string {
  return Object.keys(dataset)
    .sort()
    .map((tag) => attribute(tag, dataset[tag]!, names, indent))
    .join('');
}

function attribute(
  tag: string,
  { vr, Value, InlineBinary, BulkDataURI }: DicomJsonAttribute,
  names: Names,
  indent: string,
): string {
  const keyword = names.knownNameOf(Number.parseInt(tag, 16));
  const name = keyword === undefined ? '' : ` keyword="${escapeXml(keyword)}"`;
  const opening = `${indent}<DicomAttribute tag="${tag}" vr="${escapeXml(vr)}"${name}`;
  const inner = `${indent}  `;
  let content = '';
  if (Value) content = Value.map((value, index) => valueElement(vr, value, index + 1, names, inner)).join('');
  else if (InlineBinary !== undefined) content = `${inner}<InlineBinary>${InlineBinary}</InlineBinary>\n`;
  else if (BulkDataURI !== undefined) content = `${inner}<BulkData uri="${escapeXml(BulkDataURI)}" />\n`;
  return content === '' ? `${opening} />\n` : `${opening}>\n${content}${indent}</DicomAttribute>\n`;
}

function valueElement(vr: string, value: DicomJsonValue, number: number, names: Names, indent: string): string {
  if (typeof value !== 'object' || value === null) {
    return `${indent}<Value number="${number}">${value === null ? '' : escapeXml(String(value))}</Value>\n`;
  }
  if (vr === 'PN') return personName(value, number, indent);
  const content = attributes(value as DicomJsonDataSet, names, `${indent}  `);
  return `${indent}<Item number="${number}">\n${content}${indent}</Item>\n`;
}

const GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];

function personName(name: DicomJsonPersonName, number: number, indent: string): string {
  let groups = '';
  for (const group of GROUPS) {
    const components = (name[group] ?? '').split('^').slice(0, COMPONENTS.length);
    const elements = components.flatMap((component, index) =>
      component === '' ? [] : [`${indent}    <${COMPONENTS[index]}>${escapeXml(component)}</${COMPONENTS[index]}>\n`],
    );
    if (elements.length > 0) groups += `${indent}  <${group}>\n${elements.join('')}${indent}  </${group}>\n`;
  }
  return `${indent}<PersonName number="${number}">\n${groups}${indent}</PersonName>\n`;
}
