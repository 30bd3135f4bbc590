import { decimalIn } from './decimal.js';

describe('a decimal string in a query', () => {
  it.each([
    ['1', 1],
    [' 1.5', 1.5],
    ['-.5e 2', -50],
    ['3.', 3],
    ['1e999', Infinity],
    ['', NaN],
    ['.', NaN],
    ['0x10', NaN],
    ['NaN', NaN],
    ['1 ', NaN],
    ['1'.repeat(65), NaN],
  ])('%j is %d', (text, number) => {
    expect(decimalIn(text)).toBe(number);
  });
});
