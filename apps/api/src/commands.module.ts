import { Global, Module } from '@nestjs/common';
import {
  type BlobStore,
  ClearChangesHandler,
  DeleteResourcesHandler,
  type EventWriter,
  type ResourceLookup,
  type Sealer,
  type StorageQuota,
  StoreInstanceHandler,
} from '@annal/domain';
import { BLOB_STORE, EVENT_WRITER, RESOURCE_LOOKUP, STORAGE_QUOTA, VAULT } from './tokens.js';

/** The domain's command handlers, given their ports. */
@Global()
@Module({
  providers: [
    {
      provide: StoreInstanceHandler,
      inject: [EVENT_WRITER, BLOB_STORE, RESOURCE_LOOKUP, STORAGE_QUOTA, VAULT],
      useFactory: (
        writer: EventWriter,
        blobs: BlobStore,
        lookup: ResourceLookup,
        quota: StorageQuota,
        sealer: Sealer,
      ) => new StoreInstanceHandler(writer, blobs, lookup, quota, sealer),
    },
    {
      provide: DeleteResourcesHandler,
      inject: [EVENT_WRITER, RESOURCE_LOOKUP],
      useFactory: (writer: EventWriter, lookup: ResourceLookup) => new DeleteResourcesHandler(writer, lookup),
    },
    {
      provide: ClearChangesHandler,
      inject: [EVENT_WRITER],
      useFactory: (writer: EventWriter) => new ClearChangesHandler(writer),
    },
  ],
})
export class CommandsModule {}
