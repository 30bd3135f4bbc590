import { pattern } from './scalars.js';
import { found, valueType, type ValueType } from './value-type.js';

/** An application entity title: 1 to 16 characters (PS3.5 section 6.2, AE). */
export const aet = pattern('an application entity title of 1 to 16 characters', /^[^\\\p{Cc}]{1,16}$/u);

/** A UID, or a pattern of UIDs with "*" and "?". */
export const uidPattern = pattern('a UID, or a pattern of UIDs with * and ?', /^[0-9.*?]{1,64}$/);

/** A UID (PS3.5 section 9.1). */
export const uid = pattern('a UID', /^[0-9][0-9.]{0,63}$/);

/** A DICOM tag by keyword or as "gggg,eeee". */
export const tagName = pattern(
  'a tag by keyword or as "gggg,eeee"',
  /^([A-Za-z][A-Za-z0-9]*|[0-9a-fA-F]{4}[,-]?[0-9a-fA-F]{4})$/,
);

/** An entry of "Dictionary": a tag that the built-in dictionaries do not have. */
export interface DictionaryEntryOptions {
  readonly vr: string;
  readonly name: string;
  readonly minimumMultiplicity: number;
  /** 0: any number. */
  readonly maximumMultiplicity: number;
  readonly privateCreator?: string;
}

const VRS = 'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV';
const DICTIONARY_ENTRY = 'a list of VR, name, and perhaps least and greatest multiplicity and private creator';

/** [VR, name, minimum multiplicity = 1, maximum multiplicity = 1, private creator]. */
export const dictionaryEntry: ValueType<DictionaryEntryOptions> = {
  name: DICTIONARY_ENTRY,
  read(value, at, problems) {
    const [vr, name, minimum = 1, maximum = 1, creator] = Array.isArray(value) ? value : [];
    const right =
      Array.isArray(value) &&
      value.length <= 5 &&
      typeof vr === 'string' &&
      VRS.split(' ').includes(vr) &&
      typeof name === 'string' &&
      isCount(minimum) &&
      isCount(maximum) &&
      (creator === undefined || typeof creator === 'string');
    if (!right) {
      problems.push(
        `${at}: found ${Array.isArray(value) ? JSON.stringify(value) : found(value)}, wanted ${DICTIONARY_ENTRY}`,
      );
      return undefined;
    }
    return {
      vr,
      name,
      minimumMultiplicity: minimum,
      maximumMultiplicity: maximum,
      privateCreator: creator || undefined,
    };
  },
};

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** The key of a dictionary entry: "gggg,eeee", the element of a private tag perhaps without its block. */
export const DICTIONARY_KEY = { name: 'a tag as "gggg,eeee"', form: /^[0-9a-fA-F]{4}[,-]?[0-9a-fA-F]{2,4}$/ };

/** An entry of "UserContentType": number and media type of a kind of attachment. */
export interface UserContentTypeOptions {
  readonly id: number;
  readonly mediaType: string;
}

const isUserIdentifier = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1024 && Number(value) <= 65535;

/** The number of a user-defined metadata. */
export const userMetadata = valueType(
  'a whole number from 1024 to 65535',
  isUserIdentifier,
  (value) => value as number,
);

/** A number, or [number, media type]. */
export const userContentType: ValueType<UserContentTypeOptions> = valueType(
  'a whole number from 1024 to 65535, or a list of that and a media type',
  (value) =>
    isUserIdentifier(value) ||
    (Array.isArray(value) && value.length === 2 && isUserIdentifier(value[0]) && typeof value[1] === 'string'),
  (value) =>
    Array.isArray(value)
      ? { id: value[0] as number, mediaType: value[1] as string }
      : { id: value as number, mediaType: 'application/octet-stream' },
);
