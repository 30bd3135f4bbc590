export * from './raw-path.js';
export * from './raw-value.js';
