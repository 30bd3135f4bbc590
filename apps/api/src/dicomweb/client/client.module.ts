import { type AnnalConfiguration, OutgoingHttp } from '@annal/platform';
import type { StatementRunner } from '@annal/projections';
import { Inject, Module } from '@nestjs/common';
import { ExportTrace } from '../../exports/export-trace.js';
import { Intake } from '../../intake/intake.js';
import { JobTypes } from '../../jobs/job-types.js';
import { InstanceFileService } from '../../rest/instances/instance-file.service.js';
import { ReadingModule } from '../../rest/resources/reading.module.js';
import { UploadsModule } from '../../rest/uploads/uploads.module.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { boundsOf } from './client-bounds.js';
import { ClientJobsController } from './client-jobs.controller.js';
import { JobHeaders } from './requests/job-headers.js';
import { RemoteRequests } from './requests/remote-requests.service.js';
import { RequestsController } from './requests/requests.controller.js';
import { RemainingInstances } from './retrieve/remaining.js';
import { RetrieveJob } from './retrieve/retrieve-job.js';
import { RemoteServers } from './servers/remote-servers.service.js';
import { ServersController } from './servers/servers.controller.js';
import { StowJob } from './stow/stow-job.js';
import { StowOrders } from './stow/stow-orders.service.js';

/** The client of other DICOMweb servers (PS3.18): searches them, sends to them, and retrieves from them. */
@Module({
  imports: [ReadingModule, UploadsModule],
  controllers: [ServersController, RequestsController, ClientJobsController],
  providers: [JobHeaders, RemoteRequests, RemoteServers, StowOrders],
  exports: [RemoteServers],
})
export class DicomWebClientModule {
  constructor(
    @Inject(JobTypes) types: JobTypes,
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
    @Inject(POOL) pool: StatementRunner,
    @Inject(OutgoingHttp) http: OutgoingHttp,
    @Inject(RemoteServers) servers: RemoteServers,
    @Inject(InstanceFileService) files: InstanceFileService,
    @Inject(Intake) intake: Intake,
    @Inject(ExportTrace) trace: ExportTrace,
    @Inject(JobHeaders) headers: JobHeaders,
  ) {
    const { stow, retrieve, remaining: bounds } = boundsOf(configuration);
    types.register(new StowJob(servers, headers, http, pool, files, trace, stow));
    const remaining = new RemainingInstances(http, pool, bounds);
    types.register(
      new RetrieveJob(
        servers,
        headers,
        http,
        intake,
        configuration.OverwriteInstances ? undefined : remaining,
        retrieve,
      ),
    );
  }
}
