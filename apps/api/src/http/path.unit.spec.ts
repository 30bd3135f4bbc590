import fc from 'fast-check';
import { BareStatus } from './errors/http-errors.js';
import { canonicalPath } from './path.js';

describe('canonicalPath', () => {
  it.each([
    ['/', '/'],
    ['', '/'],
    ['/system', '/system'],
    ['/system///', '/system'],
    ['/a/./b/../c', '/a/c'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['/app/..%2f..%2Fetc', '/etc'],
    ['/%2e%2e/x', '/x'],
    ['/a%2Fb', '/a/b'],
    ['/100%', '/100%25'],
    ['/%zz', '/%25zz'],
    ['/a b', '/a%20b'],
    ['/%C3%A9', '/%C3%A9'],
    ['/...', '/...'],
  ])('makes %j %j', (path, expected) => {
    expect(canonicalPath(path)).toBe(expected);
  });

  it('refuses NUL', () => {
    expect(() => canonicalPath('/instances/x%00y')).toThrow(BareStatus);
  });

  it('leaves no way out of the root and nothing to decide twice', () => {
    const piece = fc.constantFrom('/', '.', '..', '%2e', '%2F', '%5c', 'a', '%', '%25', 'é', '%ff');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = canonicalPath(`/${pieces.join('')}`);
        expect(path.split('/').slice(1)).not.toContain('..');
        expect(path).toMatch(/^\/(?:[^/]+(?:\/[^/]+)*)?$/);
        // escapes of this form are decoded to what they were: what differs again would pass a check in one form
        if (!path.includes('%25')) expect(canonicalPath(path)).toBe(path);
      }),
    );
  });
});
