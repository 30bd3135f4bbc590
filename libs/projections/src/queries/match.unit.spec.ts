import { matches, parseMatch, WildcardNotAllowed, wordsMatch } from './match.js';

const PATIENT_NAME = 0x00100010;
const STUDY_DATE = 0x00080020;
const MODALITIES_IN_STUDY = 0x00080061;

describe('a matching key', () => {
  it('that is empty, or a range without ends, matches all', () => {
    expect(parseMatch(PATIENT_NAME, 'PN', '')).toBeUndefined();
    expect(parseMatch(STUDY_DATE, 'DA', '-')).toBeUndefined();
  });

  it('is a range for dates and times alone', () => {
    expect(parseMatch(STUDY_DATE, 'DA', '20200101-')).toEqual({ kind: 'range', from: '20200101' });
    expect(parseMatch(STUDY_DATE, 'DA', '-20200101')).toEqual({ kind: 'range', to: '20200101' });
    expect(parseMatch(PATIENT_NAME, 'PN', 'A-B')).toEqual({ kind: 'exact', values: ['A-B'] });
  });

  it('is a range of date-times as far as they are given, whatever their offset', () => {
    const range = (key: string): unknown => parseMatch(0x0008002a, 'DT', key);
    expect(range('2004-2020')).toEqual({ kind: 'range', from: '2004', to: '2020~' });
    expect(range('20040101120000.5-0500-')).toEqual({ kind: 'range', from: '20040101120000.5-0500' });
    expect(range('20040101-0500-20050101+0100')).toEqual({
      kind: 'range',
      from: '20040101-0500',
      to: '20050101+0100~',
    });
    expect(range('-2020')).toEqual({ kind: 'range', to: '2020~' });
    expect(range('20040101120000-0500')).toEqual({ kind: 'exact', values: ['20040101120000-0500'] });
    const { kind, from, to } = range('2004-2020') as { kind: 'range'; from: string; to: string };
    const inside = ['2003', '2004', '20201231235959.9-0500', '2021'].map((text) =>
      matches({ kind, from, to }, text, true),
    );
    expect(inside).toEqual([false, true, true, false]);
  });

  it('is a list where there are backslashes, and wildcards in it are none', () => {
    expect(parseMatch(PATIENT_NAME, 'PN', 'A*\\B')).toEqual({ kind: 'exact', values: ['A*', 'B'] });
    expect(parseMatch(MODALITIES_IN_STUDY, 'CS', 'C*')).toEqual({ kind: 'exact', values: ['C*'] });
  });

  it('may have wildcards only where the representation takes them', () => {
    expect(parseMatch(PATIENT_NAME, 'PN', 'A*')).toEqual({ kind: 'wildcard', pattern: 'A*' });
    expect(() => parseMatch(STUDY_DATE, 'DA', '2020*')).toThrow(new WildcardNotAllowed(STUDY_DATE).message);
    expect(() => parseMatch(0x00191030, undefined, '*')).toThrow('0019,1030');
  });
});

describe('a wildcard', () => {
  const meets = (pattern: string, text: string): boolean => matches({ kind: 'wildcard', pattern }, text, false);

  it('matches the whole text', () => {
    expect(meets('A*C', 'abbc')).toBe(true);
    expect(meets('A?C', 'abc')).toBe(true);
    expect(meets('A?C', 'ac')).toBe(false);
    expect(meets('A', 'ab')).toBe(false);
    expect(meets('*', '')).toBe(true);
    expect(meets('?*', '')).toBe(false);
  });

  it('keeps accents', () => {
    expect(meets('É*', 'éa')).toBe(true);
    expect(meets('E*', 'éa')).toBe(false);
  });

  it('takes no time that grows with more than the lengths', () => {
    expect(meets(`${'*a'.repeat(500)}*b`, 'a'.repeat(20_000))).toBe(false);
  });
});

describe('words of a name', () => {
  const meets = (name: string, text: string): boolean => matches(wordsMatch(text)!, name, true);

  it('are found in any order, from their beginning, whatever their case and accents', () => {
    expect(meets('DÉSIRÉ^Jean-Luc', 'luc desire')).toBe(true);
    expect(meets('Yamada^Tarou=山田^太郎', '山')).toBe(true);
    expect(meets('DÉSIRÉ^Jean-Luc', 'esire')).toBe(false);
    expect(meets('DÉSIRÉ^Jean-Luc', 'Jean Paul')).toBe(false);
  });

  it('count once, however often they are asked for', () => {
    expect(wordsMatch('a^B='.repeat(4000))).toEqual(wordsMatch('A b'));
  });

  it('are none where there is no letter', () => {
    expect(wordsMatch(' ^=')).toBeUndefined();
  });
});
