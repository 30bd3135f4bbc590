import { type DynamicModule, Module } from '@nestjs/common';
import {
  BLOB_STORE,
  CONFIGURATION,
  DICTIONARY,
  EVENT_LOG,
  EVENT_WRITER,
  JOB_LEASES,
  JOBS_FORGOTTEN_BEFORE,
  RESOURCE_LOOKUP,
  LOGGER,
  METRICS_SOURCE,
  POOL,
  RUN,
  RUNTIME_SETTINGS,
  SERVER_CONTROL,
  STORAGE_QUOTA,
  VAULT,
} from '../tokens.js';
import type { AppContext } from './app-context.js';
import { OpenApiSource } from './open-api/open-api-source.js';

/** Makes what the process wired up injectable everywhere. */
@Module({})
export class ContextModule {
  static with(context: AppContext): DynamicModule {
    const providers = [
      { provide: CONFIGURATION, useValue: context.configuration },
      { provide: POOL, useValue: context.pool },
      { provide: EVENT_WRITER, useValue: context.eventWriter },
      { provide: EVENT_LOG, useValue: context.eventLog },
      { provide: BLOB_STORE, useValue: context.blobStore },
      { provide: VAULT, useValue: context.vault },
      { provide: RUN, useValue: context.run },
      { provide: JOB_LEASES, useValue: context.jobLeases },
      { provide: JOBS_FORGOTTEN_BEFORE, useValue: context.jobsForgottenBefore },
      { provide: RESOURCE_LOOKUP, useValue: context.resourceLookup },
      { provide: STORAGE_QUOTA, useValue: context.storageQuota },
      { provide: RUNTIME_SETTINGS, useValue: context.runtimeSettings },
      { provide: SERVER_CONTROL, useValue: context.serverControl },
      { provide: METRICS_SOURCE, useValue: context.metricsSource },
      { provide: LOGGER, useValue: context.logger },
      { provide: DICTIONARY, useValue: context.dictionary },
      { provide: OpenApiSource, useValue: new OpenApiSource() },
    ];
    return { module: ContextModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
