import { type DicomDictionary, MainDicomTags } from '@annal/dicom';
import type { BlobStore } from '@annal/domain';
import { type AnnalConfiguration, PostgresAnnotationLookup, type Vault } from '@annal/platform';
import { HeaderReader, ListPlaces, ResourceFinder, type StatementRunner } from '@annal/projections';
import { Module } from '@nestjs/common';
import { BLOB_STORE, CONFIGURATION, DICTIONARY, POOL, VAULT } from '../../tokens.js';
import { FramesService } from '../../pixels/frames.service.js';
import { PixelFiles } from '../../pixels/pixel-files.service.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { PreloadedMetadata } from '../../ohif/metadata/preloaded-metadata.js';
import { ChangesController } from '../changes/changes.controller.js';
import { ContentController } from '../content/content.controller.js';
import { ContentService } from '../content/content.service.js';
import { PdfService } from '../content/pdf.service.js';
import { StoredDataSets } from '../content/stored-data-sets.js';
import { ExportController } from '../export/export.controller.js';
import { ExportService } from '../export/export.service.js';
import { FindController } from '../find/find.controller.js';
import { DicomWebFileService } from '../instances/dicom-web-file.service.js';
import { InstanceFileService } from '../instances/instance-file.service.js';
import { InstancesController } from '../instances/instances.controller.js';
import { WholeDataSetService } from '../instances/whole-data-set.service.js';
import { AllLabelsController } from '../labels/all-labels.controller.js';
import { LABELS_CONTROLLERS } from '../labels/labels.controller.js';
import { METADATA_CONTROLLERS } from '../metadata/metadata.controller.js';
import { MetadataNames } from '../metadata/metadata-names.js';
import { MetadataService } from '../metadata/metadata.service.js';
import { PatientsController } from '../patients/patients.controller.js';
import { ProtectionController } from '../patients/protection.controller.js';
import { SeriesController } from '../series/series.controller.js';
import { StatisticsController } from '../statistics/statistics.controller.js';
import { StudiesController } from '../studies/studies.controller.js';
import { BulkContentController } from './bulk-content.controller.js';
import { BulkContentService } from './bulk-content.service.js';
import { MAIN_DICOM_TAGS } from './read-tokens.js';
import { ReadServices } from './resource.controller.js';
import { ResourceTexts } from './resource-texts.js';
import { ResourcesService } from './resources.service.js';
import { TagsService } from './tags.service.js';

/** Everything that shows resources: with their tags, files, metadata, labels, changes, statistics; and searches. */
@Module({
  controllers: [
    PatientsController,
    StudiesController,
    SeriesController,
    InstancesController,
    ContentController,
    ExportController,
    ChangesController,
    StatisticsController,
    FindController,
    AllLabelsController,
    ProtectionController,
    ...LABELS_CONTROLLERS,
    ...METADATA_CONTROLLERS,
    BulkContentController,
  ],
  providers: [
    BulkContentService,
    ContentService,
    DicomWebFileService,
    ExportService,
    FramesService,
    InstanceFileService,
    MetadataService,
    {
      provide: MetadataNames,
      inject: [CONFIGURATION],
      useFactory: ({ UserMetadata }: AnnalConfiguration) => new MetadataNames(UserMetadata),
    },
    {
      provide: PostgresAnnotationLookup,
      inject: [POOL],
      useFactory: (pool: StatementRunner) => new PostgresAnnotationLookup(pool),
    },
    PdfService,
    PixelFiles,
    PreloadedMetadata,
    ReadServices,
    ResourceTexts,
    ResourcesService,
    StoredDataSets,
    TagsService,
    TranscodeService,
    WholeDataSetService,
    {
      provide: MAIN_DICOM_TAGS,
      inject: [DICTIONARY, CONFIGURATION],
      useFactory: (dictionary: DicomDictionary, { ExtraMainDicomTags }: AnnalConfiguration) =>
        new MainDicomTags(dictionary, ExtraMainDicomTags),
    },
    {
      provide: HeaderReader,
      inject: [POOL, BLOB_STORE, CONFIGURATION, VAULT],
      useFactory: (
        pool: StatementRunner,
        blobs: BlobStore,
        { Annal }: AnnalConfiguration,
        vault: Pick<Vault, 'openHeader'>,
      ) => new HeaderReader(pool, blobs, Annal.Limits.MaxDicomHeaderSize, (...sealed) => vault.openHeader(...sealed)),
    },
    { provide: ListPlaces, inject: [POOL], useFactory: (pool: StatementRunner) => new ListPlaces(pool) },
    {
      provide: ResourceFinder,
      inject: [POOL, MAIN_DICOM_TAGS, HeaderReader, ListPlaces],
      useFactory: (...parts: ConstructorParameters<typeof ResourceFinder>) => new ResourceFinder(...parts),
    },
  ],
  exports: [
    ContentService,
    FramesService,
    HeaderReader,
    InstanceFileService,
    MAIN_DICOM_TAGS,
    PixelFiles,
    ResourceFinder,
    TranscodeService,
  ],
})
export class ReadingModule {}
