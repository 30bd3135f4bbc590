import { bulkFormat } from './bulk-format.js';

describe('the way bulk data are sent', () => {
  const parts = { single: false, asStored: true };
  const decoded = { single: false, asStored: false };

  it.each([
    [undefined, parts],
    ['', parts],
    ['*/*', parts],
    ['multipart/related', parts],
    ['multipart/related; type="application/octet-stream"', decoded],
    ['multipart/related; type="application/octet-stream"; transfer-syntax=*', parts],
    ['application/octet-stream', { single: true, asStored: false }],
    ['multipart/related; type="image/jpeg"', parts],
    ['image/jpeg', { single: true, asStored: true }],
    ['image/*', { single: true, asStored: true }],
    ['text/html, multipart/related; type=application/octet-stream', decoded],
    ['application/octet-stream;q=0, */*;q=0.1', parts],
  ])('for %s and a JPEG image is %j', (accept, expected) => {
    expect(bulkFormat(accept, false, 'image/jpeg')).toEqual(expected);
  });

  it('is a body of its own for a part of what is no frames', () => {
    expect(bulkFormat('*/*', true, undefined)?.single).toBe(true);
    expect(bulkFormat('*/*', true, 'image/jpeg')?.single).toBe(false);
  });

  it.each(['image/jpeg', 'multipart/related; type="image/jpeg"', 'text/html'])('is none for %s and bytes', (accept) => {
    expect(bulkFormat(accept, false, undefined)).toBeUndefined();
  });
});
