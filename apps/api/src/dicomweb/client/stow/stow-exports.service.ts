import { type EventContext, type ExportResult, type Job, RecordExport } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CONFIGURATION } from '../../../tokens.js';
import type { RemoteServer } from '../servers/remote-server.js';
import type { StowOrder } from './stow-order.js';

/** Writes down what is sent to other DICOMweb servers, before it is and when it has arrived. */
@Injectable()
export class StowExports {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  /** @param id of the job that is to send it @param context of the request */
  async begun(id: string, server: RemoteServer, { ids }: StowOrder, context: EventContext): Promise<void> {
    await this.record(id, server, ids, { outcome: 'pending' }, context);
  }

  /** All of it arrived: so many bytes in all. A job that fails is written down by those who run it. */
  async arrived({ id }: Job, server: RemoteServer, { instances }: StowOrder, bytes: number): Promise<void> {
    const context = {
      source: this.configuration.Name,
      actor: { protocol: 'job' },
      correlationId: id,
      now: new Date(),
    } as const;
    await this.record(id, server, [], { outcome: 'success', instances, failed: 0, bytes }, context);
  }

  private async record(
    id: string,
    { name, endpoint }: RemoteServer,
    resources: readonly string[],
    result: ExportResult,
    context: EventContext,
  ): Promise<void> {
    const destination = { kind: 'dicomweb', name, address: endpoint.url } as const;
    await this.commands.execute(
      new RecordExport({ id, protocol: 'stow-rs', destination, resources, ...result }, context),
    );
  }
}
