import { acceptedRanges, acceptOf, negotiate, wantedPart } from './accepted.js';
import { parseMediaType } from './media-range.js';

const types = (accept?: string): string[] => acceptedRanges(accept).map(({ type }) => type);

describe('what a client accepts', () => {
  it.each([undefined, '', '  ', ','])('is anything where it says nothing: %j', (accept) => {
    expect(types(accept)).toEqual(['*/*']);
  });

  it('is ordered by quality, then by how much it names, then as it was given', () => {
    expect(types('a/low;q=0.1, */*, b/*, c/x, d/y;q=1')).toEqual(['c/x', 'd/y', 'b/*', '*/*', 'a/low']);
  });

  it('is nothing where all is refused', () => {
    expect(types('a/b;q=0, */*;q=0.000')).toEqual([]);
  });

  it('is answered by the best that there is', () => {
    const offer = ({ type }: { type: string }): string | undefined => (type === 'image/png' ? 'PNG' : undefined);
    expect(negotiate('image/gif, image/png;q=0.2', offer)).toBe('PNG');
    expect(negotiate('image/gif', offer)).toBeUndefined();
  });

  it('may stand in the query, in place of the header', () => {
    expect(acceptOf('a/b', undefined)).toBe('a/b');
    expect(acceptOf('*/*', 'c/d')).toBe('c/d');
    expect(acceptOf('a/b', ' ')).toBe('a/b');
    expect(acceptOf(undefined, '')).toBeUndefined();
    expect(acceptOf('*/*', 'application/dicom json, multipart/related; type="application/dicom xml"; q=1')).toBe(
      'application/dicom+json, multipart/related; type="application/dicom+xml"; q=1',
    );
  });

  it.each([
    ['multipart/related; type="image/jp2"; transfer-syntax="1.2"', 'image/jp2', true, '1.2'],
    ['Multipart/Related;TYPE=IMAGE/JP2;Transfer-Syntax=*', 'image/jp2', true, '*'],
    ['multipart/related; type="image/jp2; transfer-syntax=1.2"', 'image/jp2', true, '1.2'],
    ['multipart/related; transfer-syntax=', '*/*', true, undefined],
    ['multipart/*', '*/*', true, undefined],
    ['*/*', '*/*', true, undefined],
    ['application/dicom; transfer-syntax=1.2', 'application/dicom', false, '1.2'],
  ])('asks by %s for %s', (range, type, multipart, transferSyntax) => {
    expect(wantedPart(parseMediaType(range))).toEqual({ type, multipart, ...(transferSyntax && { transferSyntax }) });
  });
});
