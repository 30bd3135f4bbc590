import { type Tag } from '../dataset.js';
import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { formatTag } from '../dictionary/tag-text.js';
import { type HeaderDataSet, type HeaderElement, type HeaderModel, isTextVr, itemsOf } from '../header/model.js';
import { privateCreatorsOf } from '../header/private-creators.js';
import { orthancValue } from './orthanc-value.js';

/** `full`: tag, name, type and value; `short`: values by tag; `simplify`: values by name. */
export type TagFormat = 'full' | 'short' | 'simplify';

/** An element in the full form. */
export interface FullTag {
  readonly Name: string;
  readonly PrivateCreator?: string;
  readonly Type: 'String' | 'Null' | 'Sequence' | 'TooLong';
  readonly Value: string | null | readonly OrthancTags[];
}

/** Tags as Orthanc's REST API prints them, keys in ascending order. */
export interface OrthancTags {
  readonly [key: string]: FullTag | string | null | readonly OrthancTags[];
}

/** How to print. */
export interface TagOptions {
  readonly dictionary: DicomDictionary;
  readonly format: TagFormat;
  /** Tags whose values are printed whatever their length. */
  readonly ignoreLength?: ReadonlySet<Tag>;
  /** Whether what follows the pixel data is printed too. */
  readonly whole?: boolean;
}

/** Unless told otherwise, Orthanc reads up to the pixel data, which it shows without a value. */
const LAST_TAG = 0x7fe00010;

type Row = readonly [key: string, value: FullTag | string | null | readonly OrthancTags[]];

function row(element: HeaderElement, creator: string | undefined, options: TagOptions): Row {
  const [tag] = element;
  const { dictionary, format, ignoreLength } = options;
  const items = itemsOf(element)?.map((item) => orthancTags(item, options));
  const { type, value } = items
    ? { type: 'Sequence' as const, value: items }
    : orthancValue(element, ignoreLength?.has(tag) ?? false);
  const key = format === 'simplify' ? dictionary.nameOf(tag, creator) : formatTag(tag);
  if (format !== 'full') return [key, value];
  // Orthanc names the creator of plain elements only.
  const PrivateCreator = creator === undefined || items ? {} : { PrivateCreator: creator };
  return [key, { Name: dictionary.nameOf(tag, creator), ...PrivateCreator, Type: type, Value: value }];
}

/**
 * A data set (or the file meta information, or an item) as Orthanc's `/tags`, `/simplified-tags` and `/header` print
 * it. Where names collide in the form `simplify`, the last one in the data set stays.
 */
export function orthancTags(dataset: HeaderDataSet, options: TagOptions): OrthancTags {
  const creatorOf = privateCreatorsOf(dataset);
  const rows: Row[] = [];
  for (const element of dataset) {
    if (options.whole || element[0] <= LAST_TAG) rows.push(row(element, creatorOf(element[0]), options));
  }
  if (options.format === 'simplify') rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(rows);
}

/** The file meta information as `/header` prints it: without binary elements such as FileMetaInformationVersion. */
export function orthancHeader(model: HeaderModel, options: TagOptions): OrthancTags {
  return orthancTags(
    model.meta.filter(([, vr]) => isTextVr(vr) || vr === 'UL'),
    options,
  );
}
