/** The terms that stand for each value of the option DefaultEncoding. */
const TERMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Ascii', ['ISO_IR 6']],
  ['Utf8', ['ISO_IR 192']],
  ['Latin1', ['ISO_IR 100']],
  ['Latin2', ['ISO_IR 101']],
  ['Latin3', ['ISO_IR 109']],
  ['Latin4', ['ISO_IR 110']],
  ['Latin5', ['ISO_IR 148']],
  ['Cyrillic', ['ISO_IR 144']],
  ['Windows1251', ['WINDOWS-1251']],
  ['Arabic', ['ISO_IR 127']],
  ['Greek', ['ISO_IR 126']],
  ['Hebrew', ['ISO_IR 138']],
  ['Thai', ['ISO_IR 166']],
  ['Japanese', ['ISO_IR 13']],
  ['Chinese', ['GB18030']],
  ['JapaneseKanji', ['ISO 2022 IR 87']],
  ['Korean', ['ISO 2022 IR 149']],
  ['SimplifiedChinese', ['ISO 2022 IR 58']],
]);

/** The names that the option DefaultEncoding takes. */
export const DEFAULT_ENCODINGS: readonly string[] = [...TERMS.keys()];

/** The character sets of text in files that name none. An unknown name is an error of the caller. */
export function defaultCharacterSets(encoding: string): readonly string[] {
  const terms = TERMS.get(encoding);
  if (!terms) throw new RangeError(`There is no encoding named ${encoding}`);
  return terms;
}
