import { type Tag } from '../dataset.js';
import { findElement, type HeaderDataSet, type HeaderValue, numericValues } from '../header/model.js';

/** The text of the first element with a tag, trimmed; undefined when there is none, or it is empty or no text. */
export function textAt(dataset: HeaderDataSet, tag: Tag): string | undefined {
  const value: HeaderValue | undefined = findElement(dataset, tag)?.[2];
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/**
 * The numbers of the first element with a tag, whether it is binary or text (PS3.5 section 6.2); what is no number is
 * NaN. Empty when there is none.
 */
export function numbersAt(dataset: HeaderDataSet, tag: Tag): readonly number[] {
  const element = findElement(dataset, tag);
  if (!element) return [];
  const numbers = numericValues(element);
  if (numbers) return numbers.map(Number);
  const text = textAt(dataset, tag);
  return text === undefined ? [] : text.split('\\').map((part) => (part.trim() === '' ? NaN : Number(part)));
}

/** The first of `numbersAt`, where it is a whole number. */
export function integerAt(dataset: HeaderDataSet, tag: Tag): number | undefined {
  const [first] = numbersAt(dataset, tag);
  return first !== undefined && Number.isInteger(first) ? first : undefined;
}
