import { folderName, instanceName, UniqueNames } from './entry-names.js';

const plain = (...tags: string[]): string => folderName('Patient', tags, { utf8: false });
const utf8 = (...tags: string[]): string => folderName('Patient', tags, { utf8: true });

describe('the name of a folder in an archive', () => {
  it.each([
    [['T1', 'A^B'], 'T1 A B'],
    [['T3', 'Ab^Cd=xx'], 'T3 Ab Cdxx'],
    [['T4', '  lead   trail ^^^ '], 'T4 lead trail'],
    [['ser', ':;()[]{}!?*~"\'<>|-+,@#$%&/\\'], 'ser'],
    [['A', 'x/y\\z'], 'A xyz'],
    [['CT', 'a.b_c-d'], 'CT a.b_cd'],
    [['T10', 'tab\tnew\nline'], 'T10 tabnew line'],
    [['T5', 'Ünï ß æ œ'], 'T5 n'],
    [['a', '-', 'b'], 'a b'],
  ])('of %j is %s', (tags, name) => {
    expect(plain(...tags)).toBe(name);
  });

  it.each([[['', '']], [['', 'Ж']], [['^^', '^^^']], [['--', '--']]])('is Unknown Patient for %j', (tags) => {
    expect(plain(...tags)).toBe('Unknown Patient');
  });

  it.each([[['..', '']], [['.', '']], [['', '..']], [['. .', '..']], [['../..', '']]])(
    'leads nowhere for %j',
    (tags) => {
      expect(plain(...tags)).toBe('Unknown Patient');
      expect(utf8(...tags)).toBe('Unknown Patient');
    },
  );

  it('keeps letters of all scripts where that is wanted', () => {
    expect(utf8('P/1', 'Ünï^ß 山田=やまだ Ж\u202e\0')).toBe('P1 Ünï ß 山田やまだ Ж');
  });

  it('is one that file systems take', () => {
    expect(plain('x'.repeat(70_000), 'y')).toBe('x'.repeat(255));
    expect(Buffer.byteLength(utf8('山'.repeat(200)))).toBe(255);
  });
});

describe('the name of a file in an archive', () => {
  it.each([
    ['CT', 1, 'CT000001.dcm'],
    ['ct', 12345678, 'CT12345678.dcm'],
    ['RTSTRUCT', 0, 'RT000000.dcm'],
    ['c', 1, 'C0000001.dcm'],
    ['', 1, '00000001.dcm'],
    ['1a', 1, '1A000001.dcm'],
    ['..', 1, '..000001.dcm'],
    ['-', 1, '0000001.dcm'],
    ['x y', 1, 'X 000001.dcm'],
    ['ém', 1, '000001.dcm'],
    ['%d', 1, 'D000001.dcm'],
    ['CT', -1, 'CT00001.dcm'],
    ['CT', -2147483648, 'CT2147483648.dcm'],
  ])('of modality %j and number %i is %s', (modality, number, name) => {
    expect(instanceName(modality, number)).toBe(name);
  });

  it('is there once in a folder', () => {
    const names = new UniqueNames();
    expect(['a', 'b', 'a', 'a'].map((name) => names.unique(name))).toEqual(['a', 'b', 'a-2', 'a-3']);
  });
});
