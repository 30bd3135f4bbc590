import type { ArchiveInstance } from '@annal/projections';
import { numbered, singly } from './numbered-instances.js';

/** Instances `a`, `b`, … with these numbers. */
const instances = (...numbers: (string | null)[]): ArchiveInstance[] =>
  numbers.map((indexInSeries, index) => ({
    key: index,
    id: String.fromCharCode(97 + index),
    blobKey: '',
    size: 0,
    compression: 1,
    indexInSeries,
  }));
const shown = (list: ReturnType<typeof numbered>): string =>
  list.map(({ instance, number }) => instance.id + number).join(' ');

describe('the instances of a series', () => {
  it.each([
    [['3', '1', '2'], 'b1 c2 a3'],
    [['10', '9', '100'], 'b9 a10 c100'],
    [['1', null], 'b0 a1'],
    [['5'], 'a5'],
    [['+6', ' 7 ', '00008'], 'a6 b7 c8'],
    [['abc', '1'], 'a0 b1'],
    [['1.5', '-5'], 'a0 b1'],
    [['7\\8', '1'], 'a0 b1'],
    [['4294967296', '1'], 'a0 b1'],
    [['2147483648', '1'], 'b1 a-2147483648'],
    [['99999999999'], 'a1215752191'],
    [['18446744073709551616', '1'], 'a0 b1'],
  ])('numbered %j are %s', (numbers, expected) => {
    expect(shown(numbered(instances(...numbers)))).toBe(expected);
  });

  it('are counted where two have the same number', () => {
    expect(shown(numbered(instances('7', '7', '7')))).toBe('a0 b1 c2');
    expect(shown(numbered(instances('4', '3', '2', '2')))).toBe('c0 d1 b2 a3');
    expect(shown(numbered(instances('5', null, '')))).toBe('b0 c1 a2');
  });

  it('keep their order and numbers where they were asked for one by one', () => {
    expect(shown(singly(instances('9', '1', '1', null)))).toBe('a9 b1 c1 d0');
  });
});
