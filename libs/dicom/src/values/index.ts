export { numbersOf, orderedWidth } from './numbers.js';
export { splitValues, textOf, valuesOf } from './text.js';
