export { numbersOf, orderedWidth } from './numbers.js';
export { isSingleValued, splitValues, textOf, valuesOf } from './text.js';
