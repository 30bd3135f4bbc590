import { parseAccept, parseMediaType } from './media-range.js';

const plain = (header: string): unknown[] =>
  parseAccept(header).map(({ type, parameters, quality }) => [type, Object.fromEntries(parameters), quality]);

describe('an Accept header', () => {
  it('has ranges in their order, with parameters and qualities', () => {
    expect(plain('multipart/related; type="application/dicom"; transfer-syntax=*, image/PNG;q=0.5,*/*;q=0')).toEqual([
      ['multipart/related', { type: 'application/dicom', 'transfer-syntax': '*' }, 1],
      ['image/png', {}, 0.5],
      ['*/*', {}, 0],
    ]);
  });

  it('is not parted inside of quotes', () => {
    expect(plain('a/b; Type="x, y; z\\"q"; c = d')).toEqual([['a/b', { type: 'x, y; z"q', c: 'd' }, 1]]);
  });

  it('may be empty, or hold what is no parameter or no quality', () => {
    expect(plain('')).toEqual([]);
    expect(plain(',, a/b;;x;q=many')).toEqual([['a/b', {}, 1]]);
    expect(plain('a/b;x="open')).toEqual([['a/b', { x: '"open' }, 1]]);
  });
});

it('is also read in Content-Type', () => {
  const { type, parameters } = parseMediaType('Multipart/Related;type="application/dicom";boundary=b');
  expect([type, Object.fromEntries(parameters)]).toEqual([
    'multipart/related',
    { type: 'application/dicom', boundary: 'b' },
  ]);
});
