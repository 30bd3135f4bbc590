import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { Sealer } from '../../ports/sealer.js';
import { remoteSubject } from '../remote.js';
import type { RemoteSet } from './remote-set.js';
import { SetRemote } from './set-remote.js';

/** Appends how another server is reached; each time with a key of its own, so that what held before can be erased. */
@CommandHandler(SetRemote)
export class SetRemoteHandler implements ICommandHandler<SetRemote> {
  constructor(
    private readonly writer: EventWriter,
    private readonly sealer: Pick<Sealer, 'sealRemote'>,
  ) {}

  async execute({ remote, options, context }: SetRemote): Promise<void> {
    const event = envelope<RemoteSet>({ type: 'annal.remote.set.v1', data: remote }, remoteSubject(remote), context);
    const text = JSON.stringify(options);
    const sealed = await this.sealer.sealRemote({ key: uuidv7(), eventId: event.id, text });
    await this.writer.submit([{ ...event, sealed }]);
  }
}
