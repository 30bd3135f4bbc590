import { acceptedPicture } from './picture-format.js';

describe('the form of a picture', () => {
  // as Orthanc 1.12.7 chooses
  it.each([
    [undefined, 'image/png'],
    ['*/*', 'image/png'],
    ['image/*', 'image/png'],
    ['image/jpeg', 'image/jpeg'],
    [' IMAGE/JPEG ', 'image/jpeg'],
    ['image/jpeg,image/png', 'image/jpeg'],
    ['image/jpeg;q=0.1,image/png;q=0.5', 'image/png'],
    ['text/html,image/jpeg;q=0.5', 'image/jpeg'],
    ['image/webp,*/*;q=0.8', 'image/png'],
    ['*/*;q=0.9,image/jpeg;q=0.1', 'image/jpeg'],
    ['image/x-portable-arbitrarymap', 'image/x-portable-arbitrarymap'],
    ['image/jpeg;q=nonsense,image/png;q=0.9', 'image/jpeg'],
    ['', undefined],
    ['*', undefined],
    ['image/gif', undefined],
    ['application/json', undefined],
  ])('for Accept %p is %p', (accept, type) => {
    expect(acceptedPicture(accept)).toBe(type);
  });

  it('is found quickly in a long header', () => {
    expect(acceptedPicture(`${'image/x;q=0.'.repeat(1000)},${'a,'.repeat(5000)}image/png`)).toBe('image/png');
  });
});
