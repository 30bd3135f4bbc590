import fc from 'fast-check';
import { renderJson } from './render-json.js';
import { renderXml, wantsXml } from './render-xml.js';

describe('renderJson', () => {
  it('puts keys in alphabetical order at every level', () => {
    expect(renderJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(
      '{\n   "a": null,\n   "b": [\n      {\n         "c": 2,\n         "d": 1\n      }\n   ]\n}',
    );
  });

  it('keeps every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(renderJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('writes long lists with an entry a line', () => {
    const lines = renderJson(Array.from({ length: 100 }, (_, b) => ({ b, a: 1 }))).split('\n');
    expect(lines).toHaveLength(102);
    expect(lines[1]).toBe('{"a":1,"b":0},');
  });

  it('leaves __proto__ a key as any other', () => {
    expect(renderJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toContain('"__proto__"');
  });
});

describe('renderXml', () => {
  it('makes elements of keys and items of list entries', () => {
    expect(renderXml({ Name: 'a<b>&"c"', List: ['x', { y: null }], Empty: [] })).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<root>\n  <Name>a&lt;b&gt;&amp;&quot;c&quot;</Name>\n  <List>\n' +
        '    <item>x</item>\n    <item>\n      <y>null</y>\n    </item>\n  </List>\n  <Empty />\n</root>\n',
    );
  });

  it('holds nothing that could end an element or that XML forbids', () => {
    expect(renderXml({ 'a><b': '\u0000\u0001x' })).toContain('<a__b>x</a__b>');
  });

  it.each([
    ['application/xml', true],
    ['text/html;application/xml', true],
    ['application/json, application/xml', false],
    [undefined, false],
  ])('for Accept: %s is %s', (accept, expected) => {
    expect(wantsXml(accept)).toBe(expected);
  });
});
