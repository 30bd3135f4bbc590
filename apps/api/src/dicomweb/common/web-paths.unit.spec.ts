import { resourcePath } from './web-paths.js';

describe('the path of a resource', () => {
  it.each([
    [{ study: '1.2' }, 'studies/1.2'],
    [{ study: '1.2', series: '3' }, 'studies/1.2/series/3'],
    [{ study: '1.2', series: '3', instance: '4' }, 'studies/1.2/series/3/instances/4'],
    [
      { study: 'a/b', series: '../?x#y', instance: '1\r\nSet-Cookie: z' },
      'studies/a%2Fb/series/..%2F%3Fx%23y/instances/1%0D%0ASet-Cookie%3A%20z',
    ],
    [{ study: '', series: 'é"' }, 'studies//series/%C3%A9%22'],
  ])('of %j is %s', (uids, path) => {
    expect(resourcePath(uids)).toBe(path);
  });
});
