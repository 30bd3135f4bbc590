import { type AnnalConfiguration, OutgoingHttp } from '@annal/platform';
import type { StatementRunner } from '@annal/projections';
import { Inject, Module } from '@nestjs/common';
import { ExportTrace } from '../../exports/export-trace.js';
import { JobTypes } from '../../jobs/job-types.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { InstanceFileService } from '../instances/instance-file.service.js';
import { ReadingModule } from '../resources/reading.module.js';
import { PeerExports } from './peer-exports.service.js';
import { PeerSender } from './peer-sender.js';
import { PeerStoreController } from './peer-store.controller.js';
import { PeerStoreJob } from './peer-store-job.js';
import { PeerStore } from './peer-store.service.js';
import { PeersController } from './peers.controller.js';
import { Peers } from './peers.service.js';
import { StraightFiles } from './straight-files.js';

/** Other servers with this REST API, and sending to them. */
@Module({
  imports: [ReadingModule],
  controllers: [PeersController, PeerStoreController],
  providers: [PeerExports, Peers, PeerStore, StraightFiles],
})
export class PeersModule {
  constructor(
    @Inject(JobTypes) types: JobTypes,
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(POOL) pool: StatementRunner,
    @Inject(OutgoingHttp) http: OutgoingHttp,
    @Inject(InstanceFileService) files: InstanceFileService,
    @Inject(TranscodeService) transcoder: TranscodeService,
    @Inject(Peers) peers: Peers,
    @Inject(ExportTrace) trace: ExportTrace,
  ) {
    const sender = new PeerSender(http, files, transcoder);
    types.register(new PeerStoreJob(peers, sender, trace, pool, Annal.PeerStoreRequests));
  }
}
