import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { AppContext } from './http/app-context.js';
import { ContextModule } from './http/context.module.js';
import { CommandsModule } from './commands.module.js';
import { DicomWebModule } from './dicomweb/dicomweb.module.js';
import { GoogleModule } from './google/google.module.js';
import { OhifModule } from './ohif/ohif.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { JobsApiModule } from './rest/jobs/jobs-api.module.js';
import { OutgoingModule } from './outgoing/outgoing.module.js';
import { RemotesModule } from './remotes/remotes.module.js';
import { ArchivesModule } from './rest/archives/archives.module.js';
import { AttachmentsModule } from './rest/attachments/attachments.module.js';
import { DeletionsModule } from './rest/deletions/deletions.module.js';
import { ReadingModule } from './rest/resources/reading.module.js';
import { ReconstructModule } from './rest/reconstruct/reconstruct.module.js';
import { PeersModule } from './rest/peers/peers.module.js';
import { SystemModule } from './rest/system/system.module.js';
import { UploadsModule } from './rest/uploads/uploads.module.js';
import { EventsModule } from './rest/events/events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { ExportsApiModule } from './rest/exports/exports-api.module.js';
import { HealthModule } from './rest/health/health.module.js';
import { ImagesModule } from './rest/images/images.module.js';
import { PluginsModule } from './rest/plugins/plugins.module.js';
import { SwaggerUiModule } from './rest/swagger/swagger.module.js';
import { ToolsModule } from './rest/tools/tools.module.js';

/** All resources of the REST API. */
@Module({})
export class AppModule {
  static with(context: AppContext): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ContextModule.with(context),
        CqrsModule.forRoot(),
        CommandsModule,
        JobsModule,
        OutgoingModule,
        RemotesModule,
        ArchivesModule,
        UploadsModule,
        AttachmentsModule,
        ReconstructModule,
        DeletionsModule,
        DicomWebModule.with(context.configuration),
        EventsModule,
        ExportsModule,
        ExportsApiModule,
        GoogleModule,
        HealthModule,
        ImagesModule,
        JobsApiModule,
        OhifModule,
        PeersModule,
        PluginsModule,
        ReadingModule,
        SwaggerUiModule,
        SystemModule,
        ToolsModule,
      ],
    };
  }
}
