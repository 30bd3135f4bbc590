import { LONG, suitesOnEveryLog } from './test/setup/suites.mjs';

const WITH_LONG = process.env.ANNAL_LONG === '1';
const IGNORED = ['/node_modules/', ...(WITH_LONG ? [] : LONG)];

/** Test levels are part of the file name: unit, int (real PostgreSQL or Kafka), e2e (the running server), fault. */
const shared = {
  testEnvironment: 'node',
  // minutes each, run when asked for
  testPathIgnorePatterns: IGNORED,
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
    // threads run what was built
    '/thread-file\\.js$': '<rootDir>/test/setup/built-thread-file.ts',
    '^@annal/([a-z]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/setup/setup.mjs',
  globalTeardown: '<rootDir>/test/setup/teardown.mjs',
  testTimeout: 120_000,
};

/** Everything with the log in PostgreSQL, and what runs a server or reads a log once more with the log in Kafka. */
export default {
  testTimeout: shared.testTimeout,
  projects: [
    {
      ...shared,
      displayName: 'postgres',
      roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
      testMatch: ['**/*.(unit|int|e2e|fault).spec.ts'],
      testPathIgnorePatterns: [...IGNORED, '/faults/kafka-[^/]*$'],
    },
    {
      ...shared,
      displayName: 'kafka',
      roots: ['<rootDir>/apps', '<rootDir>/test'],
      testMatch: suitesOnEveryLog(WITH_LONG),
      globals: { ANNAL_TEST_LOG: 'kafka' },
      setupFilesAfterEnv: ['<rootDir>/test/setup/skip-without-kafka.ts'],
    },
  ],
};
