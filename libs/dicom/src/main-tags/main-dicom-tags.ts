import { type Tag } from '../dataset.js';
import { type DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { formatTag } from '../dictionary/tag-text.js';

/** The four levels of the DICOM hierarchy (PS3.4 section C.6), as Orthanc writes them. */
export const RESOURCE_LEVELS = ['Patient', 'Study', 'Series', 'Instance'] as const;
export type ResourceLevel = (typeof RESOURCE_LEVELS)[number];

/** The option `ExtraMainDicomTags`: names or tags by level. */
export type ExtraMainDicomTags = Partial<Readonly<Record<ResourceLevel, readonly string[]>>>;

const tags = (text: string): readonly Tag[] => text.split(' ').map((digits) => Number.parseInt(digits, 16));

/** The main DICOM tags of Orthanc from 1.12.5 on. */
const STANDARD: Readonly<Record<ResourceLevel, readonly Tag[]>> = {
  Patient: tags('00100010 00100020 00100030 00100040 00101000'),
  Study: tags('00080020 00080030 00080050 00080080 00080090 00080201 00081030 0020000d 00200010 00321032 00321060'),
  Series: tags(
    '00080021 00080031 00080060 00080070 00080201 00081010 0008103e 00081070 00180010 00180015 00180024 00181030 ' +
      '00181090 00181400 0020000e 00200011 00200037 00200105 00201002 00400244 00400245 00400254 00400275 00540081 ' +
      '00540101 00541000',
  ),
  Instance: tags('00080012 00080013 00080018 00200012 00200013 00200032 00200037 00200100 00204000 00280008 00541330'),
};

/** The signature of the standard main tags alone: see {@link MainDicomTags.signature}. */
export function standardSignature(level: ResourceLevel): string {
  return (STANDARD_SIGNATURES[level] ??= STANDARD[level].map(formatTag).join(';'));
}
const STANDARD_SIGNATURES: Partial<Record<ResourceLevel, string>> = {};

/** Which tags are kept with each resource: the standard ones and the configuration's. */
export class MainDicomTags {
  /** Entries of the configuration that change nothing, for the log. */
  readonly redundant: readonly string[];
  private readonly byLevel: Readonly<Record<ResourceLevel, readonly Tag[]>>;

  /** Throws an Error naming an extra tag that the dictionary does not know. */
  constructor(dictionary: DicomDictionary, extra: ExtraMainDicomTags = {}) {
    const redundant: string[] = [];
    const merged = (level: ResourceLevel): readonly Tag[] => {
      const all = new Set(STANDARD[level]);
      for (const text of extra[level] ?? []) {
        const named = dictionary.parseTag(text);
        if (!named) throw new Error(`ExtraMainDicomTags: unknown DICOM tag ${text}`);
        if (all.has(named.tag)) redundant.push(text);
        all.add(named.tag);
      }
      return [...all].sort((a, b) => a - b);
    };
    this.byLevel = {
      Patient: merged('Patient'),
      Study: merged('Study'),
      Series: merged('Series'),
      Instance: merged('Instance'),
    };
    this.redundant = redundant;
  }

  /** The tags of a level in ascending order. */
  tags(level: ResourceLevel): readonly Tag[] {
    return this.byLevel[level];
  }

  /** What the metadata MainDicomTagsSignature holds, and `/system` lists: `0010,0010;0010,0020;…`. */
  signature(level: ResourceLevel): string {
    return this.byLevel[level].map(formatTag).join(';');
  }
}
