/** Test levels are part of the file name: unit, int (real PostgreSQL), e2e (the running server), fault. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.(unit|int|e2e|fault).spec.ts'],
  // *.long.*: minutes each, run when asked for
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.ANNAL_LONG === '1' ? [] : ['\\.long\\.'])],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2023',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^@annal/([a-z]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/setup/setup.mjs',
  globalTeardown: '<rootDir>/test/setup/teardown.mjs',
  testTimeout: 120_000,
};
