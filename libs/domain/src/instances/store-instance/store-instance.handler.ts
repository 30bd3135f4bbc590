import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { BlobStore } from '../../ports/blob-store.js';
import { AppendUnknown } from '../../ports/event-log.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { ResourceLookup } from '../../ports/resource-lookup.js';
import type { StorageQuota } from '../../ports/storage-quota.js';
import { decide } from './decide.js';
import { StoreInstance, type StoreResult } from './store-instance.js';

/**
 * Stores an instance: bytes durable first, then the event, then the answer (docs/architecture.md, "Writing"). A crash
 * between any two steps leaves nothing but an orphan blob, which the sweeper takes.
 */
@CommandHandler(StoreInstance)
export class StoreInstanceHandler implements ICommandHandler<StoreInstance> {
  constructor(
    private readonly writer: EventWriter,
    private readonly blobs: BlobStore,
    private readonly lookup: ResourceLookup,
    private readonly quota: StorageQuota,
  ) {}

  async execute(command: StoreInstance): Promise<StoreResult> {
    const { instance, file } = command;
    const { ids } = instance;
    const existing = instance.overwrite ? undefined : await this.lookup.md5Of(ids.instance);
    const event = decide(command, existing);
    if (event.type === 'annal.instance.duplicate-refused.v1') {
      await file.discard();
      await this.writer.submit([event]);
      return { status: 'AlreadyStored', ids };
    }
    const release = await this.quota.reserve(file.blob.storedSize, ids.patient);
    try {
      await file.save();
      const { headerBlob } = event.sealed!;
      if (headerBlob !== undefined) await this.blobs.put(headerBlob, [instance.header]);
      const { outcomes } = await this.writer.submit([event]);
      return { status: outcomes[0]?.kind === 'already-stored' ? 'AlreadyStored' : 'Success', ids };
    } catch (error) {
      // perhaps it is in the log: then its blob must stay
      if (!(error instanceof AppendUnknown)) {
        await file.discard();
        if (event.sealed?.headerBlob !== undefined) await this.blobs.remove(event.sealed.headerBlob);
      }
      throw error;
    } finally {
      await release();
    }
  }
}
