import { ITEM, UNDEFINED_LENGTH } from '../tokenizer/element-header.js';
import { elementHeader } from './encode-element.js';

const EXPLICIT = { explicit: true, littleEndian: true };
const IMPLICIT = { explicit: false, littleEndian: true };
const PIXEL_DATA = 0x7fe00010;
const PATIENT_NAME = 0x00100010;

describe('the header of an element', () => {
  it('has the longest length that there is room for', () => {
    expect(elementHeader(PIXEL_DATA, 'OB', 0xfffffffe, EXPLICIT).readUInt32LE(8)).toBe(0xfffffffe);
    expect(elementHeader(PIXEL_DATA, 'OB', UNDEFINED_LENGTH, EXPLICIT).readUInt32LE(8)).toBe(0xffffffff);
    expect(elementHeader(PATIENT_NAME, 'PN', 0xfffe, EXPLICIT).readUInt16LE(6)).toBe(0xfffe);
    expect(elementHeader(PATIENT_NAME, 'PN', 0x10000, IMPLICIT).readUInt32LE(4)).toBe(0x10000);
    expect(elementHeader(ITEM, '', 0xfffffffe, EXPLICIT).readUInt32LE(4)).toBe(0xfffffffe);
  });

  it.each([
    ['a long one', PIXEL_DATA, 'OW', 2 ** 32, EXPLICIT],
    ['an implicit one', PIXEL_DATA, 'OW', 2 ** 32, IMPLICIT],
    ['an item', ITEM, '', 2 ** 32 + 8, EXPLICIT],
    ['a short one', PATIENT_NAME, 'PN', 0x10000, EXPLICIT],
    ['one of no length', PIXEL_DATA, 'OW', NaN, EXPLICIT],
    ['one of less than nothing', PIXEL_DATA, 'OW', -2, EXPLICIT],
  ])('is never one of another length: %s', (_what, tag, vr, length, encoding) => {
    expect(() => elementHeader(tag, vr, length, encoding)).toThrow(RangeError);
  });
});
