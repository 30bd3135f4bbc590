import fc from 'fast-check';
import { OrthancError } from '../errors/http-errors.js';
import { parseJson } from './parse-json.js';

describe('parseJson', () => {
  it('takes all JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(parseJson(text, 1000)).toEqual(JSON.parse(text))));
  });

  it('takes comments and trailing commas, outside strings', () => {
    expect(parseJson('/* c */ {"a": ["//x", 1,], // end\n}', 10)).toEqual({ a: ['//x', 1] });
  });

  it.each([
    ['[1, /* ] */ ]', [1]],
    ['[1 /**/ , // ,\n /***/ ]', [1]],
    ['{"a": ",]", "b": [",}", ",/*",],}', { a: ',]', b: [',}', ',/*'] }],
    ['{"a\\\\": 1 // "\n, "b/*": {,},}', { 'a\\': 1, 'b/*': {} }],
    ['[1] // the end', [1]],
  ])('reads %j', (text, value) => {
    expect(parseJson(text, 10)).toEqual(value);
  });

  it('takes as long as the text is, whatever stands there', () => {
    // each would take minutes where a search began anew at each of its places
    const size = 4_000_000;
    for (const piece of ['\\"', '/*', '/* ', '//', ',', ', ', '"', '"/*']) {
      expect(parseJson(`["${piece.repeat(size / piece.length)}`, 10)).toBeUndefined();
      expect(parseJson(`[1,${piece.repeat(size / piece.length)}`, 10)).toBeUndefined();
    }
    const long = 'a'.repeat(size);
    expect(parseJson(`["${long}",]`, 10)).toEqual([long]);
  });

  it.each(['', '{', '{"a":', '[1] /* no end', '[1,,]', '[1 / 2]', '["a', '\0\u0001', 'nope', '[1 2]'])(
    'takes %j for no JSON',
    (text) => {
      expect(parseJson(text, 10)).toBeUndefined();
    },
  );

  it('refuses what is nested too deeply, and counts no brackets in strings', () => {
    expect(() => parseJson('['.repeat(100_000), 256)).toThrow(OrthancError);
    expect(parseJson(`["${'['.repeat(1000)}\\"["]`, 1)).toHaveLength(1);
  });

  it('cannot reach prototypes', () => {
    const value = parseJson('{"__proto__": {"polluted": true}}', 10) as object;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
