import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import { remoteSubject } from '../remote.js';
import type { RemoteRemoved } from './remote-removed.js';
import { RemoveRemote } from './remove-remote.js';

/** Appends that another server is not known any more. */
@CommandHandler(RemoveRemote)
export class RemoveRemoteHandler implements ICommandHandler<RemoveRemote> {
  constructor(private readonly writer: EventWriter) {}

  async execute({ remote, context }: RemoveRemote): Promise<void> {
    const event = { type: 'annal.remote.removed.v1', data: remote } as const satisfies RemoteRemoved;
    await this.writer.submit([envelope<RemoteRemoved>(event, remoteSubject(remote), context)]);
  }
}
