import { type Tag } from '../dataset.js';
import { type ElementEncoding } from '../tokenizer/transfer-syntax.js';
import { encodeElement, encodeSequence } from './encode-element.js';

/** An element to be written: text and UIDs as ASCII, numbers as unsigned shorts, items of a sequence. */
export type NewElement = readonly [tag: Tag, vr: string, value: string | Buffer | readonly number[]] | NewSequence;

export type NewSequence = readonly [tag: Tag, vr: 'SQ', items: readonly (readonly NewElement[])[]];

function isSequence(element: NewElement): element is NewSequence {
  return element[1] === 'SQ';
}

/** The bytes of a new element. */
export function encodeNewElement(element: NewElement, to: ElementEncoding): Buffer {
  if (isSequence(element)) {
    const items = element[2].map((item) => Buffer.concat(item.map((each) => encodeNewElement(each, to))));
    return encodeSequence(element[0], items, to);
  }
  const [tag, vr, value] = element;
  if (typeof value === 'string') {
    const padding = value.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' ';
    return encodeElement(tag, vr, Buffer.from(value + padding, 'latin1'), true, to);
  }
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(Uint16Array.from(value).buffer);
  return encodeElement(tag, vr, bytes, true, to);
}
