import { Global, Module } from '@nestjs/common';
import {
  AddAttachmentHandler,
  type BlobStore,
  ChangeLabelHandler,
  ClearChangesHandler,
  ClearExportsHandler,
  ControlJobHandler,
  DeleteMetadataHandler,
  DeleteResourcesHandler,
  type EventWriter,
  ProtectPatientHandler,
  RecodeAttachmentHandler,
  RecordExportHandler,
  RecordExportsHandler,
  ReconstructInstancesHandler,
  RemoveAttachmentHandler,
  RemoveJobHandler,
  RemoveJobOutputHandler,
  RemoveRemoteHandler,
  type ResourceLookup,
  type Sealer,
  SetMetadataHandler,
  SetRemoteHandler,
  type StorageQuota,
  StoreInstanceHandler,
  SubmitJobHandler,
} from '@annal/domain';
import { PostgresAnnotationLookup, PostgresExportLookup, PostgresJobLookup } from '@annal/platform';
import type { StatementRunner } from '@annal/projections';
import { BLOB_STORE, EVENT_WRITER, POOL, RESOURCE_LOOKUP, STORAGE_QUOTA, VAULT } from './tokens.js';

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
    {
      provide: ClearExportsHandler,
      inject: [EVENT_WRITER],
      useFactory: (writer: EventWriter) => new ClearExportsHandler(writer),
    },
    {
      provide: RecordExportHandler,
      inject: [EVENT_WRITER, POOL, RESOURCE_LOOKUP],
      useFactory: (writer: EventWriter, pool: StatementRunner, lookup: ResourceLookup) =>
        new RecordExportHandler(writer, new PostgresExportLookup(pool), lookup),
    },
    {
      provide: RecordExportsHandler,
      inject: [EVENT_WRITER, RESOURCE_LOOKUP],
      useFactory: (writer: EventWriter, lookup: ResourceLookup) => new RecordExportsHandler(writer, lookup),
    },
    {
      provide: SetMetadataHandler,
      inject: [EVENT_WRITER, POOL, VAULT],
      useFactory: (writer: EventWriter, pool: StatementRunner, sealer: Sealer) =>
        new SetMetadataHandler(writer, new PostgresAnnotationLookup(pool), sealer),
    },
    ...[DeleteMetadataHandler, ChangeLabelHandler, ProtectPatientHandler].map((Handler) => ({
      provide: Handler,
      inject: [EVENT_WRITER, POOL],
      useFactory: (writer: EventWriter, pool: StatementRunner) =>
        new Handler(writer, new PostgresAnnotationLookup(pool)),
    })),
    ...[AddAttachmentHandler, RecodeAttachmentHandler].map((Handler) => ({
      provide: Handler,
      inject: [EVENT_WRITER, STORAGE_QUOTA],
      useFactory: (writer: EventWriter, quota: StorageQuota) => new Handler(writer, quota),
    })),
    {
      provide: ReconstructInstancesHandler,
      inject: [EVENT_WRITER, BLOB_STORE, VAULT],
      useFactory: (writer: EventWriter, blobs: BlobStore, sealer: Sealer) =>
        new ReconstructInstancesHandler(writer, blobs, sealer),
    },
    {
      provide: RemoveAttachmentHandler,
      inject: [EVENT_WRITER],
      useFactory: (writer: EventWriter) => new RemoveAttachmentHandler(writer),
    },
    {
      provide: SubmitJobHandler,
      inject: [EVENT_WRITER, POOL, VAULT],
      useFactory: (writer: EventWriter, pool: StatementRunner, sealer: Sealer) =>
        new SubmitJobHandler(writer, new PostgresJobLookup(pool), sealer),
    },
    {
      provide: SetRemoteHandler,
      inject: [EVENT_WRITER, VAULT],
      useFactory: (writer: EventWriter, sealer: Pick<Sealer, 'sealRemote'>) => new SetRemoteHandler(writer, sealer),
    },
    {
      provide: RemoveRemoteHandler,
      inject: [EVENT_WRITER],
      useFactory: (writer: EventWriter) => new RemoveRemoteHandler(writer),
    },
    ...[ControlJobHandler, RemoveJobHandler, RemoveJobOutputHandler].map((Handler) => ({
      provide: Handler,
      inject: [EVENT_WRITER, POOL],
      useFactory: (writer: EventWriter, pool: StatementRunner) => new Handler(writer, new PostgresJobLookup(pool)),
    })),
  ],
})
export class CommandsModule {}
