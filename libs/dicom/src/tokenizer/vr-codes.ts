/** The value representations of PS3.5 section 6.2 whose explicit length has two bytes (section 7.1.2). */
const SHORT = 'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US';
/** Those with two reserved bytes and a length of four. */
const LONG = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV';

const codeOf = (vr: string): number => (vr.charCodeAt(0) << 8) | vr.charCodeAt(1);
const SHORT_VRS = new Map(SHORT.split(' ').map((vr) => [codeOf(vr), vr]));
const LONG_VRS = new Map(LONG.split(' ').map((vr) => [codeOf(vr), vr]));

/** What two VR bytes (as a big endian number) mean for the reading of an element. */
export interface VrForm {
  readonly vr: string;
  readonly longLength: boolean;
}

const FORMS = new Map<number, VrForm>([
  ...[...SHORT_VRS].map(([code, vr]) => [code, { vr, longLength: false }] as const),
  ...[...LONG_VRS].map(([code, vr]) => [code, { vr, longLength: true }] as const),
]);
const FUTURE: VrForm = { vr: 'UN', longLength: true };
const ILLEGAL: VrForm = { vr: 'UN', longLength: false };

const upper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
const printable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

/** Whether two bytes are a value representation that exists. */
export function isStandardVr(code: number): boolean {
  return FORMS.has(code);
}

/**
 * The form of an element with these VR bytes. Unknown pairs of capitals are representations of the future, which all
 * have long lengths; other printable ones stand in files of careless writers, with short lengths (both as DCMTK reads
 * them). Undefined when the bytes can't be a VR.
 */
export function vrForm(code: number): VrForm | undefined {
  const form = FORMS.get(code);
  if (form) return form;
  const [first, second] = [code >>> 8, code & 0xff];
  if (upper(first) && upper(second)) return FUTURE;
  return printable(first) && printable(second) ? ILLEGAL : undefined;
}

/** Whether two bytes are a value representation whose length takes four bytes, after two reserved ones. */
export function hasLongLength(code: number): boolean {
  return vrForm(code)?.longLength === true;
}
