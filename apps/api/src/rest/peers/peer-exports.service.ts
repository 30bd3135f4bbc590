import {
  type EventContext,
  type ExportReport,
  type ExportResult,
  RecordExport,
  type ResourceLine,
} from '@annal/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Peer } from './peer.js';

/** Writes down what is handed on to peers while it comes in. */
@Injectable()
export class PeerExports {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  /** Before the first byte leaves. */
  begun(id: string, peer: Peer, context: EventContext): Promise<void> {
    return this.record({ ...exportTo(peer), id, resources: [], outcome: 'pending' }, context);
  }

  /** What came of it. @param line of the instance that it was, where that is known */
  ended(id: string, peer: Peer, result: ExportResult, context: EventContext, line?: ResourceLine): Promise<void> {
    const sent = line ? { resources: [line.id], lines: [line] } : { resources: [] };
    return this.record({ ...exportTo(peer), id, ...sent, ...result }, context);
  }

  private record(report: ExportReport, context: EventContext): Promise<void> {
    return this.commands.execute(new RecordExport(report, context));
  }
}

/** What all reports of something that is sent to a peer say. */
export function exportTo({ name, endpoint }: Peer): Pick<ExportReport, 'protocol' | 'destination'> {
  return { protocol: 'orthanc', destination: { kind: 'peer', name, address: endpoint.url } };
}
