import type { DicomDictionary } from '@annal/dicom';
import type { BlobStore } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Module } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Intake } from '../../intake/intake.js';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { BLOB_STORE, CONFIGURATION, DICTIONARY, RUNTIME_SETTINGS } from '../../tokens.js';
import { UploadsController } from './uploads.controller.js';

@Module({
  controllers: [UploadsController],
  providers: [
    {
      provide: Intake,
      inject: [CONFIGURATION, RUNTIME_SETTINGS, DICTIONARY, BLOB_STORE, CommandBus],
      useFactory: (
        configuration: AnnalConfiguration,
        settings: RuntimeSettings,
        dictionary: DicomDictionary,
        blobs: BlobStore,
        commands: CommandBus,
      ) => new Intake(configuration, settings, dictionary, blobs, commands),
    },
  ],
  exports: [Intake],
})
export class UploadsModule {}
