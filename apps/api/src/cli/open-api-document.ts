import { DicomDictionary } from '@annal/dicom';
import { createLogger, loadConfiguration, FilesystemBlobStore } from '@annal/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createHttpApp } from '../http/app.js';
import { OpenApiSource } from '../http/open-api/open-api-source.js';
import { runtimeDefaults } from '../server/runtime-defaults.js';

/** The OpenAPI document of everything served, without a server: nothing behind the routes is reached. */
export async function openApiDocument(): Promise<OpenAPIObject> {
  const { configuration } = loadConfiguration({ paths: [], environment: {}, workingDirectory: process.cwd() });
  if (!configuration) throw new Error('The default configuration cannot be used here');
  const values = runtimeDefaults(configuration);
  const app = await createHttpApp({
    configuration,
    pool: { query: notHere },
    eventWriter: { submit: notHere },
    eventLog: {
      logId: '',
      append: notHere,
      read: notHere,
      end: notHere,
      subscribe: () => ({ ended: Promise.resolve(), stop: async () => undefined }),
    },
    blobStore: new FilesystemBlobStore(configuration.StorageDirectory, false),
    vault: {
      seal: notHere,
      sealValue: notHere,
      sealJob: notHere,
      sealRemote: notHere,
      openText: notHere,
      openHeader: notHere,
    },
    run: '',
    resourceLookup: { md5Of: notHere, levelsOf: notHere, linesOf: notHere },
    storageQuota: { reserve: notHere },
    runtimeSettings: { get: (name) => values[name], set: notHere },
    serverControl: { shutdown: () => undefined, reset: () => undefined },
    metricsSource: { text: notHere },
    logger: createLogger({ level: 'silent' }, 'openapi'),
    dictionary: new DicomDictionary(),
  });
  try {
    return app.get(OpenApiSource).document;
  } finally {
    await app.close();
  }
}

function notHere(): Promise<never> {
  return Promise.reject(new Error('There is no server'));
}
