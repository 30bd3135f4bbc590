import { csvLine } from './csv.js';

describe('a line of CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "a"', '"say ""a"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@A1', "'@A1"],
    ['\tx', "'\tx"],
    ['\r=1', '"\'\r=1"'],
    ['=a,b', '"\'=a,b"'],
  ])('has %j as %j', (value, expected) => {
    expect(csvLine([value])).toBe(`${expected}\r\n`);
  });

  it('has numbers as they are, and nothing for what is not known', () => {
    expect(csvLine([-1, null, undefined, 'x'])).toBe('-1,,,x\r\n');
  });
});
