import { type EventContext, type ExportReport, type ExportResult, RecordExport } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIGURATION } from '../../tokens.js';
import type { SentSoFar } from './peer-store-order.js';
import type { Peer } from './peer.js';

/** Writes down what is sent to peers. */
@Injectable()
export class PeerExports {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  /** Before the first byte leaves. @param resources that are stored here, where they are known by then */
  begun(id: string, peer: Peer, resources: readonly string[], context: EventContext): Promise<void> {
    const listed = resources.length > 0 && this.configuration.LogExportedResources;
    return this.record({ ...reportOf(id, peer, resources), outcome: 'pending', listed }, context);
  }

  /** What came of it. @param resources where they were not known before */
  ended(
    id: string,
    peer: Peer,
    result: ExportResult,
    context: EventContext,
    resources: readonly string[] = [],
  ): Promise<void> {
    return this.record({ ...reportOf(id, peer, resources), ...result }, context);
  }

  /** What came of a job that is done. */
  jobEnded(job: string, peer: Peer, instances: number, { failed, size }: SentSoFar): Promise<void> {
    const { Name: source } = this.configuration;
    const sent = instances - failed;
    const outcome = failed === 0 ? 'success' : sent === 0 ? 'failure' : 'partial';
    const context: EventContext = { source, actor: { protocol: 'job' }, correlationId: job, now: new Date() };
    return this.ended(job, peer, { outcome, instances: sent, failed, bytes: size }, context);
  }

  private record(report: ExportReport, context: EventContext): Promise<void> {
    return this.commands.execute(new RecordExport(report, context));
  }
}

function reportOf(
  id: string,
  { name, endpoint }: Peer,
  resources: readonly string[],
): Pick<ExportReport, 'id' | 'protocol' | 'destination' | 'resources'> {
  return { id, protocol: 'orthanc', destination: { kind: 'peer', name, address: endpoint.url }, resources };
}
