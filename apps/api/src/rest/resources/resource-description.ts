import type { Level } from '@annal/domain';
import {
  anyOf,
  component,
  exactly,
  flag,
  listOf,
  type Schema,
  text,
  textsByName,
  whole,
} from '../../http/open-api/schema.js';
import { IDENTIFIER, IDENTIFIERS, NAMES, TIME } from '../../http/open-api/shared-schemas.js';
import { ATTACHMENT_INFO } from '../attachments/attachment-description.js';
import { TAGS } from './tags-description.js';

type Members = Readonly<Record<string, Schema>>;

const EVERY_LEVEL: Members = { ID: IDENTIFIER, Labels: NAMES, MainDicomTags: TAGS };
const GROUP: Members = { IsStable: flag('Whether nothing came for a while'), LastUpdate: TIME };

/** What an expanded resource shows (`resource-writer.ts`), beside its type. */
const MEMBERS: Readonly<Record<Level, Members>> = {
  Patient: { ...EVERY_LEVEL, ...GROUP, Studies: IDENTIFIERS },
  Study: { ...EVERY_LEVEL, ...GROUP, ParentPatient: IDENTIFIER, PatientMainDicomTags: TAGS, Series: IDENTIFIERS },
  Series: {
    ...EVERY_LEVEL,
    ...GROUP,
    ExpectedNumberOfInstances: { ...whole('As the DICOM files say'), nullable: true },
    Instances: IDENTIFIERS,
    ParentStudy: IDENTIFIER,
    Status: text('Whether instances are missing', ['Complete', 'Missing', 'Inconsistent', 'Unknown']),
  },
  Instance: {
    ...EVERY_LEVEL,
    FileSize: whole('Bytes'),
    FileUuid: text('The key of its file in the storage'),
    IndexInSeries: { ...whole('Its number in the series'), nullable: true },
    ParentSeries: IDENTIFIER,
  },
};
const ON_REQUEST: Members = {
  Attachments: listOf(ATTACHMENT_INFO),
  Metadata: textsByName('The values of the metadata by their names'),
  RequestedTags: TAGS,
};

const typeOf = (level: Level): Members => ({ Type: text('The level', [level]) });

/** A resource of a level. */
export function resourceOf(level: Level): Schema {
  const { Metadata, RequestedTags } = ON_REQUEST as { readonly Metadata: Schema; readonly RequestedTags: Schema };
  const members = { ...MEMBERS[level], ...typeOf(level), Metadata, RequestedTags };
  return component(level, exactly(members, ['Metadata', 'RequestedTags']));
}

/** What was asked for of a resource of a level. */
function contentsOf(level: Level): Schema {
  const optional = { ...MEMBERS[level], ...ON_REQUEST };
  const names = Object.keys(optional).filter((name) => name !== 'ID');
  return component(`${level}Contents`, exactly({ ...optional, ...typeOf(level) }, names));
}

/** Resources of a level, or their identifiers. */
export function resourcesOf(level: Level): Schema {
  return anyOf(IDENTIFIERS, listOf(resourceOf(level)));
}

/** Resources of levels, what was asked for of them, or their identifiers. */
export function foundOf(...levels: readonly Level[]): Schema {
  return anyOf(IDENTIFIERS, ...levels.flatMap((level) => [listOf(resourceOf(level)), listOf(contentsOf(level))]));
}
